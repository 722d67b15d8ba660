"""A pass from the outside: settings in, reports out. Opens the database, the client and the sources."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection

from tracker.catalog.reference import load_reference
from tracker.collect import grouping, keyed, registry
from tracker.collect.fetch import Fetcher, HostState
from tracker.collect.poll import Pass, poll, register
from tracker.collect.walk import Walk, walk
from tracker.config import Settings
from tracker.errors import StoreError, UsageError
from tracker.source import Payload, Source
from tracker.store import database, health
from tracker.store.health import HostRow, Report
from tracker.store.times import moment, stamp
from tracker.store.writer import KeptPage

Progress = Callable[[Report], None]


def run(
    settings: Settings,
    names: Collection[str] = (),
    *,
    everything: bool = False,
    progress: Progress = lambda report: None,
    planned: Callable[[int], None] = lambda count: None,
) -> list[Report]:
    """Visit what is due, or the named sources, or everything; a report for each that was visited.

    `planned` hears how many that will be. UsageError for a name that no source has.
    """
    found = registry.find(settings.sources)
    if unknown := sorted(set(names) - found.sources.keys() - found.broken.keys()):
        raise UsageError(f"no source named {', '.join(unknown)}; see `gapwatch sources list`")
    with database.writing(settings.db) as connection:
        states = {row[0]: _state(row) for row in health.hosts(connection)}
        with Fetcher(
            contact=settings.contact,
            clock=settings.clock,
            allow_addresses=settings.allow_addresses,
            hosts=states,
        ) as fetcher:
            reference = load_reference()
            now, sources, workers = settings.clock(), found.sources, settings.workers
            metrics = grouping.measured(settings, sources.values())
            world = Pass(
                settings.db, connection, fetcher, reference, sources, now, workers, settings.key, metrics
            )
            register(world)
            _part(found, connection, now)
            chosen = _chosen(found, names, everything, connection, world)
            broken = {n: why for n, why in found.broken.items() if not names or n in names}
            planned(len(chosen) + len(broken))
            reports = poll(chosen, broken, world, progress)
            with suppress(StoreError):  # a full disk is told by the reports; hosts can be learnt again
                health.remember_hosts(connection, [_row(name, s) for name, s in fetcher.hosts.items()])
    return reports


def preview(settings: Settings, source: Source) -> Walk:
    """What a source reads now; nothing is stored, and nothing remembered of hosts.

    FetchError, ParseError, NoKey.
    """
    key = keyed.key_of(source, settings.key)
    with Fetcher(
        contact=settings.contact, clock=settings.clock, allow_addresses=settings.allow_addresses
    ) as fetcher:

        def get(url: str) -> KeptPage:
            page = keyed.get(fetcher, source, url, key)
            return KeptPage(url, "", page.body, page.media_type)

        return walk(source, settings.clock(), get)


def page(settings: Settings, url: str) -> Payload:
    """A page as it stands at a URL; nothing is stored. FetchError."""
    with Fetcher(
        contact=settings.contact, clock=settings.clock, allow_addresses=settings.allow_addresses
    ) as fetcher:
        answer = fetcher.get(url)
    return Payload(url, answer.body, settings.clock(), answer.media_type)


def pause(settings: Settings, names: Collection[str], *, paused: bool) -> None:
    """Leave places alone, or visit them again. UsageError for a name that no source has."""
    found = registry.find(settings.sources)
    if unknown := sorted(set(names) - found.sources.keys()):
        raise UsageError(f"no source named {', '.join(unknown)}; see `gapwatch sources list`")
    with database.writing(settings.db) as connection:
        health.enlist(connection, found.sources.values())
        for name in names:
            health.pause(connection, name, paused=paused)


def forget(settings: Settings) -> None:
    """Note which places are no longer installed: what they said is of the past from now on."""
    if settings.db.is_file():
        with database.writing(settings.db) as connection:
            _part(registry.find(settings.sources), connection, settings.clock())


def _part(found: registry.Found, connection: Connection, now: datetime) -> None:
    if found.installed is not None:
        health.part(connection, found.installed, now)


def _chosen(
    found: registry.Found, names: Collection[str], everything: bool, connection: Connection, world: Pass
) -> list[Source]:
    if names:
        return [found.sources[name] for name in sorted(set(names) & found.sources.keys())]
    due = set(found.sources) if everything else _due(found, connection, world)
    due -= health.left_alone(connection)
    return [source for name, source in sorted(found.sources.items()) if name in due]


def _due(found: registry.Found, connection: Connection, world: Pass) -> set[str]:
    """The names of what is due, and of what was paused for want of a key that has come since."""
    keyless = health.keyless(connection) & found.sources.keys()
    free = {name for name in keyless if keyed.is_free(found.sources[name], world.keys)}
    return health.due(connection, world.now) | free


def _state(row: HostRow) -> HostState:
    _, paused, robots, fetched = row
    return HostState(moment(paused) if paused else None, robots, moment(fetched) if fetched else None)


def _row(name: str, state: HostState) -> HostRow:
    return (
        name,
        stamp(state.paused_until) if state.paused_until else "",
        state.robots,
        stamp(state.robots_fetched) if state.robots_fetched else None,
    )
