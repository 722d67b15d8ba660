"""One pass over the watched places, side by side.

    1  revalidate   the pages of the last good visit, conditionally: all unchanged is the end of it
    2  fetch        the source's pages and those that they lead to
    3  parse        each page into records
    4  guard        is this payload sane? If not, it is kept and held
    5  store        bytes, capture, figures: one transaction
    6  settle       links, gap panel, changes, events: once, when all sources are in

Steps 1 to 4 run in worker threads, a source each; 5 and 6 in the caller's, the only one that writes.
A source that fails has a failed outcome; the rest goes on.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from tracker.catalog.metrics import METRICS
from tracker.catalog.reference import Reference
from tracker.collect import guards
from tracker.collect.fetch import Fetcher
from tracker.collect.parse import read
from tracker.domain import Follow, Observation, Outcome, Record
from tracker.errors import Blocked, FetchError, GapwatchError, Refused
from tracker.source import Payload, Source
from tracker.store import health, reading, writer
from tracker.store.health import Report
from tracker.store.settle import settle
from tracker.store.times import moment, stamp
from tracker.store.writer import Arrival, KeptPage

MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit came to: its outcome in words, and what there is to store."""

    source: Source
    outcome: Outcome
    note: str = ""
    arrivals: tuple[Arrival, ...] = ()
    seconds: float = 0.0
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class Pass:
    """Everything that a pass needs: the world comes in as arguments."""

    db: Path
    connection: Connection
    fetcher: Fetcher
    reference: Reference
    now: datetime
    workers: int = 8


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
    with ThreadPoolExecutor(world.workers, thread_name_prefix="visit") as pool:
        visits = [pool.submit(visit, source, world) for source in chosen.values()]
        for done in as_completed(visits):
            reports.append(_keep(done.result(), world))
            progress(reports[-1])
    settle(world.connection, chosen, world.reference)
    return sorted(reports, key=lambda report: report.source)


def register(sources: Iterable[Source], world: Pass) -> None:
    """Let the database know what is watched and measured."""
    providers = [(p.spelling, p.id, p.name, p.role) for p in world.reference.providers.values()]
    health.register(world.connection, sources, METRICS, providers)


def _keep(visited: Visit, world: Pass) -> Report:
    """Store what a visit brought and report on the source."""
    source, outcome, note, changed = visited.source, visited.outcome, visited.note, 0
    try:
        for arrival in visited.arrivals:
            changed += writer.store(world.connection, arrival).changed
        if outcome is Outcome.UNCHANGED:
            writer.seen_again(world.connection, source.name, world.now)
    except GapwatchError as error:
        outcome, note = Outcome.FAILED, str(error)
    rows = sum(len(arrival.records) for arrival in visited.arrivals)
    said = Report(source.name, outcome, world.now, note, rows, changed, visited.seconds, visited.retry_after)
    health.report(world.connection, said)
    return said


def visit(source: Source, world: Pass) -> Visit:
    """Fetch, parse and guard one source. Never raises: what goes wrong is the outcome."""
    started = time.monotonic()
    try:
        with reading.reading(world.db) as known:
            found = _visit(source, world, known) if source.urls else _bundled(source, world, known)
    except FetchError as error:
        found = _unreached(source, world, error)
    except Exception as error:  # a source file is anybody's code
        reason = str(error) if isinstance(error, GapwatchError) else f"{type(error).__name__}: {error}"
        found = Visit(source, Outcome.FAILED, reason)
    return replace(found, seconds=time.monotonic() - started)


def _visit(source: Source, world: Pass, known: reading.sqlite3.Connection) -> Visit:
    pages = {page.url: page for page in reading.known_pages(known, source.name)}
    fetched: dict[str, KeptPage] = {}

    def get(url: str) -> KeptPage:
        if url not in fetched:
            fetched[url] = _get(url, source, world, pages.get(url), known)
        return fetched[url]

    complete = pages.keys() >= set(source.urls)
    if complete and all(get(url).sha256 == page.sha256 for url, page in pages.items()):
        return Visit(source, Outcome.UNCHANGED)
    kept, records, missing = _walk(source, world, get)
    if [page.sha256 for page in kept] == [page.sha256 for page in pages.values()]:
        return Visit(source, Outcome.UNCHANGED, missing)
    reason = guards.judge(source, records, reading.last(known, source.name).rows)
    outcome = Outcome.SUSPECT if reason else Outcome.NEW
    arrival = Arrival(
        source, world.now, datetime.now(UTC), kept, records, outcome, note=reason, as_of=_as_of(records)
    )
    return Visit(source, outcome, reason or missing, (arrival,))


