"""A backfill: a source's past, read from where it is kept and stored as polling would have stored it.

1  open      the history: a repository, pages of rows, the Internet Archive
2  read      its versions, oldest first; those already captured are passed over
3  guard     as a poll does, against the version before
4  store     in batches, each whole or not at all: a run that was cut short goes on where it ended; what is
             fetched version by version is stored so, for nobody else can write within a batch
5  settle    links, gap panel, changes, events: once, when all sources are in
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from tracker.catalog.providers import providers
from tracker.catalog.reference import load_reference
from tracker.collect import archive, filelog, gitlog, grouping, registry, rows, trees
from tracker.collect.gitlog import Repository
from tracker.collect.past import Asked
from tracker.config import Settings
from tracker.domain import Outcome
from tracker.errors import GapwatchError, UsageError
from tracker.source import History, Source
from tracker.store import database, health, holding, reading
from tracker.store.bulk import Bulk, Snapshot
from tracker.store.holding import Snapshot as Believed
from tracker.store.settle import settle
from tracker.store.times import stamp

if TYPE_CHECKING:
    from tracker.collect.fetch import Fetcher

BATCH = 250
BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)
Progress = Callable[[str, int], None]


@dataclass(slots=True)
class Backfilled:
    """What one source's backfill came to: versions and points stored, the first and last of them."""

    source: str
    versions: int = 0
    observations: int = 0
    held: int = 0
    first: str = ""
    last: str = ""
    skipped: list[str] = field(default_factory=list)
    failed: str = ""


@dataclass(frozen=True, slots=True)
class _World:
    settings: Settings
    connection: Connection
    fetcher: Callable[[], Fetcher]
    repositories: Mapping[str, Future[Repository]]
    place: str
    since: datetime
    until: datetime


@contextmanager
def _seldom_tidied() -> Iterator[None]:
    """Nearly all that a backfill makes stays until its end, so that looking for rubbish finds none."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@_seldom_tidied()
def backfill(
    settings: Settings,
    names: Collection[str] = (),
    *,
    place: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    progress: Progress = lambda source, versions: None,
) -> list[Backfilled]:
    """Store the past of the named sources, or of all that have one; a report for each. UsageError."""
    found = registry.find(settings.sources)
    chosen = _chosen(found, names, place)
    metrics = grouping.measured(settings, found.sources.values())
    now = settings.clock()
    with ExitStack() as stack:
        clerk = stack.enter_context(ThreadPoolExecutor(1))
        repositories = _opened(clerk, chosen, place, settings.db.parent / "histories")
        connection = stack.enter_context(database.writing(settings.db))
        reference = load_reference()
        health.register(connection, found.sources.values(), metrics, providers(reference))
        span = since or BEGINNING, min(until or now, now)
        fetcher = cache(lambda: _fetcher(settings, stack))
        world = _World(settings, connection, fetcher, repositories, place, *span)
        reports = [_one(source, world, progress) for source in chosen]
        settle(connection, found.sources, reference)
    return reports


def _opened(
    clerk: ThreadPoolExecutor, chosen: Iterable[Source], place: str, folder: Path
) -> dict[str, Future[Repository]]:
    """The repositories of the sources, brought one after another while others are read."""
    found = {}
    for source in chosen:
        with suppress(UsageError):  # which is told where that source is read
            history = _history(source, place)
            if history.kind == "git":
                found[source.name] = clerk.submit(gitlog.opened, place or history.urls[0], folder)
    return found


def _fetcher(settings: Settings, stack: ExitStack) -> Fetcher:
    """The client, made where a history is had over HTTP: a repository needs none."""
    from tracker.collect.fetch import Fetcher

    addresses = settings.allow_addresses
    return stack.enter_context(
        Fetcher(contact=settings.contact, clock=settings.clock, allow_addresses=addresses)
    )


def _chosen(found: registry.Found, names: Collection[str], place: str) -> list[Source]:
    if unknown := sorted(set(names) - found.sources.keys()):
        raise UsageError(f"no source named {', '.join(unknown)}; see `gapwatch sources list`")
    if place and len(names) != 1:
        raise UsageError("--from is one source's history: name that source")
    if bare := [name for name in names if not found.sources[name].history]:
        raise UsageError(f"{', '.join(bare)}: no history is known; the source file's `history` says where")
    return [
        source
        for name, source in sorted(found.sources.items())
        if source.history and (not names or name in names)
    ]


def _one(source: Source, world: _World, progress: Progress) -> Backfilled:
    """One source's past. What goes wrong ends this source only; what was stored before stays."""
    said = Backfilled(source.name)
    with reading.reading(world.settings.db) as known:
        captured = reading.captured_days(known, source.name)

    def stood(at: datetime) -> Believed:
        with reading.reading(world.settings.db) as known:
            return holding.snapshot(known, source.name, stamp(at))

    asked = Asked(source, captured, world.since, world.until, world.settings.clock(), said.skipped, stood)
    try:
        history = _history(source, world.place)
        snapshots = _snapshots(asked, history, world)
        at_once = BATCH if history.kind == "git" or rows.is_file(history) else 1
        bulk = Bulk(world.connection, source)
        while (first := next(snapshots, None)) is not None:
            batch = _counted(chain([first], islice(snapshots, at_once - 1)), said)
            said.observations += bulk.store(batch)
            progress(source.name, said.versions)
    except (GapwatchError, OSError) as error:  # a disk, or git at the other end of a pipe
        said.failed = str(error)
    return said


def _counted(snapshots: Iterator[Snapshot], said: Backfilled) -> Iterator[Snapshot]:
    for snapshot in snapshots:
        at = stamp(snapshot.arrival.observed)
        said.first, said.last = said.first or at, at
        said.versions += 1
        said.held += snapshot.arrival.outcome is Outcome.SUSPECT
        yield snapshot


def _history(source: Source, place: str) -> History:
    """The first history of a source; for `--from`, the one that is a repository."""
    if not place:
        return source.history[0]
    for history in source.history:
        if history.kind == "git":
            return history
    raise UsageError(f"{source.name}: its history is no repository, so --from has nothing to replace")


def _snapshots(asked: Asked, history: History, world: _World) -> Iterator[Snapshot]:
    if history.kind == "git":
        reader = trees.snapshots if history.tree else filelog.snapshots
        return reader(asked, history, world.repositories[asked.source.name].result())

    from tracker.collect import keyed

    key = keyed.key_of(asked.source, world.settings.key)

    def get(url: str) -> bytes:
        return keyed.get(world.fetcher(), asked.source, url, key).body

    if history.kind == "rows":
        return rows.snapshots(asked, history, get)
    return archive.snapshots(asked, history, get)
