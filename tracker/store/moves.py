"""From stored points to changes, and from the gap panel to events."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from tracker.catalog.metrics import BY_ID
from tracker.domain import Change, Metric, Standing
from tracker.store.listing import dated, listed
from tracker.trends import changes, events, leads
from tracker.trends.changes import Figure, Move, Rescale, Setting
from tracker.trends.events import Event, Side, Snapshot
from tracker.trends.frontier import goodness
from tracker.trends.leads import Lead
from tracker.trends.vintage import own

FEW = 500
SURE_LEAD = 0.4  # the importance of a lead beyond the noise; half of it within


def derive(connection: Connection, capture: int, *, archive: bool) -> None:
    """The changes of one capture against the one before it. A source's first capture changes nothing."""
    source, at = connection.exec_driver_sql(
        "SELECT source, observed FROM capture WHERE id = ?", (capture,)
    ).one()
    connection.exec_driver_sql("DELETE FROM change WHERE capture = ? AND kind <> 'gap'", (capture,))
    before = connection.exec_driver_sql(
        "SELECT id, observed FROM capture WHERE source = ? AND outcome = 'new' AND observed < ?"
        " ORDER BY observed DESC LIMIT 1",
        (source, at),
    ).first()
    if before is None or archive:
        return
    moves = _moves(connection, capture)
    setting = Setting(source, at, capture, (capture, before[0]))
    if any(move.before is None or move.after is None for move in moves):
        boards = (listed(connection, source, time) for time in (before[1], at))
        setting = replace(setting, before=next(boards), now=next(boards))
    found = changes.decide(moves, setting, _rescales(connection, capture))
    spelt = [c for c in found if c.kind not in changes.OF_MODELS]
    names = _models(connection, source, {c.model for c in spelt})
    named = [replace(c, model=names.get(c.model, c.model)) for c in spelt]
    _write(connection, [*named, *(c for c in found if c.kind in changes.OF_MODELS)])


def _moves(connection: Connection, capture: int) -> list[Move]:
    """Every series that a capture changed, with what it said before. New series began unlisted."""
    columns = "s.metric, s.subject, s.provider, s.condition, b.value, b.low, b.high"
    before = "(SELECT id FROM point WHERE series = s.id AND at < {0}.at ORDER BY at DESC LIMIT 1)"
    rows = connection.exec_driver_sql(
        f"SELECT {columns}, p.value, p.low, p.high, coalesce(h.standing, ''), coalesce(h.judged, '')"
        f" FROM point p JOIN series s ON s.id = p.series LEFT JOIN point b ON b.id = {before.format('p')}"
        " LEFT JOIN held h ON h.series = p.series AND h.at = p.at AND h.kind = 'released'"
        " WHERE p.capture = ? AND s.metric NOT LIKE 'fact.%'"
        f" UNION ALL SELECT {columns}, h.value, h.low, h.high, h.standing, h.judged"
        f" FROM held h JOIN series s ON s.id = h.series LEFT JOIN point b ON b.id = {before.format('h')}"
        " WHERE h.capture = ? AND h.kind = 'held'",
        (capture, capture),
    )
    return [_move(row) for row in rows]


def _move(row: Any) -> Move:
    standing = Standing(row[10]) if row[10] else None
    figures = _figure(*row[4:7]), _figure(*row[7:10])
    return Move(row[0], row[1], row[2], row[3], *figures, standing, row[11])


def _rescales(connection: Connection, capture: int) -> list[Rescale]:
    """Where a scale became another one in a capture."""
    rows = connection.exec_driver_sql(
        "SELECT metric, shift, models, slow FROM rescale WHERE capture = ? ORDER BY metric", (capture,)
    )
    return [Rescale(row[0], row[1], row[2], bool(row[3])) for row in rows]


def _figure(value: str | None, low: str | None, high: str | None) -> Figure | None:
    if value is None:
        return None
    return Figure(Decimal(value), Decimal(low) if low else None, Decimal(high) if high else None)


def _models(connection: Connection, source: str, subjects: Set[str]) -> dict[str, str]:
    """Where the spellings that moved lead; most captures move a few of thousands."""
    marks = ", ".join("?" * len(subjects))
    some = f" AND subject IN ({marks})" if len(subjects) <= FEW else ""
    rows = connection.exec_driver_sql(
        f"SELECT subject, model FROM spelling WHERE source = ? AND model IS NOT NULL{some}",
        (source, *(subjects if some else ())),
    )
    return {row[0]: row[1] for row in rows}


def find_events(connection: Connection, metric: str, archives: Collection[str]) -> None:
    """Compute the events and changes of leader of one metric anew from its whole panel."""
    connection.exec_driver_sql("DELETE FROM change WHERE metric = ? AND kind IN ('gap', 'leader')", (metric,))
    rows = _panel(connection, metric, archives)
    by_vintage: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_vintage[row.vintage].append(row)
    for vintage_rows in by_vintage.values():
        scores = _scores(connection, metric, vintage_rows)
        shots = [_snapshot(row, BY_ID[metric], scores) for row in vintage_rows]
        by_capture = {row.capture: row for row in vintage_rows}
        _write(connection, [_event_change(metric, by_capture, event) for event in events.find(shots)])
        _write(connection, [_lead_change(metric, by_capture, lead) for lead in leads.find(shots)])


