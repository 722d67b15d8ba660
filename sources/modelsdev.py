"""models.dev: what each model costs at each provider, and whether its weights are open.

What: one offer per provider and model, USD per million tokens, exact; release day, open weights, status.
Whose: the maintainers of SST and contributors, edited by hand and by scripts in a public repository.
Licence: MIT. Figures may be published; credit "models.dev (MIT)".
Changes: several times a day. Shape: the project's README (schema reference) and payloads of 2025 and 2026.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tracker.domain import Kind, ModelFact, Observation
from tracker.source import Parsed, Payload, Source

PARTS = ("input", "output", "cache_read", "cache_write")


def parse(payload: Payload) -> Parsed:
    """Yield the facts and prices of every provider's every model."""
    for provider, place in payload.json().items():
        for subject, offer in place["models"].items():
            for field, value in _facts(offer):
                yield ModelFact(subject, field, value, provider)
            for condition, part, price in _prices(offer.get("cost") or {}):
                yield Observation(subject, f"price.{part}", price, provider, condition)


def _facts(offer: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "name", offer["name"]
    released = offer.get("release_date") or ""
    if released and not released.startswith("1970"):  # stands for "not known"
        yield "released", released
    if "open_weights" in offer:  # not stated before July 2025
        yield "weights", "open" if offer["open_weights"] is True else "closed"
    if offer.get("status") == "deprecated":
        yield "status", "deprecated"


def _prices(cost: dict[str, Any]) -> Iterator[tuple[str, str, Decimal]]:
    """Condition, part and price: the base, then what each longer prompt costs."""
    free = cost.get("input") == 0 and cost.get("output") == 0
    bands = [("free" if free else "", cost)]
    if "tiers" in cost:
        bands += [(f"over {round(tier['tier']['size'] / 1000)}k", tier) for tier in cost["tiers"]]
    elif "context_over_200k" in cost:  # the only band there was until spring 2026
        bands.append(("over 200k", cost["context_over_200k"]))
    for condition, prices in bands:
        for part in PARTS:
            if isinstance(price := prices.get(part), int | Decimal):
                yield condition, part, Decimal(price)


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="models.dev",
    urls=("https://models.dev/api.json",),
    licence="MIT",
    credit="models.dev (MIT)",
)
