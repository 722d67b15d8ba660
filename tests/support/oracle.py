"""The definitions of the gap once more: plain Python, one snapshot, slow, easy to check by eye.

Written from docs/methods.md, to hold `tracker.trends` against; and small boards as matrices for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from tracker.domain import LicenceClass, Metric, Weights
from tracker.trends.gap import Gaps, measure
from tracker.trends.scores import Scores, describe, scores


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a board in one snapshot; `released` is an ISO day, a month or ""."""

    model: str
    value: float
    weights: Weights
    licence_class: LicenceClass = LicenceClass.UNKNOWN
    low: float | None = None
    high: float | None = None
    n: int | None = None
    released: str = ""


def closed(value: float, model: str = "closed", **more: Any) -> Entry:
    return Entry(model, value, Weights.CLOSED, **more)


def open_(value: float, model: str = "open", **more: Any) -> Entry:
    more.setdefault("licence_class", LicenceClass.PERMISSIVE)
    return Entry(model, value, Weights.OPEN, **more)


class Told(NamedTuple):
    """One snapshot's gap as plain values, None where a definition says nothing."""

    open: str | None
    closed: str | None
    difference: float | None
    percent: float | None
    win_probability: float | None
    noise: float | None
    strict: float | None
    tied: float | None
    matched: float | None
    matched_n: int
    censored_n: int
    area: float | None
    n_open: int
    n_closed: int
    n_unknown: int


def board(entries: Sequence[Entry], metric: Metric, on: date) -> tuple[list[str], Scores]:
    """The snapshot as a matrix of one row, columns by name, and their names."""
    found = sorted(entries, key=lambda e: e.model)
    values, low, high, n = (
        np.array([[math.nan if (cell := getattr(e, part)) is None else float(cell) for e in found]])
        for part in ("value", "low", "high", "n")
    )
    about = describe([(e.weights, e.licence_class, e.released) for e in found])
    matrix = scores(np.array([on.toordinal()]), values, (low, high), n, about, metric)
    return [e.model for e in found], matrix


def measured(entries: Sequence[Entry], metric: Metric, on: date, licence: str = "any") -> Told:
    """The gap of one snapshot as the engine computes it."""
    names, matrix = board(entries, metric, on)
    return _plain(next(gaps for gaps in measure(matrix, metric) if gaps.licence_class == licence), names)


def _plain(gaps: Gaps, names: Sequence[str]) -> Told:
    def known(values: Any) -> float | None:
        return None if math.isnan(values[0]) else float(values[0])

    def leader(side: Any) -> str | None:
        return names[side[0]] if side[0] >= 0 else None

    waited = gaps.lag_matched
    return Told(
        leader(gaps.open),
        leader(gaps.closed),
        known(gaps.difference),
        known(gaps.percent),
        known(gaps.win_probability),
        known(gaps.noise),
        known(gaps.lag_strict),
        known(gaps.lag_tied),
        known(waited.median),
        int(waited.matched[0]),
        int(waited.censored[0]),
        known(gaps.lag_area),
        int(gaps.n_open[0]),
        int(gaps.n_closed[0]),
        int(gaps.n_unknown[0]),
    )


# The oracle


def expected(entries: Sequence[Entry], metric: Metric, on: date, licence: str = "any") -> Told:
    """The gap of one snapshot by the definitions, word for word."""
    opens = [e for e in entries if is_open(e, licence)]
    closeds = [e for e in entries if e.weights is Weights.CLOSED]
    o, c = best(opens, metric), best(closeds, metric)
    waits = waited(closeds, opens, metric, on)
    return Told(
        o.model if o else None,
        c.model if c else None,
        good(c, metric) - good(o, metric) if o and c else None,
        percent(o, c, metric) if o and c else None,
        1 / (1 + 10 ** ((good(o, metric) - good(c, metric)) / 400))
        if o and c and metric.scale == "elo"
        else None,
        tolerance(o, c, metric) if o and c else None,
        strict(closeds, opens, metric, on),
        tied(closeds, opens, metric, on),
        kaplan_meier(waits),
        sum(event for _, event in waits),
        sum(not event for _, event in waits),
        area(closeds, opens, metric, on),
        len(opens),
        len(closeds),
        sum(e.weights is Weights.UNKNOWN for e in entries),
    )


def is_open(entry: Entry, licence: str) -> bool:
    allowed = {
        "any": set(LicenceClass),
        "commercial": {LicenceClass.PERMISSIVE, LicenceClass.RESTRICTED},
        "permissive": {LicenceClass.PERMISSIVE},
    }
    return entry.weights is Weights.OPEN and entry.licence_class in allowed[licence]


