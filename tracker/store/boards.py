"""What a board listed at given times, as matrices: its points read once, carried along in order of time."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress
from operator import itemgetter
from typing import Any

import numpy as np
from sqlalchemy import Connection

from tracker.domain import LicenceClass, Metric, Weights
from tracker.store.listing import Listings
from tracker.store.packed import packed
from tracker.store.query import dated
from tracker.trends.scores import Bools, Entries, Floats, Ints, Scores, describe, scores

# A series, and packed its points that are in force at the first of the times or come until the last: when the
# earliest is, then all of their times, numbers, values, lower and upper bounds, n.
_POINTS = "min(p.at) || '|' || " + packed("p.at", "p.id", "p.value", "p.low", "p.high", "p.n", missing="nan")
_SERIES = (
    "SELECT s.vintage, coalesce(l.model, s.subject), coalesce(l.variant, ''), coalesce(m.weights, 'unknown'),"
    f" coalesce(m.licence_class, 'unknown'), coalesce(m.released, ''), (SELECT {_POINTS} FROM point p"
    " WHERE p.series = s.id AND p.at <= ? AND p.at >="
    " coalesce((SELECT max(at) FROM point WHERE series = s.id AND at <= ?), '')) AS points"
    " FROM series s LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
    " LEFT JOIN model m ON m.id = l.model WHERE s.source = ? AND s.metric = ?"
    " ORDER BY s.subject, s.id"
)


@dataclass(frozen=True, slots=True)
class Board:
    """A metric in one of its source's vintages: which of the times it is current at, and its M columns.

    `figures` are its points: number, value, low, high, n; `last` (S, M) leads to the one in force, -1 where
    there is none yet.
    """

    vintage: str
    current: range
    models: Sequence[str]
    variants: Sequence[str]
    entries: Entries
    figures: tuple[Floats, ...]
    last: Ints

    def figure(self, number: int, rows: slice = slice(None)) -> Floats:
        """(S, M) a figure of the points in force, NaN where there is none."""
        return np.append(self.figures[number], np.nan)[self.last[rows]]

    def listed(self) -> Bools:
        """(S, M) what stands on the board."""
        return ~np.isnan(self.figure(1))

    def scores(self, metric: Metric, days: Ints, rows: slice) -> Scores:
        """Some of the snapshots as scores; `days` are theirs."""
        values, low, high, n = (self.figure(number, rows) for number in range(1, 5))
        return scores(days, values, (low, high), n, self.entries, metric)


def read(connection: Connection, source: str, metric: str, times: Sequence[str]) -> Iterator[Board]:
    """The boards of a metric at times in order, each where its vintage was the newest that had begun."""
    found: dict[str, list[Any]] = defaultdict(list)
    for vintage, *about, points in connection.exec_driver_sql(_SERIES, (times[-1], times[0], source, metric)):
        if points:
            found[vintage].append([*about, *points.split("|")])
    end = len(times)
    for vintage in sorted(found, reverse=True):
        rows = sorted(found[vintage], key=itemgetter(0))  # by name, which decides between equals
        begun = bisect_left(times, min(row[5] for row in rows))
        if begun < end:
            yield _board(vintage, rows, times, slice(begun, end))
        end = min(end, begun)


def _board(vintage: str, rows: Sequence[Sequence[str]], times: Sequence[str], current: slice) -> Board:
    ats = [row[6].split(" ") for row in rows]
    column = np.repeat(np.arange(len(rows)), [len(at) for at in ats])
    order, slot = _in_time(list(chain.from_iterable(ats)), column, times)
    last = np.full((len(times), len(rows)), -1)
    last[slot[order], column[order]] = np.arange(len(order))
    return Board(
        vintage,
        range(len(times))[current],
        [row[0] for row in rows],
        [row[1] for row in rows],
        describe([(Weights(row[2]), LicenceClass(row[3]), row[4]) for row in rows]),
        tuple(_numbers(row[place] for row in rows)[order] for place in range(7, 12)),
        np.maximum.accumulate(last, axis=0)[current],
    )


def _in_time(ats: Sequence[str], column: Ints, times: Sequence[str]) -> tuple[Ints, Ints]:
    """The order of points by column and time, and the first of the times at which each is in force."""
    moments = sorted(set(ats))
    rank = {at: number for number, at in enumerate(moments)}
    ranks = np.array([rank[at] for at in ats])
    slots = np.array([bisect_left(times, at) for at in moments])
    return np.argsort(column * len(moments) + ranks, kind="stable"), slots[ranks]


def _numbers(texts: Iterator[str]) -> Floats:
    return np.fromstring(" ".join(texts), sep=" ")


class Shown:
    """Which models a source lists at times, over all of its metrics."""

    def __init__(self, times: Sequence[str]) -> None:
        self._places = {at: number for number, at in enumerate(times)}
        self._models: dict[tuple[str, str], int] = {}
        self._columns: list[int] = []
        self._listed: list[Bools] = []

    def add(self, times: Sequence[str], board: Board) -> None:
        """What a metric's board lists at the times that it is current at."""
        rows = [number for number, at in enumerate(times) if at in self._places]
        listed = np.zeros((len(self._places), len(board.models)), bool)
        listed[[self._places[times[number]] for number in rows]] = board.listed()[rows]
        named = zip(board.models, map(dated, board.variants), strict=True)
        self._columns += [self._models.setdefault(model, len(self._models)) for model in named]
        self._listed.append(listed)

    def note(self, source: str, listings: Listings) -> None:
        """Let it be known."""
        seen = np.zeros((len(self._places), 0), bool)
        if self._columns:
            order = np.argsort(self._columns, kind="stable")
            first = np.searchsorted(np.array(self._columns)[order], range(len(self._models)))
            seen = np.logical_or.reduceat(np.hstack(self._listed)[:, order], first, axis=1)
        for at, listed in zip(self._places, seen, strict=True):
            listings.note(source, at, compress(self._models, listed))
