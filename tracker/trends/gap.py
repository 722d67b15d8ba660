"""The gap between two frontiers on a date, each under a named definition.

Definitions (C best closed, O best open among the models listed in one snapshot):

- `difference`: C - O in the metric's unit; positive means that open models are behind.
- `percent`: (C / O - 1) x 100, as in Stanford's AI Index.
- `win_probability`: 1 / (1 + 10^(-(C - O) / 400)), for Elo and Bradley-Terry scales only.
- `lag.strict`: days since the closed frontier first reached O, both frontiers re-scored: the running
  best by release date on this one snapshot's scores.

Where lower is better, both figures are turned, so that positive still means "open is behind".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain import Metric, Weights
from tracker.trends.frontier import Entry, best, goodness, in_class, running_best, standard_error

Z90 = 1.645  # two-sided 90 %


@dataclass(frozen=True, slots=True)
class Gap:
    """One row of the panel. A side without a model is None, and so is every figure that needs it."""

    licence_class: str
    open: Entry | None
    closed: Entry | None
    difference: float | None
    percent: float | None
    win_probability: float | None
    noise: float | None
    lag_strict: float | None
    n_open: int
    n_closed: int
    n_unknown: int


def measure(entries: Sequence[Entry], metric: Metric, licence_class: str, on: date) -> Gap:
    """The gap of one snapshot for one licence class."""
    opens = [e for e in entries if in_class(e, licence_class)]
    closeds = [e for e in entries if e.weights is Weights.CLOSED]
    o, c = best(opens, metric), best(closeds, metric)
    both = o is not None and c is not None
    return Gap(
        licence_class,
        o,
        c,
        difference(o, c, metric) if both else None,
        percent(o, c, metric) if both else None,
        win_probability(o, c, metric) if both else None,
        noise(o, c, metric) if both else None,
        lag_strict(opens, closeds, metric, on) if both else None,
        len(opens),
        len(closeds),
        sum(e.weights is Weights.UNKNOWN for e in entries),
    )


def difference(open_: Entry | None, closed: Entry | None, metric: Metric) -> float | None:
    """C - O in the metric's unit, positive where open is behind."""
    if open_ is None or closed is None:
        return None
    return goodness(closed.value, metric) - goodness(open_.value, metric)


def percent(open_: Entry | None, closed: Entry | None, metric: Metric) -> float | None:
    """(C / O - 1) x 100; where lower is better (O / C - 1) x 100. None where the divisor is not positive."""
    if open_ is None or closed is None:
        return None
    above, below = (closed, open_) if metric.higher_is_better else (open_, closed)
    return (above.value / below.value - 1) * 100 if below.value > 0 else None


def win_probability(open_: Entry | None, closed: Entry | None, metric: Metric) -> float | None:
    """The probability that the best closed model beats the best open one; on Elo scales only."""
    gap = difference(open_, closed, metric)
    return 1 / (1 + 10 ** (-gap / 400)) if gap is not None and metric.scale == "elo" else None


def noise(open_: Entry | None, closed: Entry | None, metric: Metric) -> float | None:
    """1.645 standard errors of the difference: what is smaller is a tie at 90 %. None where unknown."""
    if open_ is None or closed is None:
        return None
    errors = standard_error(open_, metric), standard_error(closed, metric)
    return Z90 * math.hypot(*(e for e in errors if e is not None)) if None not in errors else None


def lag_strict(opens: Sequence[Entry], closeds: Sequence[Entry], metric: Metric, on: date) -> float | None:
    """Days since the closed frontier first reached the open one, by release date on one snapshot's scores.

    None where no dated closed model has reached it. The open frontier is the running best of dated
    open models, since an undated one has no place on it.
    """
    frontier = running_best((e for e in opens if _day(e.released) <= on), metric)
    if not frontier:
        return None
    target = goodness(frontier[-1].value, metric)
    for record in running_best((e for e in closeds if _day(e.released) <= on), metric):
        if goodness(record.value, metric) >= target:
            return float((on - _day(record.released)).days)
    return None


def _day(text: str) -> date:
    """An ISO day; a month counts from its first; what is undated lies beyond every date."""
    try:
        return date.fromisoformat(text if len(text) == 10 else f"{text}-01")
    except ValueError:
        return date.max
