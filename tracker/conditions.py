"""What a price or a speed depends on, in one vocabulary, and the days of prices that are dated.

An offer's price under no condition is what any call costs now. A combination is written in one order:
"batch, over 200k". A price that is not in force on the day it is read stands under a condition of its own:
"from 2027-01-01" (announced, or of the past) or "until 2026-03-12" (of the past). A speed says which one of
many measurements it is, and where it was measured: "p50, measured in cdg".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

CONDITIONS = (
    r"p\d\d",  # a percentile of the measured values: nine of ten are at most the "p90"
    r"best of \d+",
    r"free",  # a rationed trial
    r"promotion",  # for a while, as the source says; the last day, where known, is `effective_to`
    r"batch|priority|flex|fast|default",  # how the call is processed
    r"\d+ month commitment",  # capacity taken for so long
    r"audio|image|video|reasoning",  # tokens of another kind than written text
    r"cache \d+h",  # written to a cache that keeps it so long, not the usual minutes
    r"\d+x\d+|\d+ steps",  # what an image is made of
    r"(low|medium|high|standard|premium|hd) quality",
    r"search \w+",  # with a built-in search
    r"(fp|bf|int)\d+",  # weights of so many bits, where a host serves several
    r"region [\w-]+",  # where it is served
    r"measured in [\w-]+",
    r"([a-z ]+ )?\d\d:\d\d-\d\d:\d\d UTC",  # hours of the day, of some days
    r"over \d+k|long prompt",  # a prompt of more than so many thousand tokens, or of more than it says
    r"(from|until) \d{4}-\d\d-\d\d",
)
_WORDS = [re.compile(words) for words in CONDITIONS]

Offer = TypeVar("Offer", bound=Hashable)
Price = TypeVar("Price")

MOST_SHARING, MOST_OF_ONE = 5, 12  # models that change their price on one day


@lru_cache(4096)  # a price list says the same few combinations thousands of times
def condition(*parts: str) -> str:
    """A combination of conditions in canonical order; words of no vocabulary come last."""

    def place(part: str) -> tuple[int, str]:
        known = (number for number, words in enumerate(_WORDS) if words.fullmatch(part))
        return next(known, len(_WORDS)), part

    return ", ".join(sorted({word for part in parts for word in part.split(", ") if word}, key=place))


def unknown(text: str) -> list[str]:
    """The words of a condition that are none of the vocabulary."""
    return [word for word in text.split(", ") if word and not any(one.fullmatch(word) for one in _WORDS)]


_BAND = re.compile(r"(?:>=?|≥|over|above|more than) ?(\d+) ?([km])", re.IGNORECASE)
_DAY = r"((?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}, \d{4})"
_FIRST = re.compile(rf"\b(?:starting|from|effective)(?: on)? {_DAY}", re.IGNORECASE)
_LAST = re.compile(rf"\b(?:through|until|to) {_DAY}", re.IGNORECASE)


def band(text: str) -> str:
    """The condition in words like "(≥ 200k prompt tokens)" and "prompts > 1M": "over 200k"; else ""."""
    found = _BAND.search(text)
    return f"over {int(found[1]) * (1000 if found[2] in 'mM' else 1)}k" if found else ""


def stated(text: str, today: date) -> tuple[str, dict[str, Any]]:
    """What words say of a price's days: "through December 31, 2026", "starting January 1, 2027".

    A price that is not in force today stands under a condition. The days are fields of `Observation`.
    """
    first, last = _day(_FIRST.search(text)), _day(_LAST.search(text))
    when = f"from {first}" if first and first > today else f"until {last}" if last and last < today else ""
    days = {"effective_from": first, "effective_to": last}
    return when, {field: day for field, day in days.items() if day}


def _day(found: re.Match[str] | None) -> date | None:
    for form in ("%B %d, %Y", "%b %d, %Y"):
        with suppress(ValueError):
            return datetime.strptime(found[1], form).date() if found else None
    return None


def over(tokens: float | Decimal) -> str:
    """The condition of prompts of more than so many tokens, in thousands: "over 200k"; "" for none."""
    return f"over {thousands}k" if (thousands := round(tokens / 1000)) else ""


def free(*prices: object) -> str:
    """The condition of a rationed trial, for which none of these prices asks anything: "free"; else ""."""
    return "free" if prices and all(price is not None and price == 0 for price in prices) else ""


def iso_day(text: str | None) -> date | None:
    """The day in ISO form that a list gives, None where it gives none; ValueError for what is no day."""
    return date.fromisoformat(text) if text else None


def undated(text: str) -> str:
    """A condition without the day from or until which it holds: what tells offers apart."""
    return ", ".join(word for word in text.split(", ") if not _WORDS[-1].fullmatch(word))


def settled(said: Iterable[tuple[Offer, Price]]) -> tuple[dict[Offer, Price], list[Offer]]:
    """What a list says of each offer, and the offers of which it says two things, which are left out."""
    found, doubtful = dict[Offer, Price](), dict[Offer, None]()
    for offer, price in said:
        if found.setdefault(offer, price) != price:
            doubtful[offer] = None
    return {offer: price for offer, price in found.items() if offer not in doubtful}, list(doubtful)


def percentile(text: str) -> str | None:
    """The percentile that a condition names, or None."""
    return next((word for word in text.split(", ") if _WORDS[0].fullmatch(word)), None)


def looked(starts: Iterable[tuple[date | None, str, Hashable]]) -> set[date | None]:
    """Of (start date, provider, model) the dates on which an editor looked, rather than prices changed.

    Such a date is shared by more than 5 models of several providers, or by more than 12 of one. (A list of
    November 2026 gives 158 models one start date, and 100 models of six labs another.)
    """
    sharing = defaultdict[date | None, set[tuple[str, Hashable]]](set)
    for day, provider, model in starts:
        sharing[day].add((provider, model))
    return {
        day
        for day, who in sharing.items()
        if len(who) > (MOST_SHARING if len({provider for provider, _ in who}) > 1 else MOST_OF_ONE)
    }


def in_time(
    chain: Mapping[date | None, Price], today: date, unsure: Collection[date | None]
) -> Iterator[tuple[Price, str, dict[str, Any]]]:
    """The prices of one offer by start date, in order of time, with condition and days: see `dated`."""
    starts = sorted(chain, key=lambda start: start or date.min)
    for place, when, days in dated(starts, today, unsure):
        yield chain[starts[place]], when, days


def dated(
    starts: Sequence[date | None], today: date, unsure: Collection[date | None]
) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Place, condition and days of each price of a list that gives only start dates, in order of time.

    A start date that has come and is `unsure` is kept as announced; so is the one with which the list
    begins, for before it nothing is known. A past price of which neither end is known is left out.
    """
    days = [start or date.min for start in starts]
    sure = [day > today or (day > days[0] and day not in unsure) for day in days]
    for place, (day, following) in enumerate(zip(days, [*days[1:], date.max], strict=True)):
        begin = day if sure[place] else None
        end = following - timedelta(days=1) if following < date.max and sure[place + 1] else None
        announced = None if begin or day == date.min else day
        when = (
            "" if day <= today < following else f"from {begin}" if begin else f"until {end}" if end else None
        )
        if day < following and when is not None:
            yield place, when, {"announced": announced, "effective_from": begin, "effective_to": end}
