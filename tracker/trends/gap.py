"""The gap between two frontiers in each snapshot of a board, under every named definition.

Definitions (C best closed, O best open among the models listed in one snapshot):

- `difference`: C - O in the metric's unit; positive means that open models are behind.
- `percent`: (C / O - 1) x 100, as in Stanford's AI Index.
- `win_probability`: 1 / (1 + 10^(-(C - O) / 400)), for Elo and Bradley-Terry scales only.
- `lag.strict`, `lag.tied`, `lag.matched`, `lag.area`: in days, see `lags`.

Where lower is better, both figures are turned, so that positive still means "open is behind".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from tracker.domain import Metric
from tracker.trends import lags
from tracker.trends.frontier import CLASSES
from tracker.trends.lags import Matched
from tracker.trends.scores import Z90, Bools, Floats, Frontier, Ints, Scores, frontier, leaders


@dataclass(frozen=True, slots=True)
class Gaps:
    """The panel of one licence class, each an array over snapshots.

    `open` and `closed` are columns of the leaders, -1 where a side lists nobody; figures that need a side
    which is not there, or a noise that nobody tells, are NaN.
    """

    licence_class: str
    open: Ints
    closed: Ints
    difference: Floats
    percent: Floats
    win_probability: Floats
    noise: Floats
    lag_strict: Floats
    lag_tied: Floats
    lag_matched: Matched
    lag_area: Floats
    n_open: Ints
    n_closed: Ints
    n_unknown: Ints


def measure(board: Scores, metric: Metric) -> Iterator[Gaps]:
    """The gaps of all snapshots, for one licence class after another."""
    closed = board.entries.closed
    leader, line = leaders(board, closed), frontier(board, closed)
    for name in CLASSES:
        yield _of_class(board, metric, name, leader, line)


def _of_class(board: Scores, metric: Metric, name: str, closed: Ints, line: Frontier) -> Gaps:
    group = board.entries.open[name]
    leader, behind = leaders(board, group), frontier(board, group)
    o, c = at(board.goodness, leader), at(board.goodness, closed)
    return Gaps(
        name,
        leader,
        closed,
        c - o,
        percent(o, c, metric),
        win_probability(o, c, metric),
        noise(at(board.errors, leader), at(board.errors, closed)),
        lags.strict(line, behind, board.days),
        lags.tied(line, behind, board.days),
        lags.matched(line, behind, board, group),
        lags.area(line, behind, board.days),
        _count(board, group),
        _count(board, board.entries.closed),
        _count(board, board.entries.unknown),
    )


def at(values: Floats, columns: Ints) -> Floats:
    """(S,) the value of one column in each snapshot; NaN where the column is -1."""
    if values.shape[1] == 0:
        return np.full(len(values), np.nan)
    return np.where(columns >= 0, values[np.arange(len(values)), columns], np.nan)


def percent(open_: Floats, closed: Floats, metric: Metric) -> Floats:
    """(C / O - 1) x 100; where lower is better (O / C - 1) x 100. NaN where the divisor is not positive."""
    above, below = (closed, open_) if metric.higher_is_better else (-open_, -closed)
    return (above / np.where(below > 0, below, np.nan) - 1) * 100


def win_probability(open_: Floats, closed: Floats, metric: Metric) -> Floats:
    """The probability that the best closed model beats the best open one; on Elo scales only."""
    if metric.scale != "elo":
        return np.full(len(open_), np.nan)
    return 1 / (1 + 10 ** np.clip(-(closed - open_) / 400, -300, 300))


def noise(open_: Floats, closed: Floats) -> Floats:
    """1.645 standard errors of the difference: what is smaller is a tie at 90 %. NaN where unknown."""
    found = Z90 * np.hypot(open_, closed)
    return np.where(np.isfinite(found), found, np.nan)


def _count(board: Scores, group: Bools) -> Ints:
    """(S,) how many entries of a group each snapshot lists."""
    count: Ints = (board.goodness[:, group] > -np.inf).sum(axis=1)
    return count
