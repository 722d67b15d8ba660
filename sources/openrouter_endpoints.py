"""OpenRouter's hosts: what each asks for an open model that it serves there, and how it serves it.

What: per model and host USD per token, here per million; quantisation, context, uptime of the last half hour;
to a caller with a key percentiles of output speed and of the time to the first token (ms; here s), too. A
host is the first part of an endpoint's tag. Its cheapest endpoint stands for it, others for their tier,
region or quantisation. Prices with a discount are promotions. Whose: OpenRouter, Inc. Licence: none stated;
its figures are told with credit. Credit: "openrouter.ai". Changes: many times a day. Shape: documented, by
the API's own reference of 2026.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tracker.conditions import condition, over
from tracker.domain import Follow, Kind, ModelFact, Observation
from tracker.pricelist import PER_TOKEN, per_million
from tracker.source import Parsed, Payload, Source

MODELS = "https://openrouter.ai/api/v1/models"
MOST = 190  # models, those listed last, as a visit has 200 pages; in spring 2026 these were all
NAME = re.compile(r"[\w.-]+/[\w.-]+")  # a variant such as "...:free" has the same weights
KEPT = {"input_cache_write_1h": "cache_write"}
SPEEDS = (("throughput_last_30m", "throughput", 0), ("latency_last_30m", "ttft", -3))
WEEKDAYS = {"monday", "tuesday", "wednesday", "thursday", "friday"}


def parse(payload: Payload) -> Parsed:
    """Yield where the endpoints of the newest open models are, or what a model's endpoints say."""
    data = payload.json()["data"]
    if isinstance(data, list):
        listed = [model for model in data if model.get("hugging_face_id") and NAME.fullmatch(model["id"])]
        for model in sorted(listed, key=lambda model: model["created"], reverse=True)[:MOST]:
            yield Follow(f"{MODELS}/{model['id']}/endpoints")
        return
    taken = dict[tuple[str, str], str]()
    for endpoint in sorted(data["endpoints"], key=_cost):
        host, words, bits = _place(endpoint)
        words = condition(words, bits) if taken.get((host, words), bits) != bits else words
        if (host, words) not in taken:
            taken[host, words] = bits
            facts = (("quantisation", bits), ("context", str(endpoint.get("context_length") or "")))
            yield from (ModelFact(data["id"], *fact, host) for fact in facts if fact[1] and not words)
            for metric, when, value in (*_prices(endpoint), *_speeds(endpoint)):
                yield Observation(data["id"], metric, value, host, condition(words, when))


def _cost(endpoint: dict[str, Any]) -> Decimal:
    prices = per_million(endpoint["pricing"])
    return prices.get("input", Decimal("inf")) + prices.get("output", Decimal("inf"))


def _place(endpoint: dict[str, Any]) -> tuple[str, str, str]:
    """Host, condition and quantisation: "google-vertex/us-east5", "baseten/fast", "novita/fp8"."""
    host, _, tail = endpoint["tag"].partition("/")
    bits = str(endpoint.get("quantization") or "").replace("unknown", "")
    where = re.fullmatch(r"[a-z]{2}(-[a-z]+-?\d)?", tail)
    return host, "" if tail in (bits, "global") else f"region {tail}" if where else tail, bits


def _prices(endpoint: dict[str, Any]) -> Iterator[tuple[str, str, Decimal]]:
    """The base prices, and those that take their place for longer prompts and at some hours."""
    pricing = endpoint["pricing"]
    words = condition("" if _cost(endpoint) else "free", "promotion" if pricing.get("discount") else "")
    for prices in (pricing, *pricing.get("overrides", ())):
        for parts, kept in ((PER_TOKEN, ""), (KEPT, "cache 1h")):
            for part, price in per_million(prices, parts).items():
                yield f"price.{part}", condition(words, kept, *_when(prices)), price


def _when(prices: dict[str, Any]) -> Iterator[str]:
    if "min_prompt_tokens" in prices:
        yield over(prices["min_prompt_tokens"])
    if "utc_start" in prices or "utc_days" in prices:  # half past ten is 1030
        ends = (f"{prices.get(key, 0):04}" for key in ("utc_start", "utc_end"))
        days = prices.get("utc_days", ())
        named = ["weekdays"] if set(days) == WEEKDAYS else [day[:3] for day in days]
        yield " ".join((*named, "-".join(f"{end[:2]}:{end[2:]}" for end in ends), "UTC"))


def _speeds(endpoint: dict[str, Any]) -> Iterator[tuple[str, str, Decimal]]:
    if (uptime := endpoint.get("uptime_last_30m")) is not None:
        yield "speed.uptime", "", round(Decimal(uptime), 2)
    for key, metric, power in SPEEDS:
        for percentile, value in (endpoint.get(key) or {}).items():
            if value:
                yield f"speed.{metric}", percentile, Decimal(value).scaleb(power)


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="OpenRouter's hosts",
    urls=(f"{MODELS}?sort=newest",),
    licence="none stated",
    credit="openrouter.ai",
    cadence=timedelta(hours=24),
    documented=("data[].hugging_face_id", "data.endpoints[].tag", "data.endpoints[].pricing.prompt"),
)
