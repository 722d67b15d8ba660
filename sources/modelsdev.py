"""models.dev: what each model costs at each provider, and whether its weights are open.

What: one offer per provider and model, USD per million tokens, exact; release day, open weights, status.
Whose: the maintainers of SST and contributors, edited by hand and by scripts in a public repository. Licence:
MIT; figures may be published; credit "models.dev (MIT)". Changes: several times a day. Shape: recorded, in
2025 and 2026; the project's README explains it.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tracker.conditions import condition, free, over
from tracker.domain import Kind, ModelFact, Observation
from tracker.repositories import Layers
from tracker.source import History, Parsed, Payload, Source

PARTS = ("input", "output", "cache_read", "cache_write")
REGION = re.compile(r"([a-z]{2}|apac)\.[a-z0-9]+\.")  # Bedrock's profiles: eu.anthropic.claude-opus-4-6-v1


def parse(payload: Payload) -> Parsed:
    """Yield the facts and prices of every provider's every model."""
    for provider, place in payload.json().items():
        for subject, offer in place["models"].items():
            yield from _offer(provider, subject, offer)


def _offer(provider: str, subject: str, offer: dict[str, Any]) -> Parsed:
    for field, value in _facts(offer):
        yield ModelFact(subject, field, value, provider)
    region = f"region {found[1]}" if (found := REGION.match(subject)) else ""
    for band, part, price in _prices(offer.get("cost") or {}):
        yield Observation(subject, f"price.{part}", price, provider, condition(region, band))


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
    """Band, part and price: the base, then what each longer prompt costs."""
    bands = [(free(cost.get("input"), cost.get("output")), cost)]
    if "tiers" in cost:
        bands += [(over(tier["tier"]["size"]), tier) for tier in cost["tiers"]]
    elif "context_over_200k" in cost:  # the only band there was until spring 2026
        bands.append((over(200_000), cost["context_over_200k"]))
    for band, prices in bands:
        for part in PARTS:
            if isinstance(price := prices.get(part), int | Decimal):
                yield band, part, Decimal(price)


def _read(path: str, offer: dict[str, Any]) -> Parsed:
    """What a file of the repository says: providers/PROVIDER/models/SUBJECT.toml."""
    _, provider, _, subject = path.removesuffix(".toml").split("/", 3)
    return _offer(provider, subject, offer)


def _base(offer: dict[str, Any]) -> tuple[str, list[str]]:
    """The file of the offer that another one extends, and which keys of it are omitted."""
    extends = offer.get("extends", {})
    provider, _, subject = extends.get("from", "").partition("/")
    return f"providers/{provider}/models/{subject}.toml" if subject else "", extends.get("omit", [])


FILES = ":(glob)providers/*/models/**/*.toml"
REPOSITORY = "https://github.com/anomalyco/models.dev"

source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="models.dev",
    urls=("https://models.dev/api.json",),
    licence="MIT",
    credit="models.dev (MIT)",
    history=(History("git", (REPOSITORY,), paths=(FILES,), tree=lambda: Layers(_base, _read)),),
)
