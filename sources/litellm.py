"""LiteLLM: what calls to models cost at some 90 providers, kept by hand in one JSON file of its repository.

What: USD per token, here per million; batch, priority and flex, longer prompts, other kinds of tokens,
regions and an image's size as conditions; images, minutes of audio, characters, requests, committed hours
where they map exactly. Outside chat a price of 0 is a placeholder. A key such as "together-ai-4.1b-8b" is
what any model of a size costs. Whose: BerriAI and contributors. Licence: MIT; figures may be published;
credit "LiteLLM (MIT)". Changes: daily. Shape: recorded, 2023 to 2026.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

from tracker.conditions import condition, free, over
from tracker.domain import Kind, ModelFact, Observation, Unread
from tracker.repositories import github_file
from tracker.source import Parsed, Payload, Source
from tracker.tables import price_of

TOKENS = re.compile(
    r"(?:(?P<part>input|output)_cost_per_(?:(?P<kind>audio|image|reasoning)_)?token"
    r"|cache_(?P<cache>read|creation)_input_(?:(?P<cached>audio|image)_)?token_cost)"
    r"(?P<kept>_above_1hr)?(?:_above_(?P<band>\d+)k_tokens)?(?:_(?P<how>batch|priority|flex)(?:es|_requests)?)?"
)
SIZES = re.compile(r"(?:together|fireworks)-ai-[\w.-]+")
NO_MODELS = ("search", "vector_store")
CHAT = ("chat", "completion", "responses", None)  # none was given at first
IMAGES = tuple((f"{name}cost_per_image", "image", 1) for name in ("output_", "", "input_"))
SOLD = {  # mode -> field, unit of the metric, how many make one; the first that is given counts
    "image_generation": IMAGES,
    "image_edit": IMAGES,
    "audio_transcription": (("input_cost_per_second", "minute", 60),),
    "audio_speech": (("input_cost_per_character", "characters", 10**6),),
    "rerank": (("input_cost_per_query", "request", 1),),
    "chat": (("input_cost_per_second", "hour", 3600), ("input_cost_per_request", "request", 1)),
}
FOLDERS = (  # what stands before a model's name in its key
    (re.compile(r"([a-z]{2}(?:-[a-z]+)+-\d|us|eu)"), "region {}"),
    (re.compile(r"(\d+)-month-commitment"), "{} month commitment"),
    (re.compile(r"(\d+)-x-(\d+)"), "{}x{}"),
    (re.compile(r"(\d+)-steps"), "{} steps"),
    (re.compile(r"(low|medium|high|standard|hd)"), "{} quality"),
    (re.compile(r"(us-gov|apac|[a-z]{2})\.[a-z0-9]+\..*"), "region {}"),  # Bedrock's profiles
)


def parse(payload: Payload) -> Parsed:
    """Yield the context, the last day and the prices of every entry that is a model at a provider."""
    for key, entry in payload.json().items():
        mode, provider = entry.get("mode"), entry.get("litellm_provider")
        if key == "sample_spec" or SIZES.fullmatch(key) or mode in NO_MODELS:
            continue
        if not provider:  # in two months of 2024
            yield Unread(f"{key} names no provider")
            continue
        if isinstance(context := entry.get("max_input_tokens"), int):
            yield ModelFact(key, "context", str(context), provider)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", retires := str(entry.get("deprecation_date"))):
            yield ModelFact(key, "retires", retires, provider)
        where = condition(*_folders(key))
        for metric, words, price in (*_tokens(entry, mode), *_sold(entry, mode)):
            yield Observation(key, metric, price, provider, condition(where, words))


def _folders(key: str) -> Iterator[str]:
    for folder in key.split("/"):
        for pattern, words in FOLDERS:
            if found := pattern.fullmatch(folder):
                yield words.format(*found.groups())


def _tokens(entry: dict[str, Any], mode: str | None) -> Iterator[tuple[str, str, Decimal]]:
    """Metric, condition and price: the entry's own, then those of its tiers by the length of the prompt."""
    bands = [(entry, free(entry.get("input_cost_per_token"), entry.get("output_cost_per_token")))]
    bands += [(tier, over(tier["range"][0])) for tier in entry.get("tiered_pricing", [])]
    for prices, band in bands:
        for name, value in prices.items():
            part, words = _meaning(name)
            price = price_of(value, 10**6) if part else None
            if price is None or (not price and mode not in CHAT):
                continue
            if words != "reasoning" or value != prices.get("output_cost_per_token"):
                yield f"price.{part}", condition(band, words), price


@lru_cache(512)
def _meaning(name: str) -> tuple[str, str]:
    """The part and the condition of a price per token, by the name of its field; "" for any other field."""
    if not (found := TOKENS.fullmatch(name)):
        return "", ""
    part = found["part"] or {"read": "cache_read", "creation": "cache_write"}[found["cache"]]
    band = f"over {found['band']}k" if found["band"] else ""
    kept = "cache 1h" if found["kept"] else ""
    return part, condition(found["kind"] or found["cached"] or "", found["how"] or "", kept, band)


def _sold(entry: dict[str, Any], mode: str | None) -> Iterator[tuple[str, str, Decimal]]:
    """What is sold by another measure than the token."""
    for field, unit, count in SOLD.get(mode or "", ()):
        shown = field.startswith("input") and unit == "image" and "input_cost_per_token" in entry
        if not shown and (price := price_of(entry.get(field), count)):
            yield f"sold.{unit}", "", price
            return


FILE = "model_prices_and_context_window.json"

source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="LiteLLM",
    **github_file("BerriAI/litellm", FILE),
    licence="MIT",
    credit="LiteLLM (MIT)",
)
