"""From the gap panel of a metric to the snapshots and readings that events and states are found in."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection

from tracker.domain import Metric
from tracker.store.query import dated
from tracker.trends.events import Side, Snapshot
from tracker.trends.frontier import goodness
from tracker.trends.states import Reading
from tracker.trends.vintage import own

Panel = dict[tuple[str, str], list[Any]]  # rows in order of date by (the source's own vintage, licence class)


def panel(connection: Connection, metric: str, archives: Collection[str]) -> Panel:
    """The metric's panel. `spoke` tells whether anything of the metric moved: else the page may not show it.

    An archive lists a few models of some dates, so it counts only before the board's own first snapshot.
    """
    rows = connection.exec_driver_sql(
        # A leader's own point is looked at first; a series has at most one point at the time of a capture.
        "SELECT g.*, c.observed, coalesce(o.capture = g.capture, 0) OR coalesce(k.capture = g.capture, 0)"
        " OR EXISTS (SELECT 1 FROM series s CROSS JOIN point p ON p.series = s.id AND p.at = c.observed"
        " WHERE s.source = g.source AND s.metric = g.metric AND p.capture = g.capture) AS spoke"
        " FROM gap g JOIN capture c ON c.id = g.capture LEFT JOIN point o ON o.id = g.open_point"
        " LEFT JOIN point k ON k.id = g.closed_point WHERE g.metric = ?"
        " ORDER BY g.date, c.observed, g.capture",
        (metric,),
    ).fetchall()
    first = next((row.date for row in rows if row.source not in archives), "9999")
    found: Panel = defaultdict(list)
    for row in rows:
        if row.source not in archives or row.date < first:
            found[own(row.vintage), row.licence_class].append(row)
    return found


def readings(rows: Sequence[Any]) -> list[Reading]:
    """What each row says of the gap."""
    return [Reading(date.fromisoformat(row.date), row.difference, row.noise, row.capture) for row in rows]


class Scores:
    """What the boards of a metric say of models at any time, read for those models that are asked for."""

    def __init__(self, connection: Connection, metric: Metric) -> None:
        self._connection = connection
        self._metric = metric
        self._series: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        for id, source, vintage, model, variant in connection.exec_driver_sql(
            "SELECT s.id, s.source, s.vintage, coalesce(l.model, s.subject), coalesce(l.variant, '')"
            " FROM series s LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
            # By the sources that measure it, since prices have far more series.
            " WHERE s.source IN (SELECT DISTINCT source FROM gap WHERE metric = ?) AND s.metric = ?",
            (metric.id, metric.id),
        ):
            self._series[source, vintage, leader(model, variant)].append(id)
        self._points: dict[tuple[str, str, str], list[list[tuple[str, float | None]]]] = {}

    def snapshot(self, row: Any) -> Snapshot:
        """A row of the panel that has both sides, with what its board lists."""
        listed = _Listed(self, row.source, own(row.vintage), row.observed)
        open_ = leader(row.open_model, row.open_variant), goodness(row.open_value, self._metric)
        closed = leader(row.closed_model, row.closed_variant), goodness(row.closed_value, self._metric)
        sides = Side(*open_, listed), Side(*closed, listed)
        return Snapshot(date.fromisoformat(row.date), *sides, row.noise, row.capture, row.vintage)

    def models(self, source: str, vintage: str) -> list[str]:
        """Every leader that a board ever listed in one of its vintages."""
        return [key[2] for key in self._series if key[:2] == (source, vintage)]

    def at(self, key: tuple[str, str, str], observed: str) -> float | None:
        """The goodness of a model at a time: its best row, or None where it is not listed."""
        if key not in self._points:
            self._points[key] = [self._read(series) for series in self._series.get(key, ())]
        found = (_in_force(points, observed) for points in self._points[key])
        return max((value for value in found if value is not None), default=None)

    def _read(self, series: int) -> list[tuple[str, float | None]]:
        rows = self._connection.exec_driver_sql(
            "SELECT at, value FROM point WHERE series = ? ORDER BY at", (series,)
        )
        return [(at, None if value is None else goodness(float(value), self._metric)) for at, value in rows]


def _in_force(points: Sequence[tuple[str, float | None]], observed: str) -> float | None:
    place = bisect_right(points, observed, key=lambda point: point[0]) - 1
    return points[place][1] if place >= 0 else None


class _Listed(Mapping[str, float]):
    """The scores of one snapshot by leader; looked up when they are asked for, which is seldom."""

    __slots__ = ("_observed", "_scores", "_source", "_vintage")

    def __init__(self, scores: Scores, source: str, vintage: str, observed: str) -> None:
        self._scores, self._source, self._vintage, self._observed = scores, source, vintage, observed

    def __getitem__(self, model: str) -> float:
        value = self._scores.at((self._source, self._vintage, model), self._observed)
        if value is None:
            raise KeyError(model)
        return value

    def __iter__(self) -> Iterator[str]:
        return (model for model in self._scores.models(self._source, self._vintage) if model in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@cache
def leader(model: str, variant: str | None) -> str:
    """What leads a side: a model at a date, for a new snapshot of the same model moves a gap, too."""
    return f"{model}@{dated(variant or '')}"
