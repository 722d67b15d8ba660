"""OpenRouter's list of models: what its cheapest route to each model costs.

What: one offer per model; USD per token as text, here per million tokens, exact. `-1` means that the price
varies (a router), and is no price. `:free` variants are rationed trials. An offer may state its last day.
Whose: OpenRouter, Inc. Licence: none stated; its figures are told with credit. Credit: "openrouter.ai".
Changes: many times a day. Shape: recorded, in spring 2026; the models API is documented.
"""

from collections.abc import Iterator
from typing import Any

from tracker.conditions import free, iso_day
from tracker.domain import Kind, ModelFact, Observation
from tracker.pricelist import per_million
from tracker.source import Parsed, Payload, Source


def parse(payload: Payload) -> Parsed:
    """Yield the facts and prices of every model listed."""
    for model in payload.json()["data"]:
        subject, prices = model["id"], per_million(model["pricing"])
        for field, value in _facts(model):
            yield ModelFact(subject, field, value, "openrouter")
        until = iso_day(model.get("expiration_date"))
        trial = "free" if subject.endswith(":free") else free(prices.get("input"), prices.get("output"))
        for part, price in prices.items():
            yield Observation(subject, f"price.{part}", price, "openrouter", trial, effective_to=until)


def _facts(model: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "name", model["name"]
    if model.get("context_length"):
        yield "context", str(model["context_length"])
    if model.get("hugging_face_id"):
        yield "weights_url", f"https://huggingface.co/{model['hugging_face_id']}"


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="OpenRouter",
    urls=("https://openrouter.ai/api/v1/models",),
    licence="none stated",
    credit="openrouter.ai",
)
