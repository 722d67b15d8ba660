"""A board's scores as a matrix: a row for each snapshot, a column for each entry that it ever lists.

What is not listed has a goodness of -inf, what nobody tells the noise of an error of inf: neither wins a
comparison, and no figure is made of them.

Standard errors come from a published 95 % interval (half-width / 1.96); where a board publishes none but
its number of questions is known, from the binomial distribution; otherwise the noise is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tracker.domain import LicenceClass, Metric, Weights
from tracker.trends.frontier import CLASSES, in_class

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

Z90 = 1.645  # two-sided 90 %
Z95 = 1.96
NEVER = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Entries:
    """The columns, ordered by name: masks of length M, and release days as ordinals (NEVER: undated)."""

    closed: Bools
    unknown: Bools
    open: dict[str, Bools]
    released: Ints


@dataclass(frozen=True, slots=True)
class Scores:
    """S snapshots of M entries: days (S,) as ordinals, goodness and standard errors (S, M)."""

    days: Ints
    goodness: Floats
    errors: Floats
    entries: Entries

    def part(self, rows: slice) -> Scores:
        """Some of the snapshots."""
        return Scores(self.days[rows], self.goodness[rows], self.errors[rows], self.entries)


@dataclass(frozen=True, slots=True)
class Frontier:
    """The running best of a group by release date, on the scores of each snapshot.

    `days` (D,) are the release days; the first column is the time before anybody's. `best` (S, D) is the
    goodness reached by then, `errors` the standard error of the entry that reached it, `records` whether it
    rose on that day.
    """

    days: Ints
    best: Floats
    errors: Floats
    records: Bools

    @property
    def top(self) -> Floats:
        """What the frontier has reached at the time of each snapshot; -inf where nobody is on it."""
        return self.best[:, -1]


def describe(about: Sequence[tuple[Weights, LicenceClass, str]]) -> Entries:
    """The columns of entries: weights, licence class and release date ("2025-01-20", "2025-01" or "")."""
    weights = [one[0] for one in about]
    return Entries(
        np.array([w is Weights.CLOSED for w in weights], bool),
        np.array([w is Weights.UNKNOWN for w in weights], bool),
        {name: np.array([in_class(w, licence, name) for w, licence, _ in about], bool) for name in CLASSES},
        np.array([ordinal(one[2]) for one in about], np.int64),
    )


def ordinal(text: str) -> int:
    """An ISO day as a number; a month counts from its first; what is undated lies beyond every date."""
    try:
        return date.fromisoformat(text if len(text) == 10 else f"{text}-01").toordinal()
    except ValueError:
        return NEVER


def scores(
    days: Ints, values: Floats, bounds: tuple[Floats, Floats], n: Floats, entries: Entries, metric: Metric
) -> Scores:
    """The matrix of published values (S, M), NaN where unlisted; so are bounds and n where unpublished."""
    turned = values if metric.higher_is_better else -values
    listed = ~np.isnan(values)
    errors = np.where(listed, standard_errors(values, bounds, n, metric), np.inf)
    return Scores(days, np.where(listed, turned, -np.inf), errors, entries)


def standard_errors(values: Floats, bounds: tuple[Floats, Floats], n: Floats, metric: Metric) -> Floats:
    """The standard errors of scores in the metric's unit, inf where nothing is known of their noise."""
    width = bounds[1] - bounds[0]
    if metric.scale != "percent":
        return np.where(width > 0, width / 2 / Z95, np.inf)
    questions = np.where(n > 0, n, metric.questions or np.nan)
    share = (np.clip(values, 0, 100) + 100 / questions) / (100 + 200 / questions)  # never without noise
    binomial = 100 * np.sqrt(share * (1 - share) / questions)
    known = (values >= 0) & (values <= 100) & (questions > 0)
    return np.where(width > 0, width / 2 / Z95, np.where(known, binomial, np.inf))


def leaders(board: Scores, group: Bools) -> Ints:
    """(S,) the column of the best of a group: among equals the surest, then the first; -1 where none."""
    if not group.any():
        return np.full(len(board.days), -1)
    columns = np.flatnonzero(group)
    values, errors = board.goodness[:, columns], board.errors[:, columns]
    equal = values == values.max(axis=1, keepdims=True)
    errors = np.where(equal, errors, np.inf)
    surest = equal & (errors == errors.min(axis=1, keepdims=True))
    found = surest.argmax(axis=1)
    return np.where(values.max(axis=1) > -np.inf, columns[found], -1)


def released(board: Scores, group: Bools) -> tuple[Ints, Floats, Floats]:
    """A group's dated entries by release: days (K,), goodness and errors (S, K) of those out by then."""
    columns = np.flatnonzero(group & (board.entries.released < NEVER))
    columns = columns[np.argsort(board.entries.released[columns], kind="stable")]
    days = board.entries.released[columns]
    out = days <= board.days[:, None]
    values = np.where(out, board.goodness[:, columns], -np.inf)
    return days, values, np.where(values > -np.inf, board.errors[:, columns], np.inf)


def frontier(board: Scores, group: Bools) -> Frontier:
    """The running best of a group; undated entries have no place on it."""
    found, values, errors = released(board, group)
    days, first = np.unique(found, return_index=True)
    before = np.full((len(board.days), 1), -np.inf)
    if len(days) == 0:
        return Frontier(np.zeros(1, np.int64), before, -before, np.zeros(before.shape, bool))
    tops = np.maximum.reduceat(values, first, axis=1)
    equal = values == np.repeat(tops, np.diff([*first, len(found)]), axis=1)
    surest = np.minimum.reduceat(np.where(equal, errors, np.inf), first, axis=1)
    best = np.maximum.accumulate(np.hstack([before, tops]), axis=1)
    records = np.hstack([before > 0, best[:, 1:] > best[:, :-1]])
    holder = np.maximum.accumulate(np.where(records, np.arange(best.shape[1]), 0), axis=1)
    held = np.take_along_axis(np.hstack([-before, surest]), holder, axis=1)
    return Frontier(np.concatenate([[0], days]), best, held, records)
