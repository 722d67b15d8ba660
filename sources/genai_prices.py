"""genai-prices: token prices kept by Pydantic, also as a Python package that works without a network.

What: USD per million tokens; longer prompts, hours, batch and other calls as conditions; past and announced
prices, by start date. A date that very many models share is the day an editor looked, and dates nothing.
Whose: Pydantic and contributors. Licence: MIT; figures may be published; credit "genai-prices (MIT)".
Changes: weekly. Shape: recorded, in 2025 and 2026; the project's data.schema.json explains it.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib.metadata import version
from typing import Any

from tracker.conditions import condition, dated, free, iso_day, looked, over
from tracker.domain import Kind, ModelFact, Observation
from tracker.repositories import github_file
from tracker.source import Parsed, Payload, Source

PARTS = ("input", "output", "cache_read", "cache_write")
KINDS = {"search_type": "search {}", "route": "region {}"}


def parse(payload: Payload) -> Parsed:
    """Yield the name, the status and the prices, in force or dated, of every model."""
    today = payload.day
    models = [(place["id"], model) for place in payload.json() for model in place["models"]]
    unsure = looked((_start(entry), who, model["id"]) for who, model in models for entry in _entries(model))
    for provider, model in models:
        if model.get("name"):
            yield ModelFact(model["id"], "name", model["name"], provider)
        if model.get("deprecated"):
            yield ModelFact(model["id"], "status", "deprecated", provider)
        for kind, chain in _chains(model, today).items():
            for place, when, days in dated([_start(entry) for entry in chain], today, unsure):
                for words, part, price in _prices(chain[place]["prices"], base=not kind):
                    full = condition(kind, words, when)
                    yield Observation(model["id"], f"price.{part}", price, provider, full, **days)


def _chains(model: Any, today: date) -> dict[str, list[Any]]:
    """Entries by condition, in time. Hours follow their price; a variant says only what it changes."""
    chains: dict[str, list[Any]] = {"": []}
    for entry in _entries(model):
        if not (kind := _kind(entry)) and (_start(entry) or today) <= today:
            chains = {"": chains[""]}
        chain = chains.setdefault(kind, [])
        older = chain[-1]["prices"] if chain and "when" in entry else {}
        chain.append(entry | {"prices": older | entry["prices"]})
    return chains


def _entries(model: Any) -> list[Any]:
    """The prices, of which the last one wins, then the variants, of which the first one does."""
    listed = model["prices"] if isinstance(model["prices"], list) else [{"prices": model["prices"]}]
    variants = sorted(model.get("price_variants") or (), key=lambda e: _start(e) or date.min, reverse=True)
    return listed + variants[::-1]


def _start(entry: Any) -> date | None:
    return iso_day((entry.get("constraint") or {}).get("start_date"))


def _kind(entry: Any) -> str:
    words = [KINDS.get(key, "{}").format(call.split("/")[-1]) for key, call in entry.get("when", {}).items()]
    if "start_time" in (limits := entry.get("constraint") or {}):
        words.append(f"{limits['start_time'][:5]}-{limits['end_time'][:5]} UTC")
    return condition(*words)


def _prices(prices: Any, *, base: bool) -> Iterator[tuple[str, str, Decimal]]:
    trial = free(prices.get("input_mtok"), prices.get("output_mtok")) if base else ""
    for part in PARTS:
        tiered = it if isinstance(it := prices.get(f"{part}_mtok"), dict) else {"base": it, "tiers": []}
        longer = [(over(tier["start"]), tier["price"]) for tier in tiered["tiers"]]
        for band, value in [("", tiered["base"]), *longer]:
            if isinstance(value, int | Decimal):
                yield condition(trial, band), part, Decimal(value)


def bundled() -> Payload:
    """The installed package's data, in the shape of data.json, as of the newest start date that has come."""
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
    **github_file("pydantic/genai-prices", "prices/data.json"),
    licence="MIT",
    credit="genai-prices (MIT)",
    cadence=timedelta(hours=24),
    bundled=bundled,
)
