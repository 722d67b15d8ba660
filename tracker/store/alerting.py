"""What rules of alerts ask of the database, what they have told, and the messages that came of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.store.database import transaction
from tracker.store.rows import Retiring


class State(NamedTuple):
    """What a rule has told of a subject, and when; level 0: nothing since it was armed."""

    level: int = 0
    value: str = ""
    fired: str | None = None
    text: str = ""


class Notice(NamedTuple):
    """A message of alerts; `content` is JSON."""

    id: str
    at: str
    content: str


States = dict[tuple[str, str], State]  # (rule, subject)
_STATES = "SELECT rule, subject, level, value, fired, text FROM alert"


def states(connection: sqlite3.Connection) -> States:
    """Everything that rules have told."""
    return {(row[0], row[1]): State(*row[2:]) for row in connection.execute(_STATES)}


def states_to_change(connection: Connection) -> States:
    """Likewise, for whoever writes: within a transaction nobody else changes them."""
    return {(row[0], row[1]): State(*row[2:]) for row in connection.exec_driver_sql(_STATES)}


def keep(connection: Connection, changed: Mapping[tuple[str, str], State], notice: Notice | None) -> None:
    """Write down what rules now have told, and the message of it: both or neither."""
    rows = [(*key, *state) for key, state in changed.items()]
    with transaction(connection):
        if rows:
            connection.exec_driver_sql(
                "INSERT OR REPLACE INTO alert (rule, subject, level, value, fired, text)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )
        if notice:
            connection.exec_driver_sql(
                "INSERT INTO notice (id, at, content) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", tuple(notice)
            )


def notices(connection: sqlite3.Connection, since: str) -> list[Notice]:
    """The messages since a time, oldest first."""
    rows = connection.execute("SELECT id, at, content FROM notice WHERE at >= ? ORDER BY at, id", (since,))
    return [Notice(*row) for row in rows]


def retiring(connection: sqlite3.Connection, day: str, on: str) -> list[tuple[str, Retiring]]:
    """(model, what is switched off) from `day` on, of models that are known by that spelling somewhere."""
    rows = connection.execute(
        "SELECT coalesce(l.model, s.subject), p.value,"
        " coalesce(v.name, w.name, nullif(s.provider, ''), nullif(o.vendor, ''), o.title), s.subject,"
        " coalesce((SELECT q.value FROM series r JOIN point q ON q.series = r.id"
        " WHERE r.source = s.source AND r.subject = s.subject AND r.provider = s.provider"
        " AND r.metric = 'fact.replacement' AND q.at <= ? ORDER BY q.at DESC LIMIT 1), ''), p.capture"
        " FROM series s JOIN source o ON o.name = s.source"
        " LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
        " LEFT JOIN provider v ON v.spelling = s.provider LEFT JOIN provider w ON w.spelling = o.vendor"
        " JOIN point p ON p.id ="
        " (SELECT id FROM point WHERE series = s.id AND at <= ? ORDER BY at DESC LIMIT 1)"
        " WHERE s.metric = 'fact.retires' AND p.value >= ? ORDER BY p.value, 3, s.subject",
        (on, on, day),
    )
    return [(row[0], Retiring(*row[1:])) for row in rows]


def forget(connection: Connection, rules: Iterable[str]) -> None:
    """Drop the states of rules that are none any more: one that comes back begins anew."""
    rows = [(rule,) for rule in rules]
    with transaction(connection):
        if rows:
            connection.exec_driver_sql("DELETE FROM alert WHERE rule = ?", rows)
