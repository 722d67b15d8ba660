"""Writing points: a source's series as they stand, and what a snapshot changes in them.

A snapshot that arrives late is put between its neighbours: the next stored one goes on saying what it
had said, and a capture whose span reaches over the late one is split. All of it within the caller's
transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from tracker.store import spans
from tracker.store.spans import Key, Value

_SAID = ", ".join(Value._fields)
_MARKS = ", ".join("?" * len(Value._fields))
_UPDATES = ", ".join(f"{name} = excluded.{name}" for name in Value._fields)
_SERIES = (
    "INSERT INTO series (id, source, metric, subject, provider, condition, vintage)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_POINT = (
    f"INSERT INTO point (series, at, {_SAID}, capture) VALUES (?, ?, {_MARKS}, ?)"
    f" ON CONFLICT (series, at) DO UPDATE SET {_UPDATES}, capture = excluded.capture"
)


@dataclass(slots=True)
class Place:
    """The source's series as they stand just before an arrival."""

    ids: dict[Key, int] = field(default_factory=dict)
    before: dict[Key, Value] = field(default_factory=dict)


def take_out(connection: Connection, place: Place, at: str, capture: int) -> dict[Key, Value]:
    """Remove and return what a capture said when it was stored before; nothing, the first time."""
    names = {number: key for key, number in place.ids.items()}
    rows = connection.exec_driver_sql(
        f"DELETE FROM point WHERE capture = ? AND at = ? RETURNING series, {_SAID}", (capture, at)
    ).fetchall()
    return {names[row[0]]: Value(*row[1:]) for row in rows}


def standing(connection: Connection, source: str, at: str) -> Place:
    """Every series of a source with the value in force just before `at`."""
    place = Place()
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


class Pending:
    """Series and points to be written together. Nothing of them is in the database before `flush`."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection, self._source = connection, source
        self._last: int | None = None
        self._series: list[tuple[object, ...]] = []
        self._points: list[tuple[object, ...]] = []

    def add(self, place: Place, said: Mapping[Key, Value], at: str, capture: int) -> None:
        """What a capture says anew; series that are not known yet get their numbers."""
        for key in said:
            if key not in place.ids:
                place.ids[key] = number = self._next()
                self._series.append((number, self._source, *key))
        self._points += [(place.ids[key], at, *value, capture) for key, value in said.items()]

    def _next(self) -> int:
        if self._last is None:
            self._last = self._connection.exec_driver_sql(
                "SELECT coalesce(max(id), 0) FROM series"
            ).scalar_one()
        self._last += 1
        return self._last

    def flush(self) -> None:
        """Write what has been gathered."""
        if self._series:
            self._connection.exec_driver_sql(_SERIES, self._series)
        if self._points:
            self._connection.exec_driver_sql(_POINT, self._points)
        self._last, self._series, self._points = None, [], []


def next_capture(connection: Connection, source: str, at: str) -> tuple[int, str] | None:
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


def restore(
    connection: Connection,
    source: str,
    place: Place,
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
    pending = Pending(connection, source)
    pending.add(place, add, at, capture)
    pending.flush()


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
