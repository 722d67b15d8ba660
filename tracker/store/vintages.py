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
    history = _History(connection, source)
    found = []
    for place in range(max(first, 1), len(captures)):
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


class _History:
    """A source's boards by time, and where the present vintage of each metric began."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._spans: dict[Key, dict[str, Spans]] = defaultdict(lambda: defaultdict(lambda: ([], [])))
        rows = connection.exec_driver_sql(
            "SELECT s.metric, s.vintage, s.subject, p.at, p.value, p.low, p.high FROM series s JOIN metric k"
            f" ON k.id = s.metric AND k.scale IN {COMPARED} JOIN point p ON p.series = s.id"
            " WHERE s.source = ? ORDER BY p.at",
            (source,),
        ).fetchall()
        self._anchors: dict[Key, str] = {}
        for metric, own, subject, at, value, low, high in rows:
            half = (float(high) - float(low)) / 2 if low is not None and high is not None else None
            score = None if value is None else Score(float(value), half)
            times, scores = self._spans[metric, own][subject]
            times.append(at)
            scores.append(score)
            self._anchors.setdefault((metric, own), at)
        for metric, own, at in connection.exec_driver_sql(
            "SELECT metric, vintage, max(at) FROM rescale WHERE source = ? GROUP BY metric, vintage",
            (source,),
        ):
            self._anchors[metric, own] = at
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
            self._anchored[key] = self._board(key, self._anchors[key])
        return self._anchored[key]

    def begin(self, key: Key, at: str) -> None:
        """From a time on, a vintage begins anew."""
        self._anchors[key] = at
        self._anchored.pop(key, None)

    def _board(self, key: Key, at: str) -> Board:
        listed = {}
        for subject, (times, scores) in self._spans[key].items():
            place = bisect_right(times, at)
            if place and (score := scores[place - 1]):
                listed[subject] = score
        return listed
