"""Cerebras' public list of models, with what each costs.

What: USD per token as text, here per million tokens; name, context, quantisation and where the weights are.
Whose: Cerebras Systems. Licence: none stated; a vendor's own facts, quoted with a link. Credit:
"api.cerebras.ai". Changes: every few weeks. Shape: documented, by a whole answer of August 2026 that a public
price log kept; the API asks for no key.
"""

from collections.abc import Iterator
from typing import Any

from tracker.domain import ModelFact, Observation
from tracker.own_page import price_page
from tracker.pricelist import per_million
from tracker.source import Parsed, Payload


def parse(payload: Payload) -> Parsed:
    """Yield the facts and both prices of every model."""
    for model in payload.json()["data"]:
        for field, value in _facts(model):
            yield ModelFact(model["id"], field, value, "cerebras")
        asked = {key: model["pricing"][key] for key in ("prompt", "completion")}
        for part, price in per_million(asked).items():
            yield Observation(model["id"], f"price.{part}", price, "cerebras")


def _facts(model: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "name", model["name"]
    if context := (model.get("limits") or {}).get("max_context_length"):
        yield "context", str(context)
    if model.get("hugging_face_id"):
        yield "weights_url", f"https://huggingface.co/{model['hugging_face_id']}"
    if model.get("quantization"):
        yield "quantisation", model["quantization"]
    if model.get("deprecated"):
        yield "status", "deprecated"


source = price_page(
    parse,
    "https://api.cerebras.ai/public/v1/models",
    "Cerebras models and prices",
    vendor="cerebras",
    documented=("data[].id", "data[].name", "data[].pricing.prompt", "data[].pricing.completion"),
    history=(),
)
