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
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tracker.catalog.metrics import BY_ID
from tracker.domain import Metric, Weights
from tracker.store.listing import dated
from tracker.trends.events import Side, Snapshot
from tracker.trends.frontier import Entry, goodness, standard_error


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
    """The boards of a database, by metric: those on which both sides are listed, one snapshot a day."""
    with closing(sqlite3.connect(db)) as connection:
        connection.row_factory = sqlite3.Row
        names = [row[0] for row in connection.execute("SELECT DISTINCT metric FROM gap ORDER BY metric")]
        return {name: list(_shots(connection, BY_ID[name])) for name in names}


def _shots(connection: sqlite3.Connection, metric: Metric) -> Iterator[Shot]:
    spans = _spans(connection, metric)
    for row in _panel(connection, metric.id):
        listed = _listed(spans, row["observed"], row["vintage"].partition("~")[0])
        scores = {name: shown.score for name, shown in listed.items()}
        opens, closeds = (_side(row, side, scores, metric) for side in ("open", "closed"))
        day = date.fromisoformat(row["date"])
        yield Shot(Snapshot(day, opens, closeds, row["noise"], row["capture"]), row["vintage"], listed)


def _panel(connection: sqlite3.Connection, metric: str) -> list[Any]:
    rows = connection.execute(
        "SELECT g.*, c.observed FROM gap g JOIN capture c ON c.id = g.capture WHERE g.metric = ?"
        " AND g.licence_class = 'any' AND g.difference IS NOT NULL AND EXISTS (SELECT 1 FROM point p"
        " JOIN series s ON s.id = p.series WHERE p.capture = g.capture AND s.metric = g.metric)"
        " ORDER BY g.date, c.observed",
        (metric,),
    )
    by_day = {row["date"]: row for row in rows}
    return [by_day[day] for day in sorted(by_day)]


def _side(row: Any, side: str, scores: dict[str, float], metric: Metric) -> Side:
    name = named(row[f"{side}_model"], row[f"{side}_variant"])
    return Side(name, goodness(row[f"{side}_value"], metric), scores)


def named(model: str, variant: str | None) -> str:
    """What leads a side: a model at a date."""
    return f"{model}@{dated(variant or '')}"


Span = tuple[str, str, list[tuple[str, Listed | None]]]  # vintage, name, what is said from when on


def _spans(connection: sqlite3.Connection, metric: Metric) -> Sequence[Span]:
    rows = connection.execute(
        "SELECT s.id, s.vintage, coalesce(l.model, s.subject) AS model, l.variant, m.weights,"
        " p.at, p.value, p.low, p.high, p.n FROM series s JOIN point p ON p.series = s.id"
        " LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
        " LEFT JOIN model m ON m.id = l.model WHERE s.metric = ? ORDER BY s.id, p.at",
        (metric.id,),
    )
    spans: dict[tuple[int, str, str], list[tuple[str, Listed | None]]] = defaultdict(list)
    for row in rows:
        key = row["id"], row["vintage"], named(row["model"], row["variant"])
        spans[key].append((row["at"], _said(row, metric)))
    return [(vintage, name, said) for (_, vintage, name), said in spans.items()]


def _said(row: Any, metric: Metric) -> Listed | None:
    if row["value"] is None:
        return None
    low, high = (None if row[end] is None else float(row[end]) for end in ("low", "high"))
    weights = Weights(row["weights"] or "unknown")
    entry = Entry(row["model"], float(row["value"]), weights, low=low, high=high, n=row["n"])
    return Listed(str(weights), goodness(entry.value, metric), standard_error(entry, metric))


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
    """(metric, day, model, variant's date, standing) of the events that the product keeps."""
    with closing(sqlite3.connect(db)) as connection:
        rows = connection.execute(
            "SELECT x.metric, g.date, x.model, x.variant, x.standing FROM change x JOIN gap g"
            " ON g.capture = x.capture AND g.metric = x.metric AND g.licence_class = 'any'"
            " WHERE x.kind = 'gap'"
        )
        return {tuple(map(str, row)) for row in rows}
