"""The rows of the panel: a source's boards, read once for all snapshots wanted, measured and written."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Connection

from tracker.domain import Metric
from tracker.store import boards, schema, vintages
from tracker.store.boards import Board, Shown
from tracker.trends.gap import Gaps, measure
from tracker.trends.scores import Floats, Ints
from tracker.trends.vintage import name

COLUMNS = [column.name for column in schema.gap.columns]
_INSERT = f"INSERT INTO gap ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
AT_ONCE = 64  # snapshots that are measured together, so that memory does not grow with the archive


class Snapshot(NamedTuple):
    """A capture whose rows are wanted, and the day that it speaks of."""

    observed: str
    capture: int
    day: str


class Place(NamedTuple):
    """A source, when its scales changed, and (capture, metric) of what it spoke of; None: of everything."""

    name: str
    rescaled: Mapping[tuple[str, str], Sequence[str]]
    spoken: Collection[tuple[int, str]] | None


def place(connection: Connection, source: str, *, archive: bool) -> Place:
    """A source as its rows need to know it."""
    spoken = None
    if archive:
        rows = connection.exec_driver_sql(
            "SELECT DISTINCT p.capture, s.metric FROM series s JOIN point p ON p.series = s.id"
            " WHERE s.source = ?",
            (source,),
        )
        spoken = {(row[0], row[1]) for row in rows}
    return Place(source, vintages.begun(connection, source), spoken)


def snapshots(connection: Connection, captures: Collection[int]) -> list[Snapshot]:
    """The snapshots of captures, in order of time."""
    rows = connection.exec_driver_sql(
        "SELECT observed, id, substr(CASE as_of WHEN '' THEN observed ELSE as_of END, 1, 10) FROM capture"
        " WHERE id IN (SELECT value FROM json_each(?)) ORDER BY observed, id",
        (json.dumps(list(captures)),),
    )
    return [Snapshot(*row) for row in rows]


def write(
    connection: Connection, place: Place, metric: Metric, wanted: Sequence[Snapshot], shown: Shown
) -> bool:
    """Compute a metric's rows for snapshots in order of time; whether there are any."""
    keys = [(snapshot.capture, metric.id) for snapshot in wanted]
    connection.exec_driver_sql("DELETE FROM gap WHERE capture = ? AND metric = ?", keys)
    rows: list[Any] = []
    for board in boards.read(connection, place.name, metric.id, [one.observed for one in wanted]):
        shown.add([wanted[number].observed for number in board.current], board)
        rows += _rows(place, metric, board, [wanted[number] for number in board.current])
    if rows:
        connection.exec_driver_sql(_INSERT, rows)
    return bool(rows)


def _rows(place: Place, metric: Metric, board: Board, wanted: Sequence[Snapshot]) -> Iterator[Any]:
    """The rows of every snapshot that lists anybody and speaks of the metric."""
    rescaled = place.rescaled.get((metric.id, board.vintage), ())
    for start in range(0, len(wanted), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        days = [date.fromisoformat(one.day).toordinal() for one in wanted[part]]
        scores = board.scores(metric, np.array(days), part)
        vintage = [name(board.vintage, bisect_right(rescaled, one.observed)) for one in wanted[part]]
        kept = _kept(place, metric, wanted[part], np.any(scores.goodness > -np.inf, axis=1))
        for gaps in measure(scores, metric):
            rows = zip(wanted[part], vintage, _figures(gaps, board, part), kept, strict=True)
            for one, scale, figures, keep in rows:
                if keep:
                    yield one.capture, metric.id, scale, gaps.licence_class, place.name, one.day, *figures


def _kept(place: Place, metric: Metric, wanted: Sequence[Snapshot], listing: Any) -> list[bool]:
    """Which snapshots list anybody and speak of the metric."""
    spoken = place.spoken
    return [
        bool(listed) and (spoken is None or (one.capture, metric.id) in spoken)
        for one, listed in zip(wanted, listing, strict=True)
    ]


def _figures(gaps: Gaps, board: Board, part: slice) -> Iterator[tuple[Any, ...]]:
    """The figures of each snapshot, in the order of the table's columns."""
    opens, closeds = (_points(board.last[part], side) for side in (gaps.open, gaps.closed))
    waited = gaps.lag_matched
    return zip(
        *_leader(board, gaps.open, opens),
        *_leader(board, gaps.closed, closeds),
        *([int(p) if p else None for p in _told(board.figures[0], points)] for points in (opens, closeds)),
        *map(_known, (gaps.difference, gaps.percent, gaps.win_probability, gaps.noise)),
        *map(_known, (gaps.lag_strict, gaps.lag_tied, waited.median)),
        waited.matched.tolist(),
        waited.censored.tolist(),
        _known(gaps.lag_area),
        *(counts.tolist() for counts in (gaps.n_open, gaps.n_closed, gaps.n_unknown)),
        strict=True,
    )


def _points(last: Ints, side: Ints) -> Ints:
    """(S,) where the figures of a side's leader stand; -1 where nobody leads."""
    return np.where(side >= 0, last[np.arange(len(last)), side], -1)


def _leader(board: Board, side: Ints, points: Ints) -> tuple[list[Any], ...]:
    """A leader's model, variant, value, low and high, snapshot by snapshot."""
    models, variants = [*board.models, ""], [*board.variants, ""]
    return (
        [models[column] for column in side.tolist()],
        [variants[column] for column in side.tolist()],
        *(_told(board.figures[number], points) for number in (1, 2, 3)),
    )


def _told(figures: Floats, points: Ints) -> list[float | None]:
    """One figure of the points; None where there is none."""
    return _known(np.append(figures, np.nan)[points])


def _known(values: Floats) -> list[float | None]:
    """Plain numbers, None for NaN."""
    return [None if value != value else value for value in values.tolist()]
