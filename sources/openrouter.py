"""OpenRouter's list of models: what its cheapest route to each model costs.

What: one offer per model; USD per token as text, here per million tokens, exact. `-1` means that the price
varies (a router), and is no price. `:free` variants are rationed trials. An offer may state its last day.
Whose: OpenRouter, Inc. Licence: none stated, so the figures are for one's own use and are not published.
Credit: "openrouter.ai". Changes: many times a day.
Shape: the documented models API (`GET /api/v1/models`) and recorded payloads of spring 2026.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tracker.domain import Kind, ModelFact, Observation
from tracker.source import Parsed, Payload, Source
from tracker.tables import price_of

PARTS = {
    "prompt": "input",
    "completion": "output",
    "input_cache_read": "cache_read",
    "input_cache_write": "cache_write",
}


def parse(payload: Payload) -> Parsed:
    """Yield the facts and prices of every model listed."""
    for model in payload.json()["data"]:
        subject = model["id"]
        for field, value in _facts(model):
            yield ModelFact(subject, field, value, "openrouter")
        last = model.get("expiration_date")
        until = date.fromisoformat(last) if last else None
        free = "free" if subject.endswith(":free") or _is_free(model["pricing"]) else ""
        for key, part in PARTS.items():
            price = price_of(model["pricing"].get(key), 10**6)
            if price is not None:
                yield Observation(subject, f"price.{part}", price, "openrouter", free, effective_to=until)


def _facts(model: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "name", model["name"]
    if model.get("context_length"):
        yield "context", str(model["context_length"])
    if model.get("hugging_face_id"):
        yield "weights_url", f"https://huggingface.co/{model['hugging_face_id']}"


def _is_free(pricing: dict[str, Any]) -> bool:
    return all(price_of(pricing.get(key), 10**6) == 0 for key in ("prompt", "completion"))


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="OpenRouter",
    urls=("https://openrouter.ai/api/v1/models",),
    licence="none stated",
    credit="openrouter.ai",
    publishable=False,
)
