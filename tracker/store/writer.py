"""Writing captures: one transaction each, whole or not at all.

Every function here takes the one writer's connection. Raw bytes are kept once per distinct content;
figures are kept as points (spans.py decides, points.py writes); news once per identity. What follows from
the figures (links, gap panel, changes) is the work of settle.py, afterwards and from the database alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from tracker.domain import Outcome, Record
from tracker.source import Source
from tracker.store import belief, points, spans
from tracker.store.database import transaction
from tracker.store.times import stamp


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page of a visit, ready to be kept."""

    url: str
    sha256: str
    body: bytes
    media_type: str = ""
    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a visit brought. `outcome` is NEW, or SUSPECT: then the bytes are kept and the figures held."""

    source: Source
    observed: datetime
    fetched: datetime
    pages: Sequence[KeptPage]
    records: Sequence[Record]
    outcome: Outcome = Outcome.NEW
    origin: str = "poll"
    note: str = ""
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of an arrival: its capture, and how many series and announcements changed."""

    capture: int
    changed: int


def store(connection: Connection, arrival: Arrival) -> Stored:
    """Keep an arrival: its bytes, its capture, and what it says that was not known."""
    with transaction(connection):
        _keep_bytes(connection, arrival.pages)
        capture = record_capture(connection, arrival)
        _keep_validators(connection, arrival)
        if arrival.outcome is not Outcome.NEW:
            return Stored(capture, 0)
        belief.restore(connection, arrival.source.name)
        changed = _figures(connection, arrival, capture) + record_news(connection, arrival, capture)
        return Stored(capture, changed)


def seen_again(connection: Connection, source: str, observed: datetime) -> None:
    """The source still shows what its last good capture shows."""
    with transaction(connection):
        connection.exec_driver_sql(
            "UPDATE capture SET until = max(until, ?) WHERE id = (SELECT id FROM capture WHERE source = ?"
            " AND outcome = 'new' AND observed <= ? ORDER BY observed DESC LIMIT 1)",
            (stamp(observed), source, stamp(observed)),
        )


def _keep_bytes(connection: Connection, pages: Iterable[KeptPage]) -> None:
    for page in pages:
        known = connection.exec_driver_sql("SELECT 1 FROM payload WHERE sha256 = ?", (page.sha256,)).first()
        if not known:
            connection.exec_driver_sql(
                "INSERT INTO payload (sha256, media_type, size, body) VALUES (?, ?, ?, ?)",
                (page.sha256, page.media_type, len(page.body), zlib.compress(page.body, 6)),
            )


def record_capture(connection: Connection, arrival: Arrival) -> int:
    """The row of the capture and its pages. The same source at the same instant is the same capture."""
    name, at = arrival.source.name, stamp(arrival.observed)
    connection.exec_driver_sql(
        "DELETE FROM capture_page WHERE capture IN"
        " (SELECT id FROM capture WHERE source = ? AND observed = ? AND outcome = ?)",
        (name, at, str(arrival.outcome)),
    )
    row = connection.exec_driver_sql(
        "SELECT id FROM capture WHERE source = ? AND observed = ? AND outcome = ?",
        (name, at, str(arrival.outcome)),
    ).first()
    values = (
        at,
        stamp(arrival.fetched),
        stamp(arrival.as_of) if arrival.as_of else "",
        arrival.note,
        arrival.origin,
        len(arrival.records),
    )
    if row:
        capture = int(row[0])
        connection.exec_driver_sql(
            "UPDATE capture SET until = max(until, ?), fetched = ?, as_of = ?, note = ?, origin = ?,"
            " rows = ?, settled = 0 WHERE id = ?",
            (*values, capture),
        )
    else:
        result = connection.exec_driver_sql(
            "INSERT INTO capture (until, fetched, as_of, note, origin, rows, source, observed, outcome)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*values, name, at, str(arrival.outcome)),
        )
        capture = int(result.lastrowid)
    connection.exec_driver_sql(
        "INSERT INTO capture_page (capture, position, url, sha256) VALUES (?, ?, ?, ?)",
        [(capture, number, page.url, page.sha256) for number, page in enumerate(arrival.pages)],
    )
    return capture


def _keep_validators(connection: Connection, arrival: Arrival) -> None:
    """What conditional requests will ask with; a suspect page is asked for whole again."""
    if arrival.outcome is not Outcome.NEW or arrival.origin != "poll":
        return
    connection.exec_driver_sql("DELETE FROM page WHERE source = ?", (arrival.source.name,))
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO page (source, url, position, etag, last_modified, sha256, media_type)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (arrival.source.name, p.url, number, p.etag, p.last_modified, p.sha256, p.media_type)
            for number, p in enumerate(arrival.pages)
        ],
    )


def _figures(connection: Connection, arrival: Arrival, capture: int) -> int:
    now = spans.figures(arrival.records)
    if not now:
        return 0
    at = stamp(arrival.observed)
    place = points.standing(connection, arrival.source.name, at)
    said = points.take_out(connection, place, at, capture)
    moved = spans.moved(place.before, now, listing=arrival.source.listing)
    points.open_series(connection, arrival.source.name, place, moved)
    following = points.next_capture(connection, arrival.source.name, at)
    if following:
        points.restore(connection, place, place.before | said, place.before | moved, following)
    points.write(connection, place.ids, moved, at, capture)
    return len(moved)


def record_news(connection: Connection, arrival: Arrival, capture: int) -> int:
    """Announcements not seen before; one that is known is not news again, whatever its date says now."""
    rows = [
        (
            arrival.source.name,
            item.key,
            item.url,
            item.title,
            item.vendor,
            stamp(item.published) if item.published else None,
            stamp(arrival.observed),
            item.text,
            "\n".join(item.topics),
            "\n".join(item.models),
            capture,
        )
        for item in spans.announcements(arrival.records)
    ]
    if not rows:
        return 0
    before = connection.exec_driver_sql("SELECT count(*) FROM announcement").scalar_one()
    connection.exec_driver_sql(
        "INSERT INTO announcement (source, key, url, title, vendor, published, first_seen, text, topics,"
        " models, capture) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, key) DO UPDATE"
        " SET first_seen = excluded.first_seen, capture = excluded.capture"
        " WHERE excluded.first_seen < first_seen",
        rows,
    )
    return int(connection.exec_driver_sql("SELECT count(*) FROM announcement").scalar_one() - before)
