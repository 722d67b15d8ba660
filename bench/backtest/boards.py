"""A stored history as the boards that it shows: for each metric its snapshots, with everyone who is listed.

What the detector is given is made here from the panel (who leads, the noise, the vintage) and from the points
(what everyone scores), snapshot by snapshot; later snapshots are never looked at.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection

from tracker.catalog.metrics import BY_ID
from tracker.domain import Metric
from tracker.store import database, snapshots
from tracker.store.happenings import WIDEST
from tracker.store.query import dated
from tracker.trends.events import Snapshot
from tracker.trends.frontier import goodness
from tracker.trends.scores import standard_errors


@dataclass(frozen=True, slots=True)
class Listed:
    """A model at a date on a board: its side, its goodness, and the standard error where known."""

    side: str
    score: float
    error: float | None


@dataclass(frozen=True, slots=True)
class Shot:
    """One snapshot of a metric: what the detector is given, the scale's vintage, and all that is listed."""

    seen: Snapshot
    vintage: str
    listed: Mapping[str, Listed]

    @property
    def on(self) -> date:
        """The day of the snapshot."""
        return self.seen.on


Boards = dict[str, list[Shot]]


def read(db: Path) -> Boards:
    """The boards of a database, by metric: its snapshots that list both sides, in order of date."""
    with database.writing(db) as connection:
        names = [
            row[0] for row in connection.exec_driver_sql("SELECT DISTINCT metric FROM gap ORDER BY metric")
        ]
        return {name: list(_shots(connection, BY_ID[name])) for name in names}


def _shots(connection: Connection, metric: Metric) -> Iterator[Shot]:
    """As the store gives them to the detector, in the order of the source's own vintages."""
    spans, scores = _spans(connection, metric), snapshots.Scores(connection, metric)
    for (vintage, licence), rows in snapshots.panel(connection, metric.id, ()).items():
        for row in rows if licence == WIDEST else ():
            if row.spoke and row.difference is not None:
                listed = _listed(spans, row.observed, vintage)
                yield Shot(_with(scores.snapshot(row), listed), row.vintage, listed)


def _with(seen: Snapshot, listed: Mapping[str, Listed]) -> Snapshot:
    """A snapshot that keeps what its board lists, where the store's asks the database."""
    said = {name: shown.score for name, shown in listed.items()}
    return replace(seen, open=replace(seen.open, scores=said), closed=replace(seen.closed, scores=said))


def named(model: str, variant: str | None) -> str:
    """What leads a side: a model at a date."""
    return f"{model}@{dated(variant or '')}"


Span = tuple[str, str, list[tuple[str, Listed | None]]]  # vintage, name, what is said from when on


def _spans(connection: Connection, metric: Metric) -> Sequence[Span]:
    rows = connection.exec_driver_sql(
        "SELECT s.id, s.vintage, coalesce(l.model, s.subject) AS model, l.variant, m.weights,"
        " p.at, p.value, p.low, p.high, p.n FROM series s JOIN point p ON p.series = s.id"
        " LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
        " LEFT JOIN model m ON m.id = l.model WHERE s.metric = ? ORDER BY s.id, p.at",
        (metric.id,),
    )
    found = rows.fetchall()
    spans: dict[tuple[int, str, str], list[tuple[str, Listed | None]]] = defaultdict(list)
    for row, said in zip(found, _said(found, metric), strict=True):
        spans[row.id, row.vintage, named(row.model, row.variant)].append((row.at, said))
    return [(vintage, name, said) for (_, vintage, name), said in spans.items()]


def _said(rows: Sequence[Any], metric: Metric) -> list[Listed | None]:
    """What each point says: side, goodness and standard error; None where the model is not listed."""
    values, low, high, n = np.array([[r.value, r.low, r.high, r.n] for r in rows], float).reshape(-1, 4).T
    errors = standard_errors(values, (low, high), n, metric)
    return [
        None
        if row.value is None
        else Listed(row.weights or "unknown", goodness(value, metric), error if np.isfinite(error) else None)
        for row, value, error in zip(rows, values.tolist(), errors.tolist(), strict=True)
    ]


def _listed(spans: Sequence[Span], at: str, vintage: str) -> dict[str, Listed]:
    """The best row of each model at a date among those in force."""
    best: dict[str, Listed] = {}
    for own, name, said in spans:
        place = bisect_right(said, at, key=lambda point: point[0]) - 1
        if own != vintage or place < 0 or (shown := said[place][1]) is None:
            continue
        if name not in best or shown.score > best[name].score:
            best[name] = shown
    return best


def stored(db: Path) -> set[tuple[str, ...]]:
    """(metric, day, model and date, standing) of the events that the product keeps."""
    with closing(sqlite3.connect(db)) as connection:
        rows = connection.execute(
            "SELECT metric, date, model, standing FROM event WHERE licence_class = 'any'"
        )
        return {tuple(row) for row in rows}
