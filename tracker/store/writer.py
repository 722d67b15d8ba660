"""Writing captures: one transaction each, whole or not at all.

Every function here takes the one writer's connection. Raw bytes are kept once per distinct content;
figures are kept as points (see spans.py); news once per identity. What follows from the figures
(links, gap panel, changes) is the work of settle.py, afterwards and from the database alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from tracker.domain import Outcome, Record
from tracker.source import Source
from tracker.store import belief, spans
from tracker.store.database import transaction
from tracker.store.spans import Key, Value
from tracker.store.times import stamp

_SAID = ", ".join(Value._fields)
_MARKS = ", ".join("?" * len(Value._fields))
_UPDATES = ", ".join(f"{name} = excluded.{name}" for name in Value._fields)


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


@dataclass(slots=True)
class _Place:
    """The source's series as they stand just before an arrival."""

    ids: dict[Key, int] = field(default_factory=dict)
    before: dict[Key, Value] = field(default_factory=dict)


def store(connection: Connection, arrival: Arrival) -> Stored:
    """Keep an arrival: its bytes, its capture, and what it says that was not known."""
    with transaction(connection):
        _keep_bytes(connection, arrival.pages)
        capture = _capture(connection, arrival)
        _keep_validators(connection, arrival)
        if arrival.outcome is not Outcome.NEW:
            return Stored(capture, 0)
        belief.restore(connection, arrival.source.name)
        changed = _figures(connection, arrival, capture) + _news(connection, arrival, capture)
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


def _capture(connection: Connection, arrival: Arrival) -> int:
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
    place = _standing(connection, arrival.source.name, at)
    said = _take_out(connection, place, at, capture)
    points = spans.moved(place.before, now, listing=arrival.source.listing)
    _open_series(connection, arrival.source.name, place, points)
    following = _next_capture(connection, arrival.source.name, at)
    if following:
        _restore(connection, place, place.before | said, place.before | points, following)
    _write(connection, place.ids, points, at, capture)
    return len(points)


def _take_out(connection: Connection, place: _Place, at: str, capture: int) -> dict[Key, Value]:
    """Remove and return what a capture said when it was stored before; nothing, the first time."""
    names = {number: key for key, number in place.ids.items()}
    rows = connection.exec_driver_sql(
        f"DELETE FROM point WHERE capture = ? AND at = ? RETURNING series, {_SAID}", (capture, at)
    ).fetchall()
    return {names[row[0]]: Value(*row[1:]) for row in rows}


def _standing(connection: Connection, source: str, at: str) -> _Place:
    """Every series of a source with the value in force just before `at`."""
    place = _Place()
    rows = connection.exec_driver_sql(
        f"SELECT s.id, s.metric, s.subject, s.provider, s.condition, s.vintage, {_SAID}"
        " FROM series s LEFT JOIN point p ON p.id = (SELECT id FROM point WHERE series = s.id AND at < ?"
        " ORDER BY at DESC LIMIT 1) WHERE s.source = ?",
        (at, source),
    )
    for row in rows:
        key = Key(*row[1:6])
        place.ids[key] = row[0]
        place.before[key] = Value(*row[6:])
    return place


def _open_series(connection: Connection, source: str, place: _Place, points: Mapping[Key, Value]) -> None:
    fresh = [key for key in points if key not in place.ids]
    if not fresh:
        return
    last = connection.exec_driver_sql("SELECT coalesce(max(id), 0) FROM series").scalar_one()
    place.ids |= {key: number for number, key in enumerate(fresh, last + 1)}
    connection.exec_driver_sql(
        "INSERT INTO series (id, source, metric, subject, provider, condition, vintage)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(place.ids[key], source, *key) for key in fresh],
    )


