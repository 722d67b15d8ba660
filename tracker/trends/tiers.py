"""Price tiers: the levels of those who led in earlier times, so that a price at one stays comparable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Generic, NamedTuple, TypeVar

AGES = (182, 365, 730)  # days

Score = TypeVar("Score")


class Tier(NamedTuple, Generic[Score]):
    """A level: who led on a day, as was published then, and that model's score today, to be reached."""

    model: str
    day: str
    score: Score


def tiers(
    led: Sequence[tuple[str, str]], scores: Mapping[str, Score], on: date, ages: Sequence[int] = AGES
) -> list[Tier[Score]]:
    """The levels of the leaders of so many days before a day, each model once.

    `led` are (day, leader) in order of time. Before the record begins, its first leader counts; one that is
    scored no more makes no tier.
    """
    found: dict[str, Tier[Score]] = {}
    for age in ages:
        by = (on - timedelta(days=age)).isoformat()
        day, model = next((one for one in reversed(led) if one[0] <= by), led[0] if led else ("", ""))
        if model in scores:
            found.setdefault(model, Tier(model, day, scores[model]))
    return list(found.values())
