"""Frozen digests, and who has been sent which: written once, never changed."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.store.database import transaction
from tracker.store.times import stamp


def freeze(connection: Connection, week: str, now: datetime, content: str, html: str, text: str) -> bool:
    """Keep a week's digest for good; False where it was frozen before: then nothing is changed."""
    with transaction(connection):
        return (
            connection.exec_driver_sql(
                "INSERT INTO digest (week, published, content, html, text) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (week) DO NOTHING",
                (week, stamp(now), content, html, text),
            ).rowcount
            == 1
        )


def frozen(connection: sqlite3.Connection, week: str) -> tuple[str, str, str] | None:
    """(content as JSON, HTML, text) of a published week, or None."""
    row = connection.execute("SELECT content, html, text FROM digest WHERE week = ?", (week,)).fetchone()
    return (row[0], row[1], row[2]) if row else None


def last_published(connection: sqlite3.Connection) -> str:
    """The newest published week, or ""."""
    return str(connection.execute("SELECT coalesce(max(week), '') FROM digest").fetchone()[0])


def delivered(connection: sqlite3.Connection, week: str) -> set[str]:
    """The recipients who have a week's digest."""
    rows = connection.execute("SELECT recipient FROM delivery WHERE week = ? AND status = 'sent'", (week,))
    return {row[0] for row in rows}


class Said(NamedTuple):
    """What became of one recipient's message."""

    recipient: str
    message_id: str
    sent: bool
    note: str


def note_delivery(connection: Connection, week: str, said: Said, now: datetime) -> None:
    """Write down what became of one recipient's message; one that was sent stays sent."""
    status = "sent" if said.sent else "failed"
    with transaction(connection):
        connection.exec_driver_sql(
            "INSERT INTO delivery (week, recipient, message_id, status, note, at) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (week, recipient) DO UPDATE SET status = excluded.status, note = excluded.note,"
            " at = excluded.at WHERE status <> 'sent'",
            (week, said.recipient, said.message_id, status, said.note, stamp(now)),
        )
