"""How far up its side of a board each model stood at a time, by the snapshots that the gap panel has."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from tracker.domain import Metric
from tracker.trends import importance

if TYPE_CHECKING:
    from tracker.store.boards import Board

AT_ONCE = 64  # snapshots that are read together, so that memory does not grow with the archive
BLOCKS = 64  # of as many that are kept


class Ranks:
    """The places of models on the latest snapshot of a metric at any time from `since` on."""

    def __init__(self, connection: Connection, since: str) -> None:
        self._connection, self._since = connection, since
        self._known = {row[0] for row in connection.exec_driver_sql("SELECT id FROM model")}
        self._snapshots: dict[str, list[tuple[str, str]]] = defaultdict(list)
        self._times: dict[tuple[str, str], list[str]] = defaultdict(list)
        for metric, observed, source in connection.exec_driver_sql(
            "SELECT g.metric, c.observed, g.source FROM gap g JOIN capture c ON c.id = g.capture"
            " WHERE g.licence_class = 'any' ORDER BY c.observed, c.id"
        ):
            self._snapshots[metric].append((observed, source))
            self._times[metric, source].append(observed)
        self._asked = cache(self._later)
        self._read = lru_cache(BLOCKS)(self._boards)
        self._ranked = cache(self._places)

    def at(self, metric: Metric, at: str) -> Mapping[str, float]:
        """How far up its side each listed model stood, 0 to 1; empty where nothing had been seen yet."""
        snapshots = self._snapshots.get(metric.id, ())
        count = bisect_right(snapshots, at, key=lambda snapshot: snapshot[0])
        return self._ranked(metric, *snapshots[count - 1]) if count else {}

    def _places(self, metric: Metric, observed: str, source: str) -> Mapping[str, float]:
        place = bisect_left(self._asked(metric.id, source), observed)
        for board in self._read(metric.id, source, place // AT_ONCE):
            if place % AT_ONCE in board.current:
                return self._sides(board, place % AT_ONCE - board.current.start, metric)
        return {}

    def _later(self, metric: str, source: str) -> Sequence[str]:
        """When the snapshots were that may be asked for."""
        times = self._times[metric, source]
        return times[max(0, bisect_right(times, self._since) - 1) :]

    def _boards(self, metric: str, source: str, block: int) -> Sequence[Board]:
        from tracker.store import boards  # numpy takes 50 ms, and a list of prices has no ranks

        times = self._asked(metric, source)[block * AT_ONCE : (block + 1) * AT_ONCE]
        return list(boards.read(self._connection, source, metric, times))

    def _sides(self, board: Board, row: int, metric: Metric) -> Mapping[str, float]:
        sides: tuple[dict[str, float], dict[str, float]] = {}, {}
        values = board.figure(1, slice(row, row + 1))[0].tolist()
        opened = board.entries.open["any"].tolist()
        told = [one for one in zip(values, board.models, opened, strict=True) if one[0] == one[0]]
        for value, model, is_open in sorted(told, key=lambda one: one[0], reverse=metric.higher_is_better):
            if model in self._known:
                sides[is_open].setdefault(model, value)
        return {model: place for side in sides for model, place in _shares(side).items()}


def _shares(side: Mapping[str, float]) -> Mapping[str, float]:
    """The places of a side that is in order; equal scores share the better one."""
    first: dict[float, int] = {}
    for rank, value in enumerate(side.values(), 1):
        first.setdefault(value, rank)
    return {model: importance.place(first[value], len(side)) for model, value in side.items()}