def _get(
    url: str, source: Source, world: Pass, page: reading.KnownPage | None, known: reading.sqlite3.Connection
) -> KeptPage:
    """A page, asked for conditionally where it is known; its body is the kept one if it did not change."""
    etag, modified = (page.etag, page.last_modified) if page else ("", "")
    answer = world.fetcher.get(url, etag=etag, last_modified=modified, headers=source.headers)
    if answer.not_modified and page:
        body = reading.body(known, page.sha256)
        return KeptPage(url, page.sha256, body, page.media_type, page.etag, page.last_modified)
    digest = hashlib.sha256(answer.body).hexdigest()
    return KeptPage(url, digest, answer.body, answer.media_type, answer.etag, answer.last_modified)


def _walk(
    source: Source, world: Pass, get: Callable[[str], KeptPage]
) -> tuple[list[KeptPage], list[Record], str]:
    """Read the source's pages and those they lead to. A further page that is not there is noted."""
    queue, kept, records = list(source.urls), list[KeptPage](), list[Record]()
    payloads: list[Payload] = []
    missing = ""
    while queue and len(kept) < MOST_PAGES:
        url = queue.pop(0)
        try:
            page = get(url)
        except Refused as error:
            if error.status != 404 or not kept:
                raise
            missing = f"no page at {url}"
            continue
        payload = Payload(url, page.body, world.now, page.media_type, tuple(payloads))
        found, follows = read(source, payload)
        kept.append(page)
        payloads.append(payload)
        records += found
        queue = [f.url for f in follows if isinstance(f, Follow)] + queue
    return kept, records, missing


def _as_of(records: Iterable[Record]) -> datetime | None:
    """The day that the source itself gives its figures: the newest one."""
    return max((r.at for r in records if isinstance(r, Observation) and r.at), default=None)


def _unreached(source: Source, world: Pass, error: FetchError) -> Visit:
    """A source that could not be read; its bundled bytes stand in while it has never answered."""
    outcome = Outcome.BLOCKED if isinstance(error, Blocked) else Outcome.FAILED
    if world.fetcher.offline:
        outcome = Outcome.OFFLINE
    retry = error.retry_after if isinstance(error, Refused) else None
    stand_in: tuple[Arrival, ...] = ()
    note = str(error)
    if source.bundled:
        with reading.reading(world.db) as known:
            stand_in = _bundled(source, world, known).arrivals
        note += f"; {len(stand_in)} bundled snapshots read instead" if stand_in else ""
    return Visit(source, outcome, note, stand_in, retry_after=retry)


def _bundled(source: Source, world: Pass, known: reading.sqlite3.Connection) -> Visit:
    """Read what is shipped with Gapwatch or a library: an archive of dates, or one snapshot."""
    assert source.bundled is not None
    captured = reading.captured_days(known, source.name)
    if captured and not source.archive:
        return Visit(source, Outcome.UNCHANGED)
    payload = source.bundled()
    records, _ = read(source, payload)
    digest = hashlib.sha256(payload.body).hexdigest()
    page = KeptPage(payload.url, digest, payload.body, payload.media_type)
    arrivals = tuple(
        Arrival(source, at, datetime.now(UTC), [page], rows, origin="bundled", as_of=_as_of(rows))
        for at, rows in _by_date(source, records, min(payload.observed, world.now))
        if at <= world.now and stamp(at) not in captured
    )
    return Visit(source, Outcome.NEW if arrivals else Outcome.UNCHANGED, arrivals=arrivals)


def _by_date(
    source: Source, records: list[Record], observed: datetime
) -> Iterable[tuple[datetime, list[Record]]]:
    """An archive's records by their own date, oldest first; anything else is one snapshot."""
    if not source.archive:
        return [(observed, records)]
    dates: dict[str, list[Record]] = {}
    for record in records:
        at = None if not hasattr(record, "at") else record.at
        dates.setdefault(stamp(at or observed), []).append(record)
    return [(moment(at), rows) for at, rows in sorted(dates.items())]


def host_states(fetcher: Fetcher) -> list[health.HostRow]:
    """What the fetcher learnt of hosts, as it is kept."""
    return [
        (
            name,
            stamp(state.paused_until) if state.paused_until else "",
            state.robots,
            stamp(state.robots_fetched) if state.robots_fetched else None,
        )
        for name, state in fetcher.hosts.items()
    ]
