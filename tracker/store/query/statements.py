"""What a price list said of an offer, from the points of its series; validity.py decides what held when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tracker.trends.validity import NEVER, Statement


def statements(points: Sequence[Any], *, aside: bool) -> list[Statement]:
    """What a list said of a price, once for every time that a part of it moved."""
    said: list[Statement] = []
    parts: dict[str, tuple[str, int, int]] = {}
    dates: Sequence[str | None] = (None, None, None)
    for (part, at, value, point, capture, *days), following in zip(points, [*points[1:], None], strict=True):
        parts.pop(part, None)
        if value is not None:
            parts[part], dates = (value, point, capture), days
        if following and following[1] == at:  # another part moved at the same time
            continue
        values, numbers, captures = zip(*parts.values(), strict=True) if parts else ((), (), ())
        prices = dict(zip(parts, values, strict=True))
        announced, first, last = (day or "" for day in dates)
        said.append(Statement(prices, at, announced, first, last, aside, points=numbers, captures=captures))
    return [one for one in _withdrawn(said) if one.prices or not aside]


def _withdrawn(said: Sequence[Statement]) -> Iterator[Statement]:
    """The statements of one series; a day to come of which the next one no longer speaks was withdrawn."""
    for one, following in zip(said, [*said[1:], None], strict=True):
        if following is None:
            yield one
        elif one.begin <= following.observed:
            yield one if following.prices else replace(one, dropped=following.observed)
            same = one.prices == following.prices and one.effective_to != following.effective_to
            if same and following.observed < one.end < NEVER:
                yield replace(one, withdrawn=following.observed)
        elif (one.prices, one.begin) != (following.prices, following.begin):
            yield replace(one, withdrawn=following.observed)
