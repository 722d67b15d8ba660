"""Price lists as vendors write them: from the cells of a row to prices by measure and condition.

A cell is in dollars per million tokens unless it names another measure: "$0.003 / min", "$16 per 1M chars".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tracker.conditions import condition, free
from tracker.domain import Observation, Unread
from tracker.errors import ParseError
from tracker.tables import AMOUNT, amount, dollars, fold, price_of

TOKENS = "price."
PER_TOKEN = {  # the part that each price of a token is of, in lists that name them as OpenRouter does
    "prompt": "input",
    "completion": "output",
    "input_cache_read": "cache_read",
    "input_cache_write": "cache_write",
}
_PER = re.compile(r"(?:/|\bper\b) ?(.*)", re.IGNORECASE | re.DOTALL)
_MILLION = r"(?:1 ?m|m|1,000,000|million)"
_MEASURES = (  # what stands behind "per"
    (rf"{_MILLION} ?(?:(?:cached )?(?:input |output |prompt )?tok(?:en)?s?\b|$)|mt\b", TOKENS),
    (rf"{_MILLION} char", "sold.characters"),
    (r"(?:audio )?min(?:ute)?s?\b", "sold.minute"),
    (r"h(?:ou)?r\b", "sold.hour"),
    (r"image\b", "sold.image"),
    (r"(?:request|call|use|query)\b", "sold.request"),
)


def amounts(text: str) -> list[tuple[Decimal, str]]:
    """Every amount of dollars in a text, with the words that follow it up to the next one."""
    found = list(AMOUNT.finditer(text))
    ends = [*(one.start() for one in found), len(text)][1:]
    return [(amount(one), text[one.end() : end].strip(" ,;·|")) for one, end in zip(found, ends, strict=True)]


def measure(words: str) -> str:
    """By what the words behind an amount sell it: "price." (a million tokens, also where they name nothing),
    "sold.minute" and its like, or "" for what is none of our measures: pages, seconds, thousands of tokens.
    """
    named = _PER.search(words)
    if not named:
        return TOKENS
    found = (metric for unit, metric in _MEASURES if re.match(unit, named[1], re.IGNORECASE))
    return next(found, "")


def per_million(
    pricing: Mapping[str, Any], parts: Mapping[str, str] = PER_TOKEN, *, of: int = 1
) -> dict[str, Decimal]:
    """The prices of a million tokens by part, of a list that gives those of so many by the names in `parts`.

    A part without a price is missing: what is none, or a price that varies (-1).
    """
    found = {part: price_of(pricing.get(name), 10**6 // of) for name, part in parts.items()}
    return {part: price for part, price in found.items() if price is not None}


def priced(
    subject: str,
    row: Mapping[str, str],
    columns: Mapping[str, str],
    provider: str,
    words: str = "",
    days: Mapping[str, Any] | None = None,
) -> Iterator[Observation | Unread]:
    """The prices in a row's cells, where `columns` gives the part that each column names: "input", "output",
    "cache_read", "cache_write", with a condition behind a comma where it needs one ("cache_write, cache 1h").

    A column may be missing. What is no plain price is told. A model whose tokens all cost 0 is a rationed
    trial; a 0 of another measure is none.
    """
    cells = {fold(column): cell for column, cell in row.items()}
    found = list[tuple[str, str, Decimal]]()
    for column, part in columns.items():
        part, _, extra = part.partition(", ")
        try:
            price = dollars(cell := cells.get(fold(column), ""))
            sold = measure(cell)
            if price and (not sold or (sold != TOKENS and part.startswith("cache"))):
                raise ParseError(f"{cell[:60]!r} is of no measure that is compared")
        except ParseError as error:
            yield Unread(f"{subject}, {column}: {error}")
            continue
        if price is not None and (price or sold == TOKENS):
            found.append((TOKENS + part if sold == TOKENS else sold, extra, price))
    trial = free(*(price for _, _, price in found))
    for metric, extra, price in found:
        yield Observation(subject, metric, price, provider, condition(trial, words, extra), **(days or {}))
