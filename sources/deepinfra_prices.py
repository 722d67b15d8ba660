"""DeepInfra's list of models, with what each costs.

What: USD per million tokens of input, output and what is read from the cache; the context. Any other measure
that its `pricing` has (images, seconds) is told, not read. Whose: Deep Infra, Inc. Licence: none stated; a
vendor's own facts, quoted with a link. Credit: "deepinfra.com". Changes: weekly. Shape: documented, by
several public clients of 2026 that read and test it; the API asks for no key.
"""

from decimal import Decimal

from tracker.domain import ModelFact, Observation, Unread
from tracker.own_page import price_page
from tracker.source import Parsed, Payload

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


PRICES = (f"data[].metadata.pricing.{key}" for key in PARTS)
source = price_page(
    parse,
    "https://api.deepinfra.com/v1/openai/models?filter=with_meta",
    "DeepInfra models and prices",
    vendor="deepinfra",
    credit="deepinfra.com",
    documented=("data[].id", "data[].metadata.context_length", *PRICES),
    history=(),
)
