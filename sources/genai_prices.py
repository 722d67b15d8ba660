"""genai-prices: token prices kept by Pydantic, also as a Python package that works without a network.

What: USD per million tokens; longer prompts, hours of the day, batch and priority calls as conditions. Its
start dates are often the day an editor refreshed a price: they choose the price in force and date nothing.
Whose: Pydantic and contributors. Licence: MIT; figures may be published; credit "genai-prices (MIT)".
Changes: weekly. Shape: the project's data.schema.json and payloads of 2025 and 2026. The package states no
date: its data is taken as observed on the newest start date in it that has come.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from tracker.domain import Kind, ModelFact, Observation
from tracker.source import Parsed, Payload, Source

PARTS = ("input", "output", "cache_read", "cache_write")


def parse(payload: Payload) -> Parsed:
    """Yield the name, the status and the prices in force of every model."""
    today = payload.observed.astimezone(UTC).date().isoformat()
    for provider, model in ((place["id"], model) for place in payload.json() for model in place["models"]):
        if model.get("name"):
            yield ModelFact(model["id"], "name", model["name"], provider)
        if model.get("deprecated"):
            yield ModelFact(model["id"], "status", "deprecated", provider)
        for condition, prices in _in_force(model, today):
            for part in PARTS:
                for band, price in _bands(prices.get(f"{part}_mtok")):
                    full = ", ".join(filter(None, (condition, band)))
                    yield Observation(model["id"], f"price.{part}", price, provider, full)


def _in_force(model: dict[str, Any], today: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The prices of each condition. Of the list the last entry in force wins, of the variants the first."""
    listed = model["prices"] if isinstance(model["prices"], list) else [{"prices": model["prices"]}]
    started = [entry for entry in listed if _limits(entry).get("start_date", "") <= today] or listed[:1]
    last = max((place for place, entry in enumerate(started) if not _hours(entry)), default=0)
    base = started[last]["prices"]
    yield "free" if base.get("input_mtok") == 0 and base.get("output_mtok") == 0 else "", base
    yield from ((_hours(entry), entry["prices"]) for entry in started[last + 1 :])
    variants = dict[str, dict[str, Any]]()
    for entry in model.get("price_variants") or []:
        if _limits(entry).get("start_date", "") <= today:
            kind = " ".join(entry["when"].values())
            variants[kind] = entry["prices"] | variants.get(kind, {})
    yield from variants.items()


def _limits(entry: dict[str, Any]) -> dict[str, Any]:
    return entry.get("constraint") or {}


def _hours(entry: dict[str, Any]) -> str:
    limits = _limits(entry)
    return f"{limits['start_time'][:5]}-{limits['end_time'][:5]} UTC" if "start_time" in limits else ""


def _bands(price: Any) -> Iterator[tuple[str, Decimal]]:
    tiered = price if isinstance(price, dict) else {"base": price, "tiers": []}
    longer = [(f"over {round(tier['start'] / 1000)}k", tier["price"]) for tier in tiered["tiers"]]
    for band, value in [("", tiered["base"]), *longer]:
        if isinstance(value, int | Decimal):
            yield band, Decimal(value)


def bundled() -> Payload:
    """The installed package's data, in the shape of data.json."""
    from genai_prices.data import providers  # 0.2 s

    now = datetime.now(UTC)
    body = json.dumps([{"id": place.id, "models": place.models} for place in providers], default=_plain)
    starts = (datetime.fromisoformat(f"{day}T00:00Z") for day in re.findall(r'"start_date": "(.{10})"', body))
    observed = max((start for start in starts if start <= now), default=now)
    return Payload(f"package:genai-prices=={version('genai-prices')}", body.encode(), observed)


def _plain(value: Any) -> Any:
    """What JSON can hold of the package's objects; a float keeps all of a price's few digits."""
    if isinstance(value, Decimal):
        return float(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return {key: part for key, part in vars(value).items() if part is not None and key != "match"}


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="genai-prices",
    urls=("https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/data.json",),
    licence="MIT",
    credit="genai-prices (MIT)",
    cadence=timedelta(hours=24),
    bundled=bundled,
)