def _panel(connection: Connection, metric: str, archives: Collection[str]) -> list[Any]:
    """The metric's panel, one row a date: a board's own snapshot counts before an archive's.

    A capture in which nothing of the metric moved bears nothing out: its page may not have shown it.
    """
    rows = connection.exec_driver_sql(
        "SELECT g.*, c.observed FROM gap g JOIN capture c ON c.id = g.capture WHERE g.metric = ?"
        " AND g.licence_class = 'any' AND g.difference IS NOT NULL AND EXISTS (SELECT 1 FROM point p"
        " JOIN series s ON s.id = p.series WHERE p.capture = g.capture AND s.metric = g.metric)"
        " ORDER BY g.date, c.observed",
        (metric,),
    ).fetchall()
    by_date = {row.date: row for row in sorted(rows, key=lambda r: (r.source not in archives, r.observed))}
    return [by_date[day] for day in sorted(by_date)]


def _scores(connection: Connection, metric: str, rows: Sequence[Any]) -> dict[int, dict[str, float]]:
    """{capture: {leader: goodness}} of every model that ever led, by variant, as each snapshot lists it."""
    leaders = sorted({name for row in rows for name in (row.open_model, row.closed_model)})
    marks = ", ".join("?" * len(leaders))
    points = connection.exec_driver_sql(
        "SELECT s.source, s.id, coalesce(l.model, s.subject), l.variant, p.at, p.value FROM series s"
        " LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
        " JOIN point p ON p.series = s.id"
        f" WHERE s.metric = ? AND s.vintage = ? AND coalesce(l.model, s.subject) IN ({marks}) ORDER BY p.at",
        (metric, own(rows[0].vintage), *leaders),
    )
    spans: dict[tuple[str, int, str], list[tuple[str, str | None]]] = defaultdict(list)
    for source, series, model, variant, at, value in points:
        spans[source, series, _leader(model, variant)].append((at, value))
    return {row.capture: _listed(spans, row, BY_ID[metric]) for row in rows}


def _listed(
    spans: dict[tuple[str, int, str], list[tuple[str, str | None]]], row: Any, metric: Metric
) -> dict[str, float]:
    """The goodness of each leader in the snapshot of one row of the panel."""
    best: dict[str, float] = {}
    for (source, _, model), points in spans.items():
        at = bisect_right(points, row.observed, key=lambda point: point[0]) - 1
        if source == row.source and at >= 0 and (value := points[at][1]) is not None:
            best[model] = max(best.get(model, float("-inf")), goodness(float(value), metric))
    return best


def _leader(model: str, variant: str | None) -> str:
    """What leads a side: a model at a date, for a new snapshot of the same model moves a gap, too."""
    return f"{model}@{dated(variant or '')}"


def _snapshot(row: Any, metric: Metric, scores: dict[int, dict[str, float]]) -> Snapshot:
    listed = scores[row.capture]
    return Snapshot(
        date.fromisoformat(row.date),
        Side(_leader(row.open_model, row.open_variant), goodness(row.open_value, metric), listed),
        Side(_leader(row.closed_model, row.closed_variant), goodness(row.closed_value, metric), listed),
        row.noise,
        row.capture,
    )


def _event_change(metric: str, by_capture: Mapping[int, Any], event: Event) -> Change:
    row, judge = by_capture[event.capture], by_capture.get(event.judged_by or 0)
    size = abs(event.move) / row.noise if row.noise else 1.0
    model, _, variant = event.model.partition("@")
    return Change(
        at=row.observed,
        kind="gap",
        source=row.source,
        model=model,
        variant=variant,
        capture=row.capture,
        metric=metric,
        before=f"{event.before:.2f}",
        after=f"{event.after:.2f}",
        detail=f"{events.direction(event)} by {event.side}, over {event.replaced.replace('@', ' ').strip()}",
        importance=round(min(1.0, 0.5 + size / 20), 3),
        standing=event.standing,
        judged=judge.observed if judge else "",
        evidence=(row.capture, *((judge.capture,) if judge else ())),
    )


def _lead_change(metric: str, by_capture: Mapping[int, Any], lead: Lead) -> Change:
    row, judge = by_capture[lead.shot.capture], by_capture[lead.judge.capture] if lead.judge else None
    model, _, variant = lead.model.partition("@")
    return Change(
        at=row.observed,
        kind="leader",
        source=row.source,
        model=model,
        variant=variant,
        capture=row.capture,
        metric=metric,
        before=lead.replaced.partition("@")[0],
        after=model,
        detail=f"{lead.side}, overall" if lead.overall else lead.side,
        importance=SURE_LEAD if lead.sure else SURE_LEAD / 2,
        standing=lead.standing,
        judged=judge.observed if judge else "",
        evidence=(row.capture, lead.earlier.capture, *((judge.capture,) if judge else ())),
    )


def _write(connection: Connection, found: Iterable[Change]) -> None:
    rows = [
        (
            c.id,
            c.at,
            c.kind,
            c.source,
            c.metric,
            c.model,
            c.variant,
            c.provider,
            c.before,
            c.after,
            c.detail,
            c.importance,
            str(c.standing),
            c.judged,
            " ".join(map(str, c.evidence)),
            c.capture,
        )
        for c in found
    ]
    if rows:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO change (id, at, kind, source, metric, model, variant, provider, before,"
            " after, detail, importance, standing, judged, evidence, capture)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
