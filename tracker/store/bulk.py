"""Storing a history: many snapshots of one source in order of time, between the captures that are there.

The outcome is what `writer.store` would make of them one by one; here the source's series are read once
and carried along, and a snapshot that knows what it changed is not compared as a whole.

    state      what the database says in force just after the last snapshot
    following  the next capture that was already there: it goes on saying what it had said
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from tracker.domain import Announcement, Outcome
from tracker.source import Source
from tracker.store import belief, points, spans, writer
from tracker.store.database import transaction
from tracker.store.spans import FACT, GONE, Key, Value
from tracker.store.times import stamp
from tracker.store.writer import Arrival

Groups = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a source showed at a time: everything it listed, by series.

    `touched` are the series that differ from the snapshot before it in the same history (None: not known);
    `figures` may be one mapping that goes on changing, so it is read before the next one is asked for.
    `groups` counts its rows by metric and vintage. `arrival.records` may be left out; `rows` counts them.
    """

    arrival: Arrival
    figures: Mapping[Key, Value]
    rows: int
    touched: Iterable[Key] | None = None
    groups: Groups = field(default_factory=dict)


class Bulk:
    """Takes the snapshots of one source, oldest first, in as many batches as wanted.

    With `last` there is nothing behind them to go on: every capture of the source is written anew.
    """

    def __init__(self, connection: Connection, source: Source, *, last: bool = False) -> None:
        self._connection, self._source, self._last = connection, source, last
        self._place: points.Place | None = None
        self._at = ""
        self._following: tuple[int, str] | None = None
        self._was: dict[Key, Value] = {}  # what the batch changed, as it stood before it
        self._looked = False  # whether `following` has been asked for in this batch
        self._level = False  # whether the state is what the last snapshot said
        self._groups: Groups = {}
        self._batch = writer.Batch(connection, source.name)
        self._pending = points.Pending(connection, source.name)

    def store(self, snapshots: Iterable[Snapshot]) -> int:
        """Store a batch, whole or not at all: how many series changed. StoreError."""
        changed = 0
        self._looked = False
        with transaction(self._connection):
            belief.restore(self._connection, self._source.name)
            for snapshot in snapshots:
                changed += self._one(snapshot)
            self._close()
            self._flush()
        return changed

    def _flush(self) -> None:
        """Before the database is asked, and at the end of a batch."""
        self._batch.flush()
        self._pending.flush()

    def _one(self, snapshot: Snapshot) -> int:
        arrival, at = snapshot.arrival, stamp(snapshot.arrival.observed)
        capture = self._batch.capture(arrival, snapshot.rows)
        if arrival.outcome is not Outcome.NEW:
            self._level = False
            return 0
        news = self._news(arrival, capture)
        if not snapshot.figures:
            return news
        place = self._standing(at)
        moved = self._moved(place.before, snapshot)
        self._pending.add(place, moved, at, capture)
        if self._following:
            for key in moved:
                self._was.setdefault(key, place.before.get(key, GONE))
        place.before.update(moved)
        return len(moved) + news

    def _news(self, arrival: Arrival, capture: int) -> int:
        if not any(isinstance(record, Announcement) for record in arrival.records):
            return 0
        self._flush()
        return writer.record_news(self._connection, arrival, capture)

    def _standing(self, at: str) -> points.Place:
        """The source's series as they stand just before `at`."""
        following = self._next(at)
        if self._place is None:
            self._place = points.standing(self._connection, self._source.name, at)
        elif following != self._following:
            self._close()
            self._advance(self._place, at)
        self._at, self._following = at, following
        return self._place

    def _next(self, at: str) -> tuple[int, str] | None:
        """The capture that follows `at`: asked for anew only in a new batch, or past the one known."""
        if not self._last and not (self._looked and (self._following is None or at < self._following[1])):
            self._looked = True
            self._flush()
            return points.next_capture(self._connection, self._source.name, at)
        return self._following

    def _advance(self, place: points.Place, at: str) -> None:
        """Carry the state over the captures between the last snapshot and `at`."""
        self._flush()
        names = {number: key for key, number in place.ids.items()}
        rows = self._connection.exec_driver_sql(
            f"SELECT p.series, {', '.join(f'p.{name}' for name in Value._fields)} FROM capture c"
            " JOIN point p ON p.capture = c.id WHERE c.source = ? AND c.outcome = 'new' AND c.observed > ?"
            " AND c.observed < ? ORDER BY p.at",
            (self._source.name, self._at, at),
        ).fetchall()
        for row in rows:
            place.before[names[row[0]]] = Value(*row[1:])
        self._level = False

    def _moved(self, before: Mapping[Key, Value], snapshot: Snapshot) -> dict[Key, Value]:
        """What the snapshot says that was not in force."""
        level = self._level and snapshot.groups.keys() == self._groups.keys()
        self._level, self._groups = bool(snapshot.groups), dict(snapshot.groups)
        listing = self._source.listing
        if snapshot.touched is None or not level:
            return spans.moved(before, snapshot.figures, listing=listing)
        now = {key: snapshot.figures.get(key, GONE) for key in snapshot.touched}
        return {
            key: value
            for key, value in now.items()
            if before.get(key, GONE) != value and (value != GONE or (listing and self._speaks(key)))
        }

    def _speaks(self, key: Key) -> bool:
        """Whether a series that is absent is gone: among the metrics and vintages that the list speaks of."""
        return not key.metric.startswith(FACT) and (key.metric, key.vintage) in self._groups

    def _close(self) -> None:
        """Let the capture that follows go on saying what it had said."""
        if self._following and self._place:
            self._flush()
            becomes = {key: self._place.before.get(key, GONE) for key in self._was}
            points.restore(
                self._connection, self._source.name, self._place, self._was, becomes, self._following
            )
        self._was = {}
