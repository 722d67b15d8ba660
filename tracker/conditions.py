"""What a price or a speed depends on, in one vocabulary, and the days of prices that are dated.

An offer's price under no condition is what any call costs now. A combination is written in one order:
"batch, over 200k". A price that is not in force on the day it is read stands under a condition of its own:
"from 2027-01-01" (announced, or of the past) or "until 2026-03-12" (of the past). A speed says which one of
many measurements it is, and where it was measured: "p50, measured in cdg".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

CONDITIONS = (
    r"p\d\d",  # a percentile of the measured values: nine of ten are at most the "p90"
    r"best of \d+",
    r"free",  # a rationed trial
    r"promotion",  # for a while, as the source says; the last day, where known, is `effective_to`
    r"batch|priority|flex|fast|default",  # how the call is processed
    r"search \w+",  # with a built-in search
    r"region [\w-]+",  # where it is served
    r"measured in [\w-]+",
    r"\d\d:\d\d-\d\d:\d\d UTC",  # hours of the day
    r"over \d+k",  # a prompt of more than so many thousand tokens
    r"(from|until) \d{4}-\d\d-\d\d",
)
_WORDS = [re.compile(words) for words in CONDITIONS]

MOST_SHARING, MOST_OF_ONE = 5, 12  # models that change their price on one day


@lru_cache(4096)  # a price list says the same few combinations thousands of times
def condition(*parts: str) -> str:
    """A combination of conditions in canonical order; words of no vocabulary come last."""

    def place(part: str) -> tuple[int, str]:
        known = (number for number, words in enumerate(_WORDS) if words.fullmatch(part))
        return next(known, len(_WORDS)), part

    return ", ".join(sorted({word for part in parts for word in part.split(", ") if word}, key=place))


def undated(text: str) -> str:
    """A condition without the day from or until which it holds: what tells offers apart."""
    return ", ".join(word for word in text.split(", ") if not _WORDS[-1].fullmatch(word))


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
