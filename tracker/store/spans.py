"""How a snapshot of figures becomes points: a pure decider, old and new in, points out.

A series is stored as the points where it changes. A snapshot that arrives late is put between its
neighbours: where it differs from what was in force, it begins a span of its own, and the next snapshot
that is already stored begins one again with what it had said.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from tracker.domain import Announcement, ModelFact, Observation, Record
from tracker.errors import ParseError

FACT = "fact."


class Key(NamedTuple):
    """What makes a series, within its source."""

    metric: str
    subject: str
    provider: str
    condition: str
    vintage: str


class Value(NamedTuple):
    """What a series says at a point; a value of None says: not listed. Days are in ISO form."""

    value: str | None
    low: str | None = None
    high: str | None = None
    n: int | None = None
    announced: str | None = None
    effective_from: str | None = None
    effective_to: str | None = None


GONE = Value(None)


def canonical(number: Decimal) -> str:
    """Exact decimal text without exponent or trailing zeros; ParseError where it is not finite."""
    if not number.is_finite():
        raise ParseError(f"{number} is no figure")
    text = str(number)  # in a third of the time that `format` takes
    text = format(number, "f") if "E" in text else text
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def figures(records: Iterable[Record]) -> dict[Key, Value]:
    """The figures and facts of a snapshot by series; of a row listed twice, the first counts."""
    found: dict[Key, Value] = {}
    for record in records:
        if isinstance(record, Observation):
            key = Key(record.metric, record.subject, record.provider, record.condition, record.vintage)
            found.setdefault(key, _value(record))
        elif isinstance(record, ModelFact):
            key = Key(FACT + record.field, record.subject, record.provider, "", "")
            found.setdefault(key, Value(record.value))
    return found


def contradicted(records: Iterable[Record]) -> list[Key]:
    """The figures that a snapshot gives twice, and otherwise the second time."""
    first: dict[Key, Observation] = {}
    again: dict[Key, None] = {}
    for record in records:
        if isinstance(record, Observation):
            key = Key(record.metric, record.subject, record.provider, record.condition, record.vintage)
            if first.setdefault(key, record).value != record.value:
                again[key] = None
    return list(again)


def _value(record: Observation) -> Value:
    low = None if record.low is None else canonical(record.low)
    high = None if record.high is None else canonical(record.high)
    days = record.announced, record.effective_from, record.effective_to
    return Value(canonical(record.value), low, high, record.n, *(map(_iso, days) if any(days) else ()))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def announcements(records: Iterable[Record]) -> list[Announcement]:
    """The news of a snapshot, one of each key."""
    return list({r.key: r for r in reversed(list(records)) if isinstance(r, Announcement)}.values())[::-1]


def moved(before: Mapping[Key, Value], now: Mapping[Key, Value], *, listing: bool) -> dict[Key, Value]:
    """The series that a snapshot says something new of.

    With `listing`, what was in force and is absent now is gone; but only among the metrics and vintages
    that the snapshot speaks of: a board's new release does not unlist the models of its last one. A fact
    outlives the listing in which it stood.
    """
    points = {key: value for key, value in now.items() if before.get(key, GONE) != value}
    if listing:
        spoken = {(key.metric, key.vintage) for key in now if not key.metric.startswith(FACT)}
        for key, value in before.items():
            if value != GONE and key not in now and (key.metric, key.vintage) in spoken:
                points[key] = GONE
    return points


def restored(
    was: Mapping[Key, Value], becomes: Mapping[Key, Value], later: Mapping[Key, Value]
) -> tuple[dict[Key, Value], set[Key], set[Key]]:
    """What the next stored snapshot must say after what precedes it has changed.

    `was` and `becomes` are in force just before it; `later` holds the points that begin at it. Returns
    the points to add there, and those that have become repetitions and are to be taken out. What was not
    known there is gone only where the next snapshot would have said so: see `moved`.
    """
    spoken = {(key.metric, key.vintage) for key, value in [*was.items(), *later.items()] if value != GONE}
    moved = [key for key in was.keys() | becomes.keys() if was.get(key, GONE) != becomes.get(key, GONE)]
    add = {key: was.get(key, GONE) for key in moved if key not in later}
    add = {key: value for key, value in add.items() if value != GONE or _unlists(key, spoken)}
    repeated = {key for key in moved if key in later and later[key] == becomes.get(key, GONE)}
    return add, repeated, set(moved) - add.keys() - later.keys()


def _unlists(key: Key, spoken: Container[tuple[str, str]]) -> bool:
    return not key.metric.startswith(FACT) and (key.metric, key.vintage) in spoken
