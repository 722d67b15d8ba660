"""From stored points to changes, and from the gap panel to events."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection

from tracker.catalog.metrics import COMPARED
from tracker.domain import Change, Metric, Standing
from tracker.trends import changes, events
from tracker.trends.changes import Figure, Move, Rescale, Setting
from tracker.trends.events import Event, Side, Snapshot
from tracker.trends.frontier import goodness
from tracker.trends.vintage import own

LISTED = "(SELECT value FROM json_each(?))"
# What a change can be told of: scores and prices of tokens.
MOVES = f"(s.metric LIKE 'price.%' OR s.metric IN (SELECT id FROM metric WHERE scale IN {COMPARED}))"


def derive(connection: Connection, captures: Sequence[int], archives: Collection[str]) -> None:
    """The changes of captures, each against the one before it of its source. A first one changes nothing."""
    wanted = json.dumps(captures)
    connection.exec_driver_sql(f"DELETE FROM change WHERE capture IN {LISTED} AND kind <> 'gap'", (wanted,))
    settings = _settings(connection, wanted, archives)
    moves, rescales = _moves(connection, wanted), _rescales(connection, wanted)
    names = {source: _models(connection, source) for source in {s.source for s in settings.values()}}
    for capture, setting in settings.items():
        found = changes.decide(moves.get(capture, ()), setting, rescales.get(capture, ()))
        _write(connection, [_named(change, names[setting.source]) for change in found])


def _settings(connection: Connection, wanted: str, archives: Collection[str]) -> dict[int, Setting]:
    """The captures that have one before them, with what a change needs to know of them."""
    rows = connection.exec_driver_sql(
        "SELECT c.id, c.source, c.observed, c.rows, (SELECT id FROM capture WHERE source = c.source AND"
        " outcome = 'new' AND observed < c.observed ORDER BY observed DESC LIMIT 1)"
        f" FROM capture c WHERE c.id IN {LISTED}",
        (wanted,),
    )
    return {
        id: Setting(source, at, id, (id, before), rows)
        for id, source, at, rows, before in rows
        if before is not None and source not in archives
    }


def _moves(connection: Connection, wanted: str) -> dict[int, list[Move]]:
    """Every series that captures changed, with what it said before. New series began unlisted."""
    columns = "s.metric, s.subject, s.provider, s.condition, b.value, b.low, b.high"
    before = "(SELECT id FROM point WHERE series = s.id AND at < {0}.at ORDER BY at DESC LIMIT 1)"
    rows = connection.exec_driver_sql(
        f"SELECT p.capture, {columns}, p.value, p.low, p.high, coalesce(h.standing, ''),"
        " coalesce(h.judged, '')"
        f" FROM point p JOIN series s ON s.id = p.series LEFT JOIN point b ON b.id = {before.format('p')}"
        " LEFT JOIN held h ON h.series = p.series AND h.at = p.at AND h.kind = 'released'"
        f" WHERE p.capture IN {LISTED} AND {MOVES}"
        f" UNION ALL SELECT h.capture, {columns}, h.value, h.low, h.high, h.standing, h.judged"
        f" FROM held h JOIN series s ON s.id = h.series LEFT JOIN point b ON b.id = {before.format('h')}"
        f" WHERE h.capture IN {LISTED} AND h.kind = 'held' ORDER BY 2, 3, 4, 5",
        (wanted, wanted),
    )
    found: dict[int, list[Move]] = defaultdict(list)
    for capture, *row in rows:
        found[capture].append(_move(row))
    return found


def _move(row: Sequence[Any]) -> Move:
    standing = Standing(row[10]) if row[10] else None
    figures = _figure(*row[4:7]), _figure(*row[7:10])
    return Move(row[0], row[1], row[2], row[3], *figures, standing, row[11])


def _rescales(connection: Connection, wanted: str) -> dict[int, list[Rescale]]:
    """Where a scale became another one in captures."""
    rows = connection.exec_driver_sql(
        f"SELECT capture, metric, shift, models, slow FROM rescale WHERE capture IN {LISTED} ORDER BY metric",
        (wanted,),
    )
    found: dict[int, list[Rescale]] = defaultdict(list)
    for capture, metric, shift, models, slow in rows:
        found[capture].append(Rescale(metric, shift, models, bool(slow)))
    return found


def _figure(value: str | None, low: str | None, high: str | None) -> Figure | None:
    if value is None:
        return None
    return Figure(Decimal(value), Decimal(low) if low else None, Decimal(high) if high else None)


def _models(connection: Connection, source: str) -> dict[str, tuple[str, str]]:
    """Where a source's spellings lead: model and variant."""
    rows = connection.exec_driver_sql(
        "SELECT subject, model, variant FROM spelling WHERE source = ? AND model IS NOT NULL", (source,)
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _named(change: Change, names: Mapping[str, tuple[str, str]]) -> Change:
    """The change of a spelling as one of the model and variant that it leads to."""
    model, variant = names.get(change.model, (change.model, change.variant))
    return replace(change, model=model, variant=variant)


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
        found = [_event_change(metric.id, by_capture, event) for event in events.find(shots)]
        _write(connection, [*found, *_leaders(metric, vintage_rows, shots)])


def _panel(connection: Connection, metric: str, archives: Collection[str]) -> list[Any]:
    """The metric's panel, one row a date: a board's own snapshot counts before an archive's."""
    rows = connection.exec_driver_sql(
        "SELECT g.*, c.observed FROM gap g JOIN capture c ON c.id = g.capture WHERE g.metric = ?"
        " AND g.licence_class = 'any' AND g.difference IS NOT NULL ORDER BY g.date, c.observed",
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
    """What leads a side: a model at a date, for a new snapshot of the same model moves a gap, too.

    Efforts and tiers of one snapshot are one leader.
    """
    return f"{model}@{'-'.join(part for part in (variant or '').split('-') if part.isdigit())}"


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


def _leaders(metric: Metric, rows: list[Any], shots: list[Snapshot]) -> list[Change]:
    """Who leads: overall, among open and among closed models; within the noise it is provisional."""
    found = []
    for (earlier, past), (row, shot) in pairwise(zip(rows, shots, strict=True)):
        for who, old, new in (("open", past.open, shot.open), ("closed", past.closed, shot.closed)):
            model, _, variant = new.model.partition("@")
            if old.model.partition("@")[0] == model:
                continue
            lead = new.value - new.scores.get(old.model, old.value)
            if old.model not in new.scores and lead < 0:  # the leader is merely no longer listed
                continue
            sure = row.noise is not None and lead > row.noise
            found.append(
                Change(
                    at=row.observed,
                    kind="leader",
                    source=row.source,
                    model=model,
                    variant=variant,
                    capture=row.capture,
                    metric=metric.id,
                    before=old.model.partition("@")[0],
                    after=model,
                    detail=who if (shot.gap < 0) != (who == "open") else f"{who}, overall",
                    importance=0.4 if sure else 0.2,
                    standing=Standing.CONFIRMED if sure else Standing.PROVISIONAL,
                    evidence=(row.capture, earlier.capture),
                )
            )
    return found


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
