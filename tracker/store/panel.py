"""The gap panel: one row per metric, vintage, licence class and snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from tracker.catalog.metrics import COMPARED
from tracker.domain import LicenceClass, Metric, Weights
from tracker.store import schema, vintages
from tracker.store.listing import Listings
from tracker.trends.frontier import CLASSES, Entry
from tracker.trends.gap import Gap, measure
from tracker.trends.vintage import name

COLUMNS = [column.name for column in schema.gap.columns]


def affected(
    connection: Connection, captures: Iterable[tuple[int, str]], learnt: Sequence[str]
) -> list[tuple[int, str]]:
    """(capture, source) of what to compute: the new ones, and those that list models newly understood."""
    boards = _boards(connection)
    mine = {(capture, source) for capture, source in captures if source in boards}
    if not boards or not learnt:
        return sorted(mine)
    marks = ", ".join("?" * len(learnt))
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT c.id, c.source FROM (SELECT s.source, min(p.at) AS since"
        " FROM spelling l JOIN series s ON s.source = l.source AND s.subject = l.subject"
        f" JOIN metric k ON k.id = s.metric AND k.scale IN {COMPARED} JOIN point p ON p.series = s.id"
        f" WHERE l.model IN ({marks}) GROUP BY s.source) f"
        " JOIN capture c ON c.source = f.source AND c.observed >= f.since AND c.outcome = 'new'",
        tuple(learnt),
    )
    return sorted({*mine, *((row[0], row[1]) for row in rows)})


def _boards(connection: Connection) -> set[str]:
    """The sources that a gap can be measured on; a price list has thousands of captures and no panel."""
    rows = connection.exec_driver_sql(
        f"SELECT DISTINCT s.source FROM metric k JOIN series s ON s.metric = k.id WHERE k.scale IN {COMPARED}"
    )
    return {row[0] for row in rows}


def rebuild(
    connection: Connection,
    capture: int,
    measures: Mapping[str, Metric],
    listings: Listings,
    *,
    archive: bool,
) -> set[str]:
    """Compute the rows of one capture from the figures in force at it; returns the metrics it speaks of.

    What it lists is noted in `listings`. A date of an archive speaks only of the metrics that changed on it.
    """
    source, observed, as_of = connection.exec_driver_sql(
        "SELECT source, observed, as_of FROM capture WHERE id = ?", (capture,)
    ).one()
    day = (as_of or observed)[:10]
    spoken = _spoken(connection, capture) if archive else measures.keys()
    shown = entries(connection, source, observed)
    listings.note(source, observed, ((e.model, e.variant) for rows in shown.values() for e in rows))
    boards = {key: rows for key, rows in shown.items() if key[0] in spoken}
    scales = vintages.counts(connection, source, observed)
    rows = [
        (
            capture,
            metric,
            name(vintage, scales.get((metric, vintage), 0)),
            gap.licence_class,
            source,
            day,
            *_columns(gap),
        )
        for (metric, vintage), listed in boards.items()
        for gap in (measure(listed, measures[metric], group, date.fromisoformat(day)) for group in CLASSES)
    ]
    connection.exec_driver_sql("DELETE FROM gap WHERE capture = ?", (capture,))
    if rows:
        marks = ", ".join("?" * len(COLUMNS))
        connection.exec_driver_sql(f"INSERT INTO gap ({', '.join(COLUMNS)}) VALUES ({marks})", rows)
    return {metric for metric, _ in boards}


def _spoken(connection: Connection, capture: int) -> set[str]:
    rows = connection.exec_driver_sql(
        "SELECT DISTINCT s.metric FROM point p JOIN series s ON s.id = p.series WHERE p.capture = ?",
        (capture,),
    )
    return {row[0] for row in rows}


def entries(connection: Connection, source: str, observed: str) -> dict[tuple[str, str], list[Entry]]:
    """What a board lists at a time, by metric and vintage; of older vintages nothing is current."""
    rows = connection.exec_driver_sql(
        "WITH current AS (SELECT s.metric, max(s.vintage) AS vintage FROM series s JOIN metric k"
        f" ON k.id = s.metric AND k.scale IN {COMPARED} WHERE s.source = ? AND EXISTS"
        " (SELECT 1 FROM point WHERE series = s.id AND at <= ?) GROUP BY s.metric)"
        " SELECT s.metric, s.vintage, coalesce(l.model, s.subject), coalesce(m.weights, 'unknown'),"
        " coalesce(m.licence_class, 'unknown'), coalesce(m.released, ''), coalesce(l.variant, ''),"
        " p.value, p.low, p.high, p.n, p.id"
        " FROM current JOIN series s ON s.metric = current.metric AND s.vintage = current.vintage"
        " AND s.source = ? JOIN point p ON p.id ="
        " (SELECT id FROM point WHERE series = s.id AND at <= ? ORDER BY at DESC LIMIT 1)"
        " LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
        " LEFT JOIN model m ON m.id = l.model WHERE p.value IS NOT NULL",
        (source, observed, source, observed),
    )
    found: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for metric, vintage, model, *about in rows:
        found[metric, vintage].append(_entry(model, *about))
    return found


def _entry(model: str, *about: Any) -> Entry:
    """An entry of the columns that `entries` asks for."""
    weights, licence, released, variant, value, low, high, n, point = about
    bounds = (float(bound) if bound is not None else None for bound in (low, high))
    known = (Weights(weights), LicenceClass(licence), *bounds, n, released, point, variant)
    return Entry(model, float(value), *known)


def _columns(gap: Gap) -> tuple[object, ...]:
    o, c = gap.open, gap.closed
    return (
        *((o.model, o.variant, o.value, o.low, o.high) if o else ("", "", None, None, None)),
        *((c.model, c.variant, c.value, c.low, c.high) if c else ("", "", None, None, None)),
        o.point if o else None,
        c.point if c else None,
        gap.difference,
        gap.percent,
        gap.win_probability,
        gap.noise,
        gap.lag_strict,
        gap.n_open,
        gap.n_closed,
        gap.n_unknown,
    )
