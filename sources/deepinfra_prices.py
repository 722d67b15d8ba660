"""DeepInfra's list of models, with what each costs.

What: USD per million tokens of input, output and what is read from the cache; the context. Any other
measure that its `pricing` has (images, seconds) is told, not read.
Whose: Deep Infra, Inc. Licence: none stated; prices are facts quoted with a link. Credit:
"deepinfra.com".
Changes: weekly. Shape: the OpenAI-compatible models API with metadata, which asks for no key, as several
public clients of 2026 read and test it; no whole answer was seen.
"""

from decimal import Decimal

from tracker.domain import Kind, ModelFact, Observation, Unread
from tracker.source import Parsed, Payload, Source

PARTS = {"input_tokens": "input", "output_tokens": "output", "cache_read_tokens": "cache_read"}


def parse(payload: Payload) -> Parsed:
    """Yield the context and the prices of every model that has metadata."""
    for model in payload.json()["data"]:
        subject, about = model["id"], model.get("metadata") or {}
        if about.get("context_length"):
            yield ModelFact(subject, "context", str(about["context_length"]), "deepinfra")
        for key, price in (about.get("pricing") or {}).items():
            if price is not None and key in PARTS:
                yield Observation(subject, f"price.{PARTS[key]}", Decimal(price), "deepinfra")
            elif price:
                yield Unread(f"{subject}: {key} {price}")


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="DeepInfra models and prices",
    urls=("https://api.deepinfra.com/v1/openai/models?filter=with_meta",),
    documented=(
        "data[].id",
        "data[].metadata.context_length",
        *(f"data[].metadata.pricing.{key}" for key in PARTS),
    ),
    licence="none stated",
    credit="deepinfra.com",
    vendor="deepinfra",
)
