"""Cerebras' public list of models, with what each costs.

What: USD per token as text, here per million tokens; name, context, quantisation and where the weights
are.
Whose: Cerebras Systems. Licence: none stated; prices are facts quoted with a link. Credit:
"api.cerebras.ai".
Changes: every few weeks. Shape: the public models API, which asks for no key; a whole answer of August
2026 kept by a public price log.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tracker.domain import Kind, ModelFact, Observation
from tracker.source import Parsed, Payload, Source

PARTS = {"prompt": "input", "completion": "output"}


def parse(payload: Payload) -> Parsed:
    """Yield the facts and both prices of every model."""
    for model in payload.json()["data"]:
        for field, value in _facts(model):
            yield ModelFact(model["id"], field, value, "cerebras")
        for key, part in PARTS.items():
            price = Decimal(model["pricing"][key]).scaleb(6) + 0  # so that zero is 0, not 0E+6
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


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="Cerebras models and prices",
    urls=("https://api.cerebras.ai/public/v1/models",),
    documented=("data[].id", "data[].name", "data[].pricing.prompt", "data[].pricing.completion"),
    licence="none stated",
    credit="api.cerebras.ai",
    vendor="cerebras",
)
