"""New weights that the labs publish on Hugging Face: what a lab without a feed of its own announces first.

What: an announcement per repository of a language model, newest first, with its licence. Quantised copies
of another model are left out.
Whose: each lab, on Hugging Face. Licence: none stated; names and dates are facts quoted with a link.
Credit: "Hugging Face".
Changes: daily. Shape: from Hugging Face's documentation of GET /api/models (author, sort, direction,
limit); no answer of it was recorded.
"""

from datetime import datetime
from typing import Any

from tracker.domain import Announcement, Kind
from tracker.source import Parsed, Payload, Source

# organisation there -> (vendor, how people write it)
LABS = {
    "deepseek-ai": ("deepseek", "DeepSeek"),
    "Qwen": ("alibaba", "Qwen"),
    "moonshotai": ("moonshot", "Moonshot AI"),
    "zai-org": ("zai", "Z.ai"),
    "MiniMaxAI": ("minimax", "MiniMax"),
    "mistralai": ("mistral", "Mistral AI"),
    "meta-llama": ("meta", "Meta"),
    "google": ("google", "Google"),
    "openai": ("openai", "OpenAI"),
    "nvidia": ("nvidia", "NVIDIA"),
    "microsoft": ("microsoft", "Microsoft"),
    "allenai": ("allenai", "Ai2"),
    "CohereLabs": ("cohere", "Cohere"),
    "xai-org": ("xai", "xAI"),
}
TASKS = frozenset({"text-generation", "image-text-to-text", "any-to-any"})
QUANTISED, LICENCE = "base_model:quantized:", "license:"


def parse(payload: Payload) -> Parsed:
    """Yield the language models of one lab's page."""
    for model in payload.json():
        tags = [tag for tag in model["tags"] if isinstance(tag, str)]
        if model.get("pipeline_tag") in TASKS and not any(tag.startswith(QUANTISED) for tag in tags):
            yield _announcement(model, tags)


def _announcement(model: dict[str, Any], tags: list[str]) -> Announcement:
    repository = model["id"]
    lab, _, name = repository.partition("/")
    vendor, named = LABS[lab]
    licence = next((tag.removeprefix(LICENCE) for tag in tags if tag.startswith(LICENCE)), "")
    return Announcement(
        key=repository,
        url=f"https://huggingface.co/{repository}",
        title=f"{named} publishes the weights of {name}" + (f" (licence {licence})" if licence else ""),
        vendor=vendor,
        published=datetime.fromisoformat(model["createdAt"]),
        topics=("release",),
        models=(name,),
    )


source = Source(
    kind=Kind.NEWS,
    parse=parse,
    title="New weights on Hugging Face",
    urls=tuple(
        f"https://huggingface.co/api/models?author={lab}&sort=createdAt&direction=-1&limit=30" for lab in LABS
    ),
    licence="none stated",
    credit="Hugging Face",
    listing=False,
    documented=("[].id", "[].createdAt", "[].tags", "[].pipeline_tag"),
)
