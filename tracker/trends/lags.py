"""How many days open models are behind, each under a named definition, in every snapshot of a board.

All go by release date on the scores of one snapshot (re-scored), since a rating scale is fixed only up to a
constant and drifts. C(d) and O(d) are the running bests of closed and open models released by day d, O
without a day is that of the snapshot, s are standard errors. Each function gives (S,) days, NaN where the
definition says nothing.

- `lag.strict`: days since the closed frontier first reached O.
- `lag.tied`: days since the closed frontier was last not significantly better, C(d) - O <= 1.645
  sqrt(s1^2 + s2^2); 0 while it is not. Epoch AI, May 2026, without its joint draws.
- `lag.matched`: for each closed record above the open frontier of its day, the days until the first open
  model within the tolerance; Kaplan and Meier's median. Epoch AI, November 2024.
- `lag.area`: the area between both curves over the scores that both have passed through, divided by their
  range. Epoch AI's cross-check.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tracker.trends.scores import NEVER, Z90, Bools, Floats, Frontier, Ints, Scores, released


@dataclass(frozen=True, slots=True)
class Matched:
    """(S,) the median days until closed records are matched, and how many were matched and censored."""

    median: Floats
    matched: Ints
    censored: Ints


def strict(closed: Frontier, open_: Frontier, on: Ints) -> Floats:
    """Days since the closed frontier first reached the open one; NaN where it has not, or nobody is dated."""
    reached = closed.best >= open_.top[:, None]
    first = closed.days[reached.argmax(axis=1)]
    known = (open_.top > -np.inf) & reached.any(axis=1)
    return np.where(known, on - first, np.nan)


def tied(closed: Frontier, open_: Frontier, on: Ints) -> Floats:
    """Days since the closed frontier was last not significantly better; 0 while it is not.

    NaN where a noise that would decide is unknown, or a side has nobody dated. Where even the first closed
    model was better, its release counts.
    """
    known = (open_.top > -np.inf) & (closed.top > -np.inf) & np.isfinite(open_.errors[:, -1])
    lead = closed.best - np.where(known, open_.top, 0.0)[:, None]
    noise = Z90 * np.hypot(closed.errors, open_.errors[:, -1:])
    unsure = (lead > 0) & np.isinf(noise)
    level = (lead <= noise) & ~unsure
    count = len(closed.days)
    last = count - 1 - level[:, ::-1].argmax(axis=1)
    known &= ~(unsure & (np.arange(count) > last[:, None])).any(axis=1)
    since = closed.days[np.minimum(last + 1, count - 1)]
    return np.where(known, np.where(last == count - 1, 0, on - since), np.nan)


def area(closed: Frontier, open_: Frontier, on: Ints) -> Floats:
    """The mean of (open's day - closed's day) over the scores both have passed through; NaN where none."""
    low = np.maximum(_first(closed), _first(open_))
    high = np.minimum(closed.top, open_.top)
    known = low < high
    low, high = np.where(known, low, 0.0), np.where(known, high, 1.0)
    behind = _mean_day(open_, low, high, on) - _mean_day(closed, low, high, on)
    return np.where(known, behind, np.nan)


def _first(frontier: Frontier) -> Floats:
    """(S,) the frontier's first record, from which on its scores have dates; inf where there is none."""
    first: Floats = np.where(frontier.best > -np.inf, frontier.best, np.inf).min(axis=1)
    return first


def _mean_day(frontier: Frontier, low: Floats, high: Floats, on: Ints) -> Floats:
    """(S,) the day on which a score between low and high was reached, on average, counted from `on`."""
    steps = np.diff(np.clip(frontier.best, low[:, None], high[:, None]), axis=1)
    days: Floats = (steps * (frontier.days[1:] - on[:, None])).sum(axis=1) / (high - low)
    return days


def matched(closed: Frontier, open_: Frontier, board: Scores, group: Bools) -> Matched:
    """How long closed records stood until an open model of the group was within the tolerance.

    The tolerance is 1.645 standard errors of the difference, or nothing where the noise is unknown. A model
    that was there already matches at once; a record that nobody has matched is censored at the snapshot.
    """
    there = open_.best[:, np.searchsorted(open_.days, closed.days, side="right") - 1]
    row, column = np.nonzero(closed.records & (closed.best > there))
    days, values, errors = released(board, group)
    short = closed.best[row, column][:, None] - values[row]
    # Squares are compared, which spares ten million roots.
    noise = _square(closed.errors)[row, column][:, None] + _square(errors)[row]
    within = (short <= 0) | (short * short <= noise)
    event = np.asarray(within.any(axis=1))
    first = within.argmax(axis=1) if len(days) else np.zeros(len(row), np.int64)
    until = np.where(event, np.append(days, NEVER)[first], board.days[row])
    waited = np.maximum(until - closed.days[column], 0)
    size = len(board.days)
    return Matched(
        kaplan_meier(row, waited, event, size),
        np.bincount(row[event], minlength=size),
        np.bincount(row[~event], minlength=size),
    )


def _square(errors: Floats) -> Floats:
    """The square of 1.645 standard errors; NaN where unknown, which is beyond no difference."""
    return np.where(np.isinf(errors), np.nan, Z90 * errors) ** 2


def kaplan_meier(row: Ints, waited: Ints, event: Bools, size: int) -> Floats:
    """(size,) the least time at which at most half are still waiting, row by row; NaN where none is.

    Kaplan and Meier, 1958: the product of 1 - events / at risk over the times of events; what is censored
    counts as at risk up to its own time.
    """
    counts = np.bincount(row, minlength=size)
    order = np.lexsort((~event, waited, row))
    rank = np.arange(len(row)) - (np.cumsum(counts) - counts)[row[order]]
    shape = (size, counts.max(initial=0) + 1)  # the last column is for rows without any
    left, times = np.ones(shape), np.full(shape, np.nan)
    left[row[order], rank] = 1 - event[order] / (counts[row[order]] - rank)
    times[row[order], rank] = waited[order]
    half = np.cumprod(left, axis=1) <= 0.5 + 1e-9
    first = np.where(half.any(axis=1), half.argmax(axis=1), shape[1] - 1)
    found: Floats = times[np.arange(size), first]
    return found
