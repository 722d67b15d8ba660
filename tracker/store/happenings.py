"""From the gap panel to events, and to changes of who leads."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from tracker.domain import Change, Metric
from tracker.store.moves import write
from tracker.store.query import dated
from tracker.trends import events, leads
from tracker.trends.events import Event, Side, Snapshot
from tracker.trends.frontier import goodness
from tracker.trends.leads import Lead
from tracker.trends.vintage import own

SURE_LEAD = 0.4  # the importance of a lead beyond the noise; half of it within


def find_events(connection: Connection, metric: Metric, archives: Collection[str]) -> None:
    """Compute the events and changes of leader of one metric anew from its whole panel."""
    connection.exec_driver_sql(
        "DELETE FROM change WHERE metric = ? AND kind IN ('gap', 'leader')", (metric.id,)
    )
    rows = _panel(connection, metric.id, archives)
    by_vintage: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_vintage[row.vintage].append(row)
    for vintage_rows in by_vintage.values():
        scores = _scores(connection, metric, vintage_rows)
        shots = [_snapshot(row, metric, scores) for row in vintage_rows]
        by_capture = {row.capture: row for row in vintage_rows}
        write(connection, [_event_change(metric.id, by_capture, event) for event in events.find(shots)])
        write(connection, [_lead_change(metric.id, by_capture, lead) for lead in leads.find(shots)])


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


def _scores(connection: Connection, metric: Metric, rows: Sequence[Any]) -> dict[int, dict[str, float]]:
    """{capture: {leader: goodness}} of every model that ever led, by variant, as each snapshot lists it."""
    leaders = sorted({name for row in rows for name in (row.open_model, row.closed_model)})
    marks = ", ".join("?" * len(leaders))
    points = connection.exec_driver_sql(
        "SELECT s.source, s.id, coalesce(l.model, s.subject), l.variant, p.at, p.value FROM series s"
        " LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
        " JOIN point p ON p.series = s.id"
        f" WHERE s.metric = ? AND s.vintage = ? AND coalesce(l.model, s.subject) IN ({marks}) ORDER BY p.at",
        (metric.id, own(rows[0].vintage), *leaders),
    )
    spans: dict[tuple[str, int, str], list[tuple[str, str | None]]] = defaultdict(list)
    for source, series, model, variant, at, value in points:
        spans[source, series, _leader(model, variant)].append((at, value))
    return {row.capture: _listed(spans, row, metric) for row in rows}


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
