"""The watched places and how they are doing."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from tracker.store.query import Row

NEVER = "9999"


def sources(connection: sqlite3.Connection, on: str, *, past: bool = False) -> list[Row]:
    """Every watched place by name. With `past` its health is what the captures up to `on` show.

    So is that of a place that is visited on demand alone.
    """
    cursor = connection.cursor()
    cursor.row_factory = sqlite3.Row
    rows = [_row(row, on) for row in cursor.execute("SELECT * FROM source ORDER BY name").fetchall()]
    return [_as_of(connection, row, on) if past or not row["cadence_hours"] else row for row in rows]


def _row(row: Any, on: str) -> Row:
    removed = row["removed"] if (row["removed"] or NEVER) <= on else None
    return {
        "name": row["name"],
        "kind": row["kind"],
        "url": row["url"],
        "outcome": row["outcome"] or None,
        "rows": row["rows"],
        "changed": row["changed"],
        "seconds": row["seconds"],
        "note": row["note"],
        "last_success": row["last_success"],
        "next_due": None if removed else row["next_due"],
        "silent_days": _days(row["last_success"], on),
        "title": row["title"],
        "licence": row["licence"],
        "credit": row["credit"],
        "publishable": bool(row["publishable"]),
        "cadence_hours": row["cadence_seconds"] / 3600,
        "failures": row["failures"],
        "paused": bool(row["paused"]),
        "seen_live": not row["documented"] or bool(row["last_success"]),
        "first_look": row["first_look"],
        "removed": removed,
    }


def unread(name: str) -> Row:
    """The row of a place that the database does not know: one that could never be loaded."""
    texts = dict.fromkeys(("kind", "url", "note", "title", "licence", "credit", "first_look"), "")
    nothing = dict.fromkeys(("outcome", "last_success", "next_due", "silent_days", "removed"), None)
    numbers = dict.fromkeys(("rows", "changed", "seconds", "cadence_hours", "failures"), 0)
    flags = {"publishable": False, "paused": False, "seen_live": True}
    return {"name": name, **texts, "title": name, "kind": "broken", **nothing, **numbers, **flags}


def _as_of(connection: sqlite3.Connection, row: Row, on: str) -> Row:
    """The row with what had been captured by `on`; visits that brought nothing are not kept by date."""
    last = connection.execute(
        "SELECT outcome, rows, note FROM capture WHERE source = ? AND observed <= ? ORDER BY observed DESC"
        " LIMIT 1",
        (row["name"], on),
    ).fetchone() or (None, 0, "")
    heard = connection.execute(
        "SELECT max(min(until, ?)) FROM capture WHERE source = ? AND observed <= ? AND outcome = 'new'",
        (on, row["name"], on),
    ).fetchone()[0]
    unknown = {"changed": None, "seconds": None, "next_due": None, "failures": None}
    seen = {"outcome": last[0], "rows": last[1], "note": last[2], "last_success": heard}
    return {**row, **unknown, **seen, "silent_days": _days(heard, on)}


def _days(since: str | None, on: str) -> int | None:
    """Whole days of silence; None where a place was never heard from."""
    if not since:
        return None
    silence = datetime.fromisoformat(on) - datetime.fromisoformat(since)
    return max(0, silence.days)


def captures(connection: sqlite3.Connection, source: str, on: str, limit: int) -> list[Row]:
    """The latest captures of a source by `on`, newest first."""
    rows = connection.execute(
        "SELECT id, observed, until, outcome, rows, note, origin FROM capture WHERE source = ? AND"
        " observed <= ?"
        " ORDER BY observed DESC LIMIT ?",
        (source, on, limit),
    )
    names = ("capture", "observed", "until", "outcome", "rows", "note", "origin")
    return [dict(zip(names, (f"c{row[0]}", *row[1:]), strict=True)) for row in rows]
