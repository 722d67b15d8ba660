"""Frozen digests, written once and never changed; and what was handed to whom, tried again where it failed.

A delivery is *claimed* before it is handed over, and its end is written down right after. Of two who send at
once one gets the claim. Who is killed in between leaves a claim that runs out: then it is handed over again,
under the same Message-ID. So each arrives at least once, and a second time only after such a death.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.store.database import transaction
from tracker.store.times import stamp

LEASE = timedelta(minutes=15)  # longer than any one message takes to be handed over
FIRST, LONGEST = timedelta(minutes=15), timedelta(hours=12)
MOST = 15  # attempts, over five days: RFC 5321, 4.5.4.1 gives up after four to five
REFUSED_AGAIN, MOST_REFUSED = timedelta(days=1), 3  # a full mailbox or a mended alias answers otherwise then


class Frozen(NamedTuple):
    """A week's digest for good: as JSON, as a page, as text, and as JSON in other styles by their name."""

    content: str
    html: str
    text: str
    styles: Mapping[str, str]


def freeze(connection: Connection, week: str, now: datetime, made: Frozen) -> bool:
    """Keep a week's digest for good; False where it was frozen before: then nothing is changed."""
    with transaction(connection):
        done = connection.exec_driver_sql(
            "INSERT INTO digest (week, published, content, html, text) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (week) DO NOTHING",
            (week, stamp(now), made.content, made.html, made.text),
        ).rowcount
        rows = [(week, name, content) for name, content in made.styles.items()]
        if done and rows:
            connection.exec_driver_sql(
                "INSERT INTO digest_style (week, style, content) VALUES (?, ?, ?)", rows
            )
    return done == 1


def frozen(connection: sqlite3.Connection, week: str) -> tuple[str, str, str] | None:
    """(content as JSON, HTML, text) of a published week, or None."""
    row = connection.execute("SELECT content, html, text FROM digest WHERE week = ?", (week,)).fetchone()
    return (row[0], row[1], row[2]) if row else None


def in_style(connection: sqlite3.Connection, week: str, style: str) -> str | None:
    """The content of a published week in another style, where it was frozen in it."""
    row = connection.execute(
        "SELECT content FROM digest_style WHERE week = ? AND style = ?", (week, style)
    ).fetchone()
    return str(row[0]) if row else None


class Kept(NamedTuple):
    """A frozen week: when it was published, and the Digest as JSON."""

    week: str
    published: str
    content: str


def kept(connection: sqlite3.Connection) -> list[Kept]:
    """Every frozen week, the newest first."""
    rows = connection.execute("SELECT week, published, content FROM digest ORDER BY week DESC")
    return [Kept(*row) for row in rows]


def delivered(connection: sqlite3.Connection, week: str) -> set[str]:
    """Those who have a week's digest."""
    rows = connection.execute("SELECT recipient FROM delivery WHERE week = ? AND status = 'sent'", (week,))
    return {row[0] for row in rows}


def waiting(connection: sqlite3.Connection, now: datetime) -> dict[str, set[str]]:
    """{week or notice: who is to be tried again by now}."""
    rows = connection.execute(
        "SELECT week, recipient FROM delivery WHERE status IN ('failed', 'sending') AND next_try <= ?",
        (stamp(now),),
    )
    found: dict[str, set[str]] = {}
    for week, recipient in rows:
        found.setdefault(week, set()).add(recipient)
    return found


def claim(connection: Connection, week: str, recipient: str, now: datetime, *, forced: bool) -> bool:
    """Take the handing over of something to somebody; False where it is done, not yet due, or another's.

    `forced` does not wait for what is to be tried later, nor leave alone what was given up.
    """
    with transaction(connection):
        return (
            connection.exec_driver_sql(
                "INSERT INTO delivery (week, recipient, status, at, attempts, next_try)"
                " VALUES (?, ?, 'sending', ?, 1, ?) ON CONFLICT (week, recipient) DO UPDATE SET"
                " status = 'sending', at = excluded.at, attempts = attempts + 1, next_try = excluded.next_try"
                " WHERE status <> 'sent' AND (next_try <= excluded.at OR (? AND status <> 'sending'))",
                (week, recipient, stamp(now), stamp(now + LEASE), forced),
            ).rowcount
            == 1
        )


class Said(NamedTuple):
    """What became of what was handed to one recipient; `final` where the other side will not have it."""

    recipient: str
    message_id: str
    sent: bool
    note: str
    final: bool = False


def note_delivery(connection: Connection, week: str, said: Said, now: datetime) -> None:
    """Write down what became of a claimed delivery, and when it is tried again."""
    with transaction(connection):
        attempts = connection.exec_driver_sql(
            "SELECT attempts FROM delivery WHERE week = ? AND recipient = ?", (week, said.recipient)
        ).scalar_one()
        again = None if said.sent else next_try(attempts, now, final=said.final)
        status = "sent" if said.sent else "failed" if again else "refused"
        connection.exec_driver_sql(
            "UPDATE delivery SET status = ?, message_id = ?, note = ?, at = ?, next_try = ?"
            " WHERE week = ? AND recipient = ?",
            (status, said.message_id, said.note, stamp(now), again and stamp(again), week, said.recipient),
        )


def next_try(attempts: int, now: datetime, *, final: bool) -> datetime | None:
    """When to try again after so many attempts, or None to give up. `final`: it was refused for good."""
    if attempts >= (MOST_REFUSED if final else MOST):
        return None
    return now + (REFUSED_AGAIN if final else min(FIRST * 2 ** (attempts - 1), LONGEST))


def unsubscribe(connection: Connection, address: str, now: datetime) -> bool:
    """Note that somebody wants no more mail; False where that was known."""
    with transaction(connection):
        return (
            connection.exec_driver_sql(
                "INSERT INTO unsubscribed (address, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                (address.casefold(), stamp(now)),
            ).rowcount
            == 1
        )


def resubscribe(connection: Connection, address: str) -> bool:
    """Note that somebody wants mail again; False where they had not left."""
    with transaction(connection):
        return (
            connection.exec_driver_sql(
                "DELETE FROM unsubscribed WHERE address = ?", (address.casefold(),)
            ).rowcount
            == 1
        )


def unsubscribed(connection: sqlite3.Connection) -> dict[str, str]:
    """{address that wants no more mail, case folded: since when}, the first to leave first."""
    return dict(connection.execute("SELECT address, at FROM unsubscribed ORDER BY at, address"))
