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

_PAYLOAD = "INSERT OR IGNORE INTO payload (sha256, media_type, size, body) VALUES (?, ?, ?, ?)"
_CAPTURE = (
    "INSERT INTO capture (id, source, observed, outcome, until, fetched, as_of, note, origin, rows)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
    " until = max(until, excluded.until), fetched = excluded.fetched, as_of = excluded.as_of,"
    " note = excluded.note, origin = excluded.origin, rows = excluded.rows, settled = 0"
)


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


class Batch:
    """The rows of one source's captures, written together: a statement a table, not one a capture.

    All of it within the caller's transaction; nothing that it was given is in the database before `flush`.
    """

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection, self._source = connection, source
        self._ids: dict[tuple[str, str], int] | None = None  # captures by (observed, outcome)
        self._last = 0
        self._kept: set[str] = set()
        self._clear()

    def _clear(self) -> None:
        self._captures: list[tuple[object, ...]] = []
        self._pages: list[tuple[object, ...]] = []
        self._payloads: list[tuple[object, ...]] = []

    def capture(self, arrival: Arrival, rows: int) -> int:
        """The number of an arrival's capture. The same source at the same instant is the same capture."""
        at, outcome = stamp(arrival.observed), str(arrival.outcome)
        number = self._number(at, outcome)
        as_of = stamp(arrival.as_of) if arrival.as_of else ""
        about = (at, stamp(arrival.fetched), as_of, arrival.note, arrival.origin, rows)
        self._captures.append((number, self._source, at, outcome, *about))
        self._pages += [(number, place, p.url, p.sha256) for place, p in enumerate(arrival.pages)]
        self._keep_bytes(arrival.pages)
        return number

    def _keep_bytes(self, pages: Iterable[KeptPage]) -> None:
        for page in pages:
            if page.sha256 not in self._kept:
                self._kept.add(page.sha256)
                body = zlib.compress(page.body, 6)
                self._payloads.append((page.sha256, page.media_type, len(page.body), body))

    def _number(self, at: str, outcome: str) -> int:
        if self._ids is None:
            rows = self._connection.exec_driver_sql(
                "SELECT observed, outcome, id FROM capture WHERE source = ? AND observed >= ?",
                (self._source, at),
            )
            self._ids = {(row[0], row[1]): row[2] for row in rows}
            last = self._connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM capture").scalar_one()
            self._last = int(last)
        if (at, outcome) not in self._ids:
            self._last += 1
            self._ids[at, outcome] = self._last
        return self._ids[at, outcome]

    def flush(self) -> None:
        """Write what has been gathered."""
        for sql, rows in (
            (_PAYLOAD, self._payloads),
            (_CAPTURE, self._captures),
            ("DELETE FROM capture_page WHERE capture = ?", [row[:1] for row in self._captures]),
            ("INSERT INTO capture_page (capture, position, url, sha256) VALUES (?, ?, ?, ?)", self._pages),
        ):
            if rows:
                self._connection.exec_driver_sql(sql, rows)
        self._ids = None
        self._clear()


def record_capture(connection: Connection, arrival: Arrival) -> int:
    """Keep an arrival's bytes and the row of its capture; returns its number."""
    batch = Batch(connection, arrival.source.name)
    number = batch.capture(arrival, len(arrival.records))
    batch.flush()
    return number


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
    pending = points.Pending(connection, arrival.source.name)
    pending.add(place, moved, at, capture)
    pending.flush()
    following = points.next_capture(connection, arrival.source.name, at)
    if following:
        was, becomes = place.before | said, place.before | moved
        points.restore(connection, arrival.source.name, place, was, becomes, following)
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
