"""What is held: suspect captures, and what a visit must know to judge a new one.

A capture is held as long as no good one of its source came after it. The same suspect content again
extends it. Worker threads read here; the one writer extends, releases and discards.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection

from tracker.store.database import transaction
from tracker.store.spans import Key, Value

# A good capture after it, or one before it that was seen again later.
HELD = (
    "c.outcome = 'suspect' AND c.observed <= :on AND NOT EXISTS (SELECT 1 FROM capture d WHERE d.source ="
    " c.source AND d.outcome = 'new' AND d.observed <= :on"
    " AND (d.observed > c.observed OR d.until > c.until))"
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a source says: its figures and facts, and the weights of its subjects as far as known."""

    figures: dict[Key, Value] = field(default_factory=dict)
    weights: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A capture to be read again: when it was seen first and last, how often, why it is held, its pages."""

    capture: int
    observed: str
    until: str
    visits: int
    reason: str
    pages: tuple[tuple[str, str, str], ...]  # (url, sha256, media type)


class Held(NamedTuple):
    """Something that waits: a capture, or (with its series) the prices of one offer."""

    id: str
    source: str
    observed: str
    reason: str
    rows: int
    capture: int
    series: int = 0


def quarantine(connection: sqlite3.Connection, on: str = "9999", since: str = "") -> list[Held]:
    """What is held by a time and was seen after `since`, oldest first: captures, then single offers.

    A price waits as long as its list says nothing else.
    """
    pages = connection.execute(
        "SELECT CAST(c.id AS TEXT), c.source, c.observed, c.note, c.rows, c.id FROM capture c"
        f" WHERE {HELD} AND c.until > :since",
        {"on": on, "since": since},
    )
    offers = connection.execute(
        "SELECT h.capture || '.' || min(s.id), s.source, h.at, s.subject || CASE s.provider WHEN '' THEN ''"
        " ELSE"
        " ' at ' || s.provider END || ': ' || group_concat(substr(s.metric, 7) || ' ' || h.reason,"
        " ', '), count(*), h.capture, min(s.id)"
        " FROM held h JOIN series s ON s.id = h.series WHERE h.kind = 'held' AND h.ruling <> 'discard'"
        " AND (h.standing = 'unconfirmed' OR h.judged > :on) AND h.at <= :on AND h.at > :since"
        " AND NOT EXISTS (SELECT 1 FROM point p WHERE p.series = h.series AND p.at > h.at AND p.at <= :on)"
        " AND NOT EXISTS (SELECT 1 FROM held n WHERE n.series = h.series AND n.at > h.at AND n.at <= :on)"
        " GROUP BY h.capture, s.source, h.at, s.subject, s.provider, s.condition",
        {"on": on, "since": since},
    )
    found = [Held(*row) for rows in (pages, offers) for row in rows]
    return sorted(found, key=lambda held: (held.observed, held.id))


def rule(connection: Connection, capture: int, series: int, ruling: str) -> None:
    """A person's word on a held offer; what follows is settled anew."""
    with transaction(connection):
        connection.exec_driver_sql(
            "UPDATE held SET ruling = ? WHERE capture = ? AND series = ?", (ruling, capture, series)
        )
        connection.exec_driver_sql("UPDATE capture SET settled = 0 WHERE id = ?", (capture,))


def snapshot(connection: sqlite3.Connection, source: str, before: str = "9999") -> Snapshot:
    """What a source's good captures before a time come to: the figures and facts in force."""
    rows = connection.execute(
        f"SELECT s.metric, s.subject, s.provider, s.condition, s.vintage, {', '.join(Value._fields)}"
        " FROM series s JOIN point p ON p.id = (SELECT id FROM point WHERE series = s.id AND at < ?"
        " ORDER BY at DESC LIMIT 1) WHERE s.source = ? AND p.value IS NOT NULL",
        (before, source),
    )
    found = {Key(*row[:5]): Value(*row[5:]) for row in rows}
    weights = connection.execute(
        "SELECT l.subject, m.weights FROM spelling l JOIN model m ON m.id = l.model WHERE l.source = ?",
        (source,),
    )
    return Snapshot(found, dict(weights.fetchall()))


def suspects(connection: sqlite3.Connection, source: str, on: str = "9999") -> list[Suspect]:
    """The held captures of a source, oldest first."""
    rows = connection.execute(
        f"SELECT c.id, c.observed, c.until, c.visits, c.note FROM capture c"
        f" WHERE c.source = :source AND {HELD}"
        " ORDER BY c.observed",
        {"source": source, "on": on},
    ).fetchall()
    return [_suspect(connection, row) for row in rows]


def last_good(connection: sqlite3.Connection, source: str) -> Suspect | None:
    """The last good capture of a source, in the shape of a held one."""
    row = connection.execute(
        "SELECT id, observed, until, visits, note FROM capture WHERE source = ? AND outcome = 'new'"
        " ORDER BY observed DESC LIMIT 1",
        (source,),
    ).fetchone()
    return _suspect(connection, row) if row else None


def _suspect(connection: sqlite3.Connection, row: Sequence[Any]) -> Suspect:
    capture, observed, until, visits, reason = row
    return Suspect(capture, observed, until, visits, reason, _pages(connection, capture))


def _pages(connection: sqlite3.Connection, capture: int) -> tuple[tuple[str, str, str], ...]:
    rows = connection.execute(
        "SELECT p.url, p.sha256, b.media_type FROM capture_page p JOIN payload b ON b.sha256 = p.sha256"
        " WHERE p.capture = ? ORDER BY p.position",
        (capture,),
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def extend(connection: Connection, capture: int, observed: str) -> None:
    """The same suspect content was seen again."""
    with transaction(connection):
        connection.exec_driver_sql(
            "UPDATE capture SET until = max(until, ?), visits = visits + 1 WHERE id = ?", (observed, capture)
        )


def discard(connection: Connection, capture: int) -> None:
    """A held capture is nothing: its bytes stay, but nobody is asked about it any more."""
    with transaction(connection):
        connection.exec_driver_sql("UPDATE capture SET outcome = 'discarded' WHERE id = ?", (capture,))
