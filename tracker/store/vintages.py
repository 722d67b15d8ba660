"""Finding where a board's scale changed: rows of `rescale`, anew from the earliest new capture on."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection

from tracker.catalog.metrics import COMPARED
from tracker.store.packed import packed, unpacked
from tracker.trends import vintage
from tracker.trends.vintage import Board, Score

Key = tuple[str, str]  # metric and the source's own vintage
Spans = tuple[list[str], list[Score | None]]  # when a model's score changed, and what it was from then on


def find(connection: Connection, captures: Iterable[tuple[int, str]], archives: Collection[str]) -> set[int]:
    """Look for rescales in every source with new captures; returns the captures whose vintage may differ."""
    changed: set[int] = set()
    for source in sorted({source for _, source in captures} - set(archives)):
        if metrics := _measured(connection, source):
            changed |= _of_source(connection, source, metrics)
    return changed


def begun(connection: Connection, source: str) -> dict[Key, list[str]]:
    """When the scale of each metric and vintage changed, in order of time."""
    found: dict[Key, list[str]] = defaultdict(list)
    for metric, own, at in connection.exec_driver_sql(
        "SELECT metric, vintage, at FROM rescale WHERE source = ? ORDER BY at", (source,)
    ):
        found[metric, own].append(at)
    return found


def _measured(connection: Connection, source: str) -> list[str]:
    """What a source measures but prices."""
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT s.metric FROM metric k CROSS JOIN series s ON s.source = ? AND s.metric = k.id"
        f" WHERE k.scale IN {COMPARED} ORDER BY s.metric",
        (source,),
    )
    return [row[0] for row in rows]


def _of_source(connection: Connection, source: str, metrics: Iterable[str]) -> set[int]:
    rows = connection.exec_driver_sql(
        "SELECT id, observed, settled FROM capture WHERE source = ? AND outcome = 'new'"
        " ORDER BY observed, id",
        (source,),
    ).fetchall()
    first = next(place for place, row in enumerate(rows) if not row[2])
    old = connection.exec_driver_sql(
        "DELETE FROM rescale WHERE source = ? AND at >= ? RETURNING metric, vintage, at, capture",
        (source, rows[first][1]),
    ).fetchall()
    captures = [(row[0], row[1]) for row in rows]
    new = [found for metric in metrics for found in _replayed(connection, (source, metric), captures, first)]
    if new:
        connection.exec_driver_sql(
            "INSERT INTO rescale (source, metric, vintage, at, capture, shift, models, slow)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            new,
        )
    differ = {tuple(row) for row in old} ^ {tuple(row[1:5]) for row in new}
    since = min((at for _, _, at, _ in differ), default="9999")
    return {row[0] for row in rows if row[1] >= since}


def _replayed(
    connection: Connection, board: tuple[str, str], captures: list[tuple[int, str]], first: int
) -> Iterator[tuple[Any, ...]]:
    """The rescales of a source's metric from the first new capture on, each snapshot against its neighbour
    and its anchor.
    """
    first = max(first, 1)
    history = _History(connection, board, captures[first - 1][1])
    for place in range(first, len(captures)):
        capture, at = captures[place]
        before = history.listed(captures[place - 1][1])
        for own, now in history.listed(at).items():
            if own not in before or before[own] == now:
                continue
            if shift := vintage.rescaled(before[own], history.anchor(own), now):
                history.begin(own, at)
                source, metric = board
                yield source, metric, own, at, capture, shift.by, shift.models, shift.slow


_AT = "(SELECT max(at) FROM point WHERE series = s.id AND at <= ?)"  # of the point in force at a time


class _History:
    """What a source lists of a metric from a time on, by the source's own vintages; and where the present
    vintage of each began.
    """

    def __init__(self, connection: Connection, board: tuple[str, str], since: str) -> None:
        self._connection, self._board, self._since = connection, board, since
        self._spans = _spans(connection, board, since)
        self._anchors = _anchors(connection, board)
        self._listed: dict[str, dict[str, Board]] = {}
        self._anchored: dict[str, Board] = {}

    def listed(self, at: str) -> dict[str, Board]:
        """What each vintage lists at a time; of the last few times asked for."""
        if at not in self._listed:
            while len(self._listed) > 1:
                self._listed.pop(next(iter(self._listed)))
            self._listed[at] = {own: found for own in self._spans if (found := self._at(own, at))}
        return self._listed[at]

    def anchor(self, own: str) -> Board:
        """The first snapshot of the present vintage."""
        if own not in self._anchored:
            at = self._anchors[own]
            self._anchored[own] = self._at(own, at) if at >= self._since else self._earlier(own, at)
        return self._anchored[own]

    def begin(self, own: str, at: str) -> None:
        """From a time on, a vintage begins anew."""
        self._anchors[own] = at
        self._anchored.pop(own, None)

    def _at(self, own: str, at: str) -> Board:
        listed = {}
        for subject, (times, scores) in self._spans[own].items():
            place = bisect_right(times, at)
            if place and (score := scores[place - 1]):
                listed[subject] = score
        return listed

    def _earlier(self, own: str, at: str) -> Board:
        rows = self._connection.exec_driver_sql(
            "SELECT s.subject, p.value, p.low, p.high FROM series s JOIN point p ON p.series = s.id"
            f" AND p.at = {_AT} WHERE s.source = ? AND s.metric = ? AND s.vintage = ?",
            (at, *self._board, own),
        )
        return {subject: score for subject, *figures in rows if (score := _score(*figures))}


def _spans(connection: Connection, board: tuple[str, str], since: str) -> dict[str, dict[str, Spans]]:
    """What a metric's series say from a time on, by the source's vintage and spelling."""
    rows = connection.exec_driver_sql(
        f"SELECT s.vintage, s.subject, (SELECT {packed('at', 'value', 'low', 'high')} FROM point"
        f" WHERE series = s.id AND at >= coalesce({_AT}, '')) FROM series s"
        " WHERE s.source = ? AND s.metric = ?",
        (since, *board),
    ).fetchall()
    said: dict[Key, list[tuple[str, ...]]] = defaultdict(list)
    for own, subject, points in rows:
        said[own, subject] += unpacked(points)
    found: dict[str, dict[str, Spans]] = defaultdict(dict)
    for (own, subject), figures in said.items():
        figures.sort()
        found[own][subject] = [one[0] for one in figures], [_score(*one[1:]) for one in figures]
    return found


def _anchors(connection: Connection, board: tuple[str, str]) -> dict[str, str]:
    """When the present vintage of each of the source's own began."""
    began = (
        "SELECT s.vintage, min((SELECT min(at) FROM point WHERE series = s.id)) FROM series s"
        " WHERE s.source = ? AND s.metric = ? GROUP BY s.vintage",
        "SELECT vintage, max(at) FROM rescale WHERE source = ? AND metric = ? GROUP BY vintage",
    )
    return {own: at for one in began for own, at in connection.exec_driver_sql(one, board)}


def _score(value: str | None, low: str | None, high: str | None) -> Score | None:
    """A figure as the boards compare it; None where a point says that it is gone."""
    return Score(float(value), (float(high) - float(low)) / 2 if low and high else None) if value else None
