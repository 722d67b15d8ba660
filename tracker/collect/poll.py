"""One pass over the watched places, side by side.

    1  revalidate   the pages of the last good visit, conditionally: all unchanged is the end of it
    2  fetch        the source's pages and those that they lead to
    3  parse        each page into records
    4  guard        is this payload sane? If not, it is kept and held
    5  store        bytes, capture, figures: one transaction
    6  settle       links, gap panel, changes, events: once, when all sources are in

Steps 1 to 4 (visit.py) run in worker threads, a source each; 5 and 6 in the caller's, the only one that
writes.
A source that fails has a failed outcome; the rest goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection

from tracker.catalog.metrics import METRICS
from tracker.catalog.providers import providers
from tracker.catalog.reference import Reference
from tracker.collect.fetch import Fetcher
from tracker.collect.keyed import Keys, no_keys
from tracker.collect.visit import Visit, World, visit
from tracker.domain import Metric, Outcome
from tracker.errors import GapwatchError, StoreError
from tracker.source import Source
from tracker.store import health, holding, writer
from tracker.store.health import Report
from tracker.store.settle import settle
from tracker.store.times import stamp


@dataclass(frozen=True, slots=True)
class Pass:
    """Everything that a pass needs: the world comes in as arguments.

    `sources` are all that are watched, whether this pass visits them or not: what is stored of the others is
    judged by what they are, too.
    """

    db: Path
    connection: Connection
    fetcher: Fetcher
    reference: Reference
    sources: Mapping[str, Source]
    now: datetime
    workers: int = 8
    keys: Keys = no_keys
    metrics: Sequence[Metric] = METRICS


def poll(
    sources: Iterable[Source],
    broken: Mapping[str, str],
    world: Pass,
    progress: Callable[[Report], None] = lambda report: None,
) -> list[Report]:
    """Visit the sources, store what they bring, settle it; returns a report per source, in order of name."""
    chosen = {source.name: source for source in sources}
    reports = [
        Report(name, Outcome.FAILED, world.now, f"source file is broken: {why}")
        for name, why in sorted(broken.items())
    ]
    places = World(world.db, world.fetcher, world.now, world.keys)
    unreachable = []
    with ThreadPoolExecutor(world.workers, thread_name_prefix="visit") as pool:
        # Nothing here holds on to a visit that is stored: together they are the largest thing in memory.
        for done in as_completed({pool.submit(visit, s, places) for s in _interleaved(chosen.values())}):
            visited = done.result()
            said = _keep(visited, world)
            if visited.unreachable:
                unreachable.append(said)
            else:
                reports.append(_note(said, world))
            progress(said)
    verdict = Outcome.OFFLINE if world.fetcher.offline else Outcome.FAILED
    reports += [_note(replace(said, outcome=verdict), world) for said in unreachable]
    return sorted([*reports, *_settled(world)], key=lambda report: report.source)


def register(world: Pass) -> None:
    """Let the database know what is watched and measured."""
    health.register(world.connection, world.sources.values(), world.metrics, providers(world.reference))


def _interleaved(sources: Iterable[Source]) -> list[Source]:
    """The sources with those of one host far apart: a host takes one request at a time."""
    by_host: dict[str, list[Source]] = {}
    for source in sources:
        by_host.setdefault(urlsplit(source.urls[0]).netloc if source.urls else "", []).append(source)
    rounds = zip_longest(*sorted(by_host.values(), key=len, reverse=True))
    return [source for turn in rounds for source in turn if source]


def _keep(visited: Visit, world: Pass) -> Report:
    """Store what a visit brought; the report says what became of it."""
    source, outcome, note, changed = visited.source, visited.outcome, visited.note, 0
    try:
        for arrival in visited.arrivals:
            changed += writer.store(world.connection, arrival).changed
        if outcome is Outcome.UNCHANGED:
            writer.seen_again(world.connection, source.name, world.now)
        if visited.held is not None:
            holding.extend(world.connection, visited.held, stamp(world.now))
    except GapwatchError as error:
        outcome, note = Outcome.FAILED, str(error)
    rows = sum(len(arrival.records) for arrival in visited.arrivals)
    first_look = visited.first_look if outcome is Outcome.NEW else ""
    about = (visited.seconds, visited.retry_after, first_look, source.fingerprint)
    return Report(source.name, outcome, world.now, note, rows, changed, *about)


def _note(said: Report, world: Pass) -> Report:
    """Write a report down; where even that cannot be stored, it is still given to the caller."""
    with suppress(StoreError):
        health.report(world.connection, said)
    return said


def _settled(world: Pass) -> list[Report]:
    """Settle what is stored; what cannot be settled now is by the next pass, and is reported."""
    try:
        settle(world.connection, world.sources, world.reference)
    except StoreError as error:
        return [Report("database", Outcome.FAILED, world.now, str(error))]
    return []
