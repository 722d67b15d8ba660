"""From the gap panel to events and states of every licence class, and to changes of who leads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from tracker.domain import Change, Metric
from tracker.store import schema, snapshots
from tracker.store.moves import write
from tracker.store.weights import spoken
from tracker.trends import events, leads, states
from tracker.trends.events import Event
from tracker.trends.importance import of_step, weight
from tracker.trends.leads import Lead
from tracker.trends.states import Label

WIDEST = "any"  # the licence class whose events and leads are told as changes
EVENT, STATE = ([column.name for column in table.columns] for table in (schema.event, schema.state))

VOTES = "(SELECT n FROM point WHERE id = ?)"  # of the leader's figure

Rows = Mapping[int, Any]  # rows of the panel by capture


def find_events(connection: Connection, metric: Metric, archives: Collection[str]) -> None:
    """Compute events, states and changes of leader of one metric anew from its whole panel."""
    for table, also in (("event", ""), ("state", ""), ("change", " AND kind IN ('gap', 'leader')")):
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE metric = ?{also}", (metric.id,))
    scores = snapshots.Scores(connection, metric)
    for (vintage, licence), rows in snapshots.panel(connection, metric.id, archives).items():
        shots = [scores.snapshot(row) for row in rows if row.spoke and row.difference is not None]
        found, by_capture = events.find(shots), {row.capture: row for row in rows}
        key = (metric.id, licence, vintage)
        _keep_events(connection, key, by_capture, found)
        _keep_states(connection, key, by_capture, states.labels(snapshots.readings(rows), found))
        if licence == WIDEST:
            steps = leads.find(shots)
            earlier = _earlier([(lead.shot.on, lead.by) for lead in steps])
            pairs = zip(steps, earlier, strict=True)
            write(connection, [_lead_change(metric.id, by_capture, *pair) for pair in pairs])


def _keep_events(
    connection: Connection, key: tuple[str, str, str], by_capture: Rows, found: Sequence[Event]
) -> None:
    metric, licence, vintage = key
    earlier = _earlier([(event.on, event.move) for event in found])
    changes = [_event_change(metric, licence, by_capture, *pair) for pair in zip(found, earlier, strict=True)]
    rows = [
        _event_row(change, licence, vintage, by_capture[event.capture], event)
        for change, event in zip(changes, found, strict=True)
    ]
    _insert(connection, "event", EVENT, rows)
    if licence == WIDEST:
        write(connection, changes)


def _keep_states(
    connection: Connection, key: tuple[str, str, str], by_capture: Rows, found: Iterable[Label]
) -> None:
    rows = [
        (*key, by_capture[label.capture].observed, label.on.isoformat(), label.state, label.capture)
        for label in found
    ]
    _insert(connection, "state", STATE, rows)


def _insert(
    connection: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]
) -> None:
    if rows:
        marks = ", ".join(VOTES if column == "votes" else "?" for column in columns)
        connection.exec_driver_sql(
            f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) VALUES ({marks})", list(rows)
        )


def _event_row(change: Change, licence: str, vintage: str, row: Any, event: Event) -> tuple[object, ...]:
    days = event.on.isoformat(), event.seen.isoformat() if event.seen else ""
    who = event.side, change.model, change.variant, _spoken(event.replaced)
    size = event.move, event.before, event.after, event.noise
    counts = row.n_open + row.n_closed, getattr(row, f"{event.side}_point")
    named = change.id, change.metric, vintage, licence, change.at
    return (*named, *days, *who, *size, *counts, str(event.standing), change.judged, event.capture)


def _spoken(leader: str) -> str:
    """A leader with the date of its snapshot, as it is read."""
    return leader.replace("@", " ").strip()


def _earlier(steps: Sequence[tuple[date, float]]) -> list[list[float]]:
    """For each step of a metric (its day and size) the sizes of those of earlier days."""
    return [[size for day, size in steps if day < on] for on, _ in steps]


def _event_change(
    metric: str, licence: str, by_capture: Rows, event: Event, earlier: Sequence[float]
) -> Change:
    row, judge = by_capture[event.capture], by_capture.get(event.judged_by or 0)
    model, _, variant = event.model.partition("@")
    among = "" if licence == WIDEST else f", of {licence} licence"
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
        detail=f"{events.direction(event)} by {event.side}, over {_spoken(event.replaced)}{among}",
        importance=_weight("gap", metric, of_step(event.move, event.noise, earlier)),
        standing=event.standing,
        judged=judge.observed if judge else "",
        evidence=(row.capture, *((judge.capture,) if judge else ())),
    )


def _lead_change(metric: str, by_capture: Rows, lead: Lead, earlier: Sequence[float]) -> Change:
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
        importance=_weight(
            "leader" if lead.sure else "tied", metric, of_step(lead.by, lead.shot.noise, earlier)
        ),
        standing=lead.standing,
        judged=judge.observed if judge else "",
        evidence=(row.capture, lead.earlier.capture, *((judge.capture,) if judge else ())),
    )


def _weight(kind: str, metric: str, size: float) -> float:
    return round(weight(kind, size, spoken(metric)), 4)