def _next_capture(connection: Connection, source: str, at: str) -> tuple[int, str] | None:
    """The first good capture of the source after `at`, splitting one whose span reaches over it."""
    over = connection.exec_driver_sql(
        "SELECT id, until FROM capture WHERE source = ? AND outcome = 'new' AND observed < ? AND until > ?"
        " ORDER BY observed DESC LIMIT 1",
        (source, at, at),
    ).first()
    if over:
        return _split(connection, over[0], over[1], at), over[1]
    row = connection.exec_driver_sql(
        "SELECT id, observed FROM capture WHERE source = ? AND outcome = 'new' AND observed > ?"
        " ORDER BY observed LIMIT 1",
        (source, at),
    ).first()
    return (row[0], row[1]) if row else None


def _split(connection: Connection, capture: int, until: str, at: str) -> int:
    """End a capture's span before `at`, and begin it anew where the same content was last seen."""
    again = connection.exec_driver_sql(
        "INSERT INTO capture (source, observed, until, fetched, as_of, outcome, note, origin, rows)"
        " SELECT source, until, until, fetched, as_of, outcome, note, origin, rows FROM capture WHERE id = ?",
        (capture,),
    ).lastrowid
    connection.exec_driver_sql(
        "INSERT INTO capture_page (capture, position, url, sha256)"
        " SELECT ?, position, url, sha256 FROM capture_page WHERE capture = ?",
        (again, capture),
    )
    connection.exec_driver_sql("UPDATE capture SET until = observed WHERE id = ?", (capture,))
    return int(again)


def _restore(
    connection: Connection,
    place: _Place,
    was: Mapping[Key, Value],
    becomes: Mapping[Key, Value],
    following: tuple[int, str],
) -> None:
    """Let the next stored snapshot go on saying what it had said, now that what precedes it differs."""
    capture, at = following
    names = {number: key for key, number in place.ids.items()}
    later = {
        names[row[0]]: Value(*row[1:])
        for row in connection.exec_driver_sql(
            f"SELECT series, {_SAID} FROM point WHERE at = ? AND capture = ?",
            (at, capture),
        )
    }
    add, repeated, silent = spans.restored(was, becomes, later)
    connection.exec_driver_sql("UPDATE capture SET settled = 0 WHERE id = ?", (capture,))
    for key in repeated:
        connection.exec_driver_sql("DELETE FROM point WHERE series = ? AND at = ?", (place.ids[key], at))
    for key in silent:
        fact = key.metric.startswith(spans.FACT)
        _join(connection, place.ids[key], at, becomes.get(key, spans.GONE), fact=fact)
    _write(connection, place.ids, add, at, capture)


def _join(connection: Connection, series: int, at: str, value: Value, *, fact: bool) -> None:
    """Let a value that goes on after `at` last until its metric is spoken of again.

    Where the series' next point only repeats it, that goes; where it is not listed then, it is gone then.
    """
    row = connection.exec_driver_sql(
        f"SELECT id, at, {_SAID} FROM point WHERE series = ? AND at > ? ORDER BY at LIMIT 1", (series, at)
    ).first()
    if row and Value(*row[2:]) == value:
        connection.exec_driver_sql("DELETE FROM point WHERE id = ?", (row[0],))
    spoken = connection.exec_driver_sql(
        "SELECT p.at, p.capture FROM series mine JOIN series s ON s.source = mine.source AND s.metric ="
        " mine.metric AND s.vintage = mine.vintage JOIN point p ON p.series = s.id WHERE mine.id = ?"
        " AND p.at > ? ORDER BY p.at LIMIT 1",
        (series, at),
    ).first()
    if spoken and not fact and value != spans.GONE and (row is None or row[1] > spoken[0]):
        connection.exec_driver_sql(
            "INSERT INTO point (series, at, capture) VALUES (?, ?, ?)", (series, spoken[0], spoken[1])
        )


def _write(
    connection: Connection, ids: Mapping[Key, int], points: Mapping[Key, Value], at: str, capture: int
) -> None:
    if points:
        connection.exec_driver_sql(
            f"INSERT INTO point (series, at, {_SAID}, capture) VALUES (?, ?, {_MARKS}, ?)"
            f" ON CONFLICT (series, at) DO UPDATE SET {_UPDATES}, capture = excluded.capture",
            [(ids[key], at, *value, capture) for key, value in points.items()],
        )


def _news(connection: Connection, arrival: Arrival, capture: int) -> int:
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