def good(entry: Entry, metric: Metric) -> float:
    return entry.value if metric.higher_is_better else -entry.value


def error(entry: Entry, metric: Metric) -> float | None:
    if entry.low is not None and entry.high is not None and entry.high > entry.low:
        return (entry.high - entry.low) / 2 / 1.96
    questions = entry.n or metric.questions
    if metric.scale == "percent" and questions and 0 <= entry.value <= 100:
        share = (entry.value + 100 / questions) / (100 + 200 / questions)
        return 100 * math.sqrt(share * (1 - share) / questions)
    return None


def tolerance(one: Entry, other: Entry, metric: Metric) -> float | None:
    errors = error(one, metric), error(other, metric)
    return None if None in errors else 1.645 * math.hypot(*(e for e in errors if e is not None))


def best(entries: Iterable[Entry], metric: Metric) -> Entry | None:
    return min(entries, key=lambda e: (-good(e, metric), error(e, metric) or math.inf, e.model), default=None)


def percent(o: Entry, c: Entry, metric: Metric) -> float | None:
    above, below = (c, o) if metric.higher_is_better else (o, c)
    return (above.value / below.value - 1) * 100 if below.value > 0 else None


def day(entry: Entry) -> date:
    text = entry.released
    return date.fromisoformat(text if len(text) == 10 else f"{text}-01") if text else date.max


def running(entries: Iterable[Entry], metric: Metric, on: date) -> list[Entry]:
    """The records of a group by release date; of equals on one day the surest."""
    records: list[Entry] = []
    there = [e for e in entries if day(e) <= on]
    for when in sorted({day(e) for e in there}):
        first = best([e for e in there if day(e) == when], metric)
        assert first is not None
        if not records or good(first, metric) > good(records[-1], metric):
            records.append(first)
    return records


def strict(closeds: Sequence[Entry], opens: Sequence[Entry], metric: Metric, on: date) -> float | None:
    line = running(opens, metric, on)
    if not line:
        return None
    reached = [r for r in running(closeds, metric, on) if good(r, metric) >= good(line[-1], metric)]
    return float((on - day(reached[0])).days) if reached else None


def tied(closeds: Sequence[Entry], opens: Sequence[Entry], metric: Metric, on: date) -> float | None:
    line, records = running(opens, metric, on), running(closeds, metric, on)
    if not line or not records or error(line[-1], metric) is None:
        return None
    since = on  # when the closed frontier began to be better, walking back from now
    for record in reversed(records):
        lead, noise = good(record, metric) - good(line[-1], metric), tolerance(record, line[-1], metric)
        if lead > 0 and noise is None:
            return None
        if lead <= (noise or 0):
            break
        since = day(record)
    return float((on - since).days)


def waited(
    closeds: Sequence[Entry], opens: Sequence[Entry], metric: Metric, on: date
) -> list[tuple[int, bool]]:
    """How long each closed record above the open frontier of its day stood, and whether it was matched."""
    found = []
    for record in running(closeds, metric, on):
        line = running(opens, metric, day(record))
        if line and good(line[-1], metric) >= good(record, metric):
            continue
        days = [
            day(o)
            for o in opens
            if day(o) <= on and good(record, metric) - good(o, metric) <= (tolerance(record, o, metric) or 0)
        ]
        until = max(min(days), day(record)) if days else on
        found.append(((until - day(record)).days, bool(days)))
    return found


def kaplan_meier(waits: Sequence[tuple[int, bool]]) -> float | None:
    left = 1.0
    for when in sorted({time for time, event in waits if event}):
        risk = sum(time >= when for time, _ in waits)
        left *= 1 - sum(time == when and event for time, event in waits) / risk
        if left <= 0.5 + 1e-9:
            return float(when)
    return None


def area(closeds: Sequence[Entry], opens: Sequence[Entry], metric: Metric, on: date) -> float | None:
    """Score by score between two neighbouring records of either side, both curves have one day each."""
    ours, theirs = running(opens, metric, on), running(closeds, metric, on)
    if not ours or not theirs:
        return None
    low = max(good(ours[0], metric), good(theirs[0], metric))
    high = min(good(ours[-1], metric), good(theirs[-1], metric))
    levels = sorted({low, high, *(good(r, metric) for r in [*ours, *theirs])})
    total = 0.0
    for below, above in pairwise(levels):
        if low <= below and above <= high:
            reached = [
                next(day(r) for r in side if good(r, metric) >= above).toordinal() for side in (ours, theirs)
            ]
            total += (above - below) * (reached[0] - reached[1])
    return total / (high - low) if low < high else None
