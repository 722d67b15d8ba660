"""Finding where a board's scale changed: rows of `rescale`, anew from the earliest new capture on."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection

from tracker.catalog.metrics import COMPARED
from tracker.trends import vintage
from tracker.trends.vintage import Board, Score

Key = tuple[str, str]  # metric and the source's own vintage
Spans = tuple[list[str], list[Score | None]]  # when a model's score changed, and what it was from then on


def find(connection: Connection, captures: Iterable[tuple[int, str]], archives: Collection[str]) -> set[int]:
    """Look for rescales in every source with new captures; returns the captures whose vintage may differ."""
    changed: set[int] = set()
    for source in sorted({source for _, source in captures} - set(archives)):
        if _measured(connection, source):
            changed |= _of_source(connection, source)
    return changed


def begun(connection: Connection, source: str) -> dict[Key, list[str]]:
    """When the scale of each metric and vintage changed, in order of time."""
    found: dict[Key, list[str]] = defaultdict(list)
    for metric, own, at in connection.exec_driver_sql(
        "SELECT metric, vintage, at FROM rescale WHERE source = ? ORDER BY at", (source,)
    ):
        found[metric, own].append(at)
    return found


def _measured(connection: Connection, source: str) -> bool:
    """Whether a source measures anything but prices."""
    row = connection.exec_driver_sql(
        "SELECT 1 FROM series s JOIN metric k ON k.id = s.metric WHERE s.source = ?"
        f" AND k.scale IN {COMPARED} LIMIT 1",
        (source,),
    ).first()
    return row is not None


def _of_source(connection: Connection, source: str) -> set[int]:
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
    new = _replayed(connection, source, [(row[0], row[1]) for row in rows], first)
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
    connection: Connection, source: str, captures: list[tuple[int, str]], first: int
) -> list[tuple[Any, ...]]:
    """The rescales from the first new capture on, each snapshot against its neighbour and its anchor."""
    first = max(first, 1)
    history = _History(connection, source, captures[first - 1][1])
    found = []
    for place in range(first, len(captures)):
        capture, at = captures[place]
        before = history.boards(captures[place - 1][1])
        for key, board in history.boards(at).items():
            if key not in before or before[key] == board:
                continue
            shift = vintage.rescaled(before[key], history.anchor(key), board)
            if shift:
                history.begin(key, at)
                found.append((source, *key, at, capture, shift.by, shift.models, shift.slow))
    return found


_MEASURED = f"FROM series s JOIN metric k ON k.id = s.metric AND k.scale IN {COMPARED}"
_AT = "(SELECT max(at) FROM point WHERE series = s.id AND at <= ?)"  # of the point in force at a time


class _History:
    """A source's boards from a time on, and where the present vintage of each metric began."""

    def __init__(self, connection: Connection, source: str, since: str) -> None:
        self._connection, self._source, self._since = connection, source, since
        self._spans: dict[Key, dict[str, Spans]] = defaultdict(lambda: defaultdict(lambda: ([], [])))
        rows = connection.exec_driver_sql(
            f"SELECT s.metric, s.vintage, s.subject, p.at, p.value, p.low, p.high {_MEASURED} JOIN point p"
            f" ON p.series = s.id AND p.at >= coalesce({_AT}, '') WHERE s.source = ? ORDER BY p.at",
            (since, source),
        ).fetchall()
        for metric, own, subject, at, *figures in rows:
            times, scores = self._spans[metric, own][subject]
            times.append(at)
            scores.append(_score(*figures))
        self._anchors: dict[Key, str] = {
            (metric, own): at
            for table in (
                "SELECT s.metric, s.vintage, min((SELECT min(at) FROM point WHERE series = s.id))"
                f" {_MEASURED} WHERE s.source = ? GROUP BY s.metric, s.vintage",
                "SELECT metric, vintage, max(at) FROM rescale WHERE source = ? GROUP BY metric, vintage",
            )
            for metric, own, at in connection.exec_driver_sql(table, (source,))
        }
        self._boards: dict[str, dict[Key, Board]] = {}
        self._anchored: dict[Key, Board] = {}

    def boards(self, at: str) -> dict[Key, Board]:
        """What each metric and vintage lists at a time; of the last few times asked for."""
        if at not in self._boards:
            while len(self._boards) > 1:
                self._boards.pop(next(iter(self._boards)))
            self._boards[at] = {key: found for key in self._spans if (found := self._board(key, at))}
        return self._boards[at]

    def anchor(self, key: Key) -> Board:
        """The first snapshot of the metric's present vintage."""
        if key not in self._anchored:
            at = self._anchors[key]
            self._anchored[key] = self._board(key, at) if at >= self._since else self._earlier(key, at)
        return self._anchored[key]

    def begin(self, key: Key, at: str) -> None:
        """From a time on, a vintage begins anew."""
        self._anchors[key] = at
        self._anchored.pop(key, None)

    def _earlier(self, key: Key, at: str) -> Board:
        rows = self._connection.exec_driver_sql(
            "SELECT s.subject, p.value, p.low, p.high FROM series s JOIN point p ON p.series = s.id"
            f" AND p.at = {_AT} WHERE s.source = ? AND s.metric = ? AND s.vintage = ?",
            (at, self._source, *key),
        )
        return {subject: score for subject, *figures in rows if (score := _score(*figures))}

    def _board(self, key: Key, at: str) -> Board:
        listed = {}
        for subject, (times, scores) in self._spans[key].items():
            place = bisect_right(times, at)
            if place and (score := scores[place - 1]):
                listed[subject] = score
        return listed


def _score(value: str | None, low: str | None, high: str | None) -> Score | None:
    """A figure as the boards compare it; None where a point says that it is gone."""
    if value is None:
        return None
    return Score(
        float(value), (float(high) - float(low)) / 2 if low is not None and high is not None else None
    )
