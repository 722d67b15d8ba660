"""A reparse: the kept bytes read again with today's parsers and rules, in one transaction.

Every good capture is stored anew under its own date, in order; links, gap panel, changes and events follow
as after a pass. What was held stays held.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from sqlalchemy import Connection

from tracker.catalog.providers import providers
from tracker.catalog.reference import load_reference
from tracker.collect import grouping, registry
from tracker.collect.parse import read
from tracker.collect.past import ORIGIN
from tracker.collect.trees import Standing, replayed
from tracker.config import Settings
from tracker.domain import Record
from tracker.errors import ParseError, UsageError
from tracker.source import Payload, Source
from tracker.store import database, health
from tracker.store import reparse as store
from tracker.store.bulk import Bulk, Snapshot
from tracker.store.reparse import Difference, Kept
from tracker.store.settle import settle
from tracker.store.spans import figures
from tracker.store.times import stamp
from tracker.store.writer import Arrival


class _Undone(Exception):
    """Ends a transaction of which nothing is to stay."""


def reparse(settings: Settings, name: str = "", *, dry_run: bool = False) -> list[Difference]:
    """Rebuild one source, or all; what differs in each. UsageError, StoreError."""
    found = registry.find(settings.sources)
    if name and name not in found.sources:
        raise UsageError(found.broken.get(name) or f"no source named {name}; see `gapwatch sources list`")
    chosen = [source for key, source in sorted(found.sources.items()) if not name or key == name]
    metrics = grouping.measured(settings, found.sources.values())
    with database.writing(settings.db) as connection:
        reference = load_reference()
        differences = [Difference(source.name) for source in chosen]
        with suppress(_Undone), database.transaction(connection):
            health.register(connection, found.sources.values(), metrics, providers(reference))
            store.remember(connection)
            store.take_out(connection, [source.name for source in chosen])
            for source, said in zip(chosen, differences, strict=True):
                snapshots = _snapshots(connection, source, said)
                Bulk(connection, source, last=True).store(snapshots)
            store.tidy(connection)
            settle(connection, found.sources, reference)
            store.compare(connection, differences)
            health.read_as(connection, chosen)
            if dry_run:
                raise _Undone
    return differences


def _snapshots(connection: Connection, source: Source, said: Difference) -> Iterator[Snapshot]:
    """Every good capture as today's parser reads it; what cannot be read is left without figures."""
    reader = _Reader(source, said)
    for capture in store.kept(connection, source.name):
        said.captures += capture.good
        try:
            if found := reader.snapshot(capture):
                yield found
        except ParseError as error:
            said.unread.append(f"{stamp(capture.observed)}: {error}")


class _Reader:
    """Reads the captures of one source, oldest first."""

    def __init__(self, source: Source, said: Difference) -> None:
        self._source, self._said = source, said
        tree = next((history.tree for history in source.history if history.tree), None)
        self._standing = Standing(tree()) if tree else None
        self._archive: tuple[str, dict[str, list[Record]]] = ("", {})

    def snapshot(self, capture: Kept) -> Snapshot | None:
        """What a capture says; ParseError. A held version is only what the next one builds on."""
        files = replayed(list(capture.pages)) if capture.origin == ORIGIN else None
        if self._standing is None or files is None:
            if not capture.good:
                return None
            records = self._dated(capture) if self._source.archive else self._read(capture)
            return Snapshot(self._arrival(capture, records), figures(records), len(records))
        failed = self._standing.take(files).values()
        self._said.unread += [f"{stamp(capture.observed)}: {why}" for why in failed]
        if not capture.good:
            return None
        touched, self._standing.was = self._standing.was.keys(), {}
        now, groups = self._standing.figures, self._standing.groups
        return Snapshot(self._arrival(capture, []), now, len(now), touched, groups)

    def _arrival(self, capture: Kept, records: list[Record]) -> Arrival:
        return Arrival(
            self._source,
            capture.observed,
            capture.fetched,
            capture.pages,
            records,
            origin=capture.origin,
            note=capture.note,
            as_of=capture.as_of,
        )

    def _read(self, capture: Kept) -> list[Record]:
        payloads: list[Payload] = []
        records: list[Record] = []
        for page in capture.pages:
            payloads.append(Payload(page.url, page.body, capture.observed, page.media_type, tuple(payloads)))
            records += read(self._source, payloads[-1])[0]
        return records

    def _dated(self, capture: Kept) -> list[Record]:
        """The records of one date of an archive, which is read once for all of its dates."""
        digest = " ".join(page.sha256 for page in capture.pages)
        if digest != self._archive[0]:
            dates: dict[str, list[Record]] = {}
            for record in self._read(capture):
                at = getattr(record, "at", None)
                dates.setdefault(stamp(at or capture.observed), []).append(record)
            self._archive = digest, dates
        return self._archive[1].get(stamp(capture.observed), [])
