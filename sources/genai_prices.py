"""genai-prices: token prices kept by Pydantic, also as a Python package that works without a network.

What: USD per million tokens per provider and model; longer prompts, times of day and batch or priority
calls under a condition. Of several dated prices the last one in force on the payload's day counts.
Whose: Pydantic Services Inc. and contributors. Licence: MIT; figures may be published; credit
"genai-prices by Pydantic (MIT)". Changes: weekly. Its start dates are often the day an editor refreshed a
price, so they choose the price in force and date nothing.
Shape: the project's data.schema.json and payloads of 2025 and 2026. The package's own data states no date:
it is taken as observed on the newest start date in it that has come.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from tracker.domain import Kind, ModelFact, Observation
from tracker.source import Parsed, Payload, Source

PARTS = ("input", "output", "cache_read", "cache_write")
Price = tuple[str, dict[str, Any]]


def parse(payload: Payload) -> Parsed:
    """Yield the name and the prices in force of every model."""
    today = payload.observed.astimezone(UTC).date().isoformat()
    for provider in payload.json():
        for model in provider["models"]:
            if model.get("name"):
                yield ModelFact(model["id"], "name", model["name"], provider["id"])
            for condition, prices in _in_force(model, today):
                for band, part, price in _bands(prices):
                    full = ", ".join(filter(None, (condition, band)))
                    yield Observation(model["id"], f"price.{part}", price, provider["id"], full)


def _in_force(model: dict[str, Any], today: str) -> Iterator[Price]:
    """The prices of each condition: the last that has started wins, else the first."""
    listed = model["prices"] if isinstance(model["prices"], list) else [{"prices": model["prices"]}]
    chosen = {"": listed[0]["prices"]} if listed else {}
    for entry in [*listed, *(model.get("price_variants") or [])]:
        limits = entry.get("constraint") or {}
        if limits.get("start_date", limits.get("start", "")) <= today:
            hours = f"{limits['start_time'][:5]}-{limits['end_time'][:5]} UTC" if "start_time" in limits else ""
            kind = " ".join(entry.get("when", {}).values())
            chosen[" ".join(filter(None, (kind, hours)))] = entry["prices"]
    for condition, prices in chosen.items():
        free = not condition and prices.get("input_mtok") == 0 and prices.get("output_mtok") == 0
        yield "free" if free else condition, prices


def _bands(prices: dict[str, Any]) -> Iterator[tuple[str, str, Decimal]]:
    for part in PARTS:
        price = prices.get(f"{part}_mtok")
        tiers = price["tiers"] if isinstance(price, dict) else []
        base = price["base"] if isinstance(price, dict) else price
        for band, value in [("", base), *((f"over {tier['start'] // 1000}k", tier["price"]) for tier in tiers)]:
            if isinstance(value, int | Decimal):
                yield band, part, Decimal(value)


def bundled() -> Payload:
    """The installed package's data, in the shape of data.json."""
    from genai_prices.data import providers  # 0.2 s

    kept = [{"id": provider.id, "models": provider.models} for provider in providers]
    body = json.dumps(kept, default=_plain).encode()
    today = datetime.now(UTC)
    dates = {day for day in _start_dates(json.loads(body)) if day <= today.date().isoformat()}
    observed = datetime.fromisoformat(max(dates)).replace(tzinfo=UTC) if dates else today
    return Payload(f"package:genai-prices=={version('genai-prices')}", body, observed, "application/json")


def _plain(value: Any) -> Any:
    """What JSON can hold of the package's objects; a float keeps all of a price's few digits."""
    if isinstance(value, Decimal):
        return float(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return {key: part for key, part in vars(value).items() if part is not None and key != "match"}
