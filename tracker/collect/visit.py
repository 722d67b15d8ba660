"""One visit to one source: fetch, parse, guard. It stores nothing and never raises."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from tracker.collect import keyed, patience
from tracker.collect.answers import ending
from tracker.collect.fetch import Fetcher
from tracker.collect.guards import as_of
from tracker.collect.parse import read
from tracker.collect.shape import first_look
from tracker.collect.walk import GONE, Walk, walk
from tracker.domain import Outcome, Record
from tracker.errors import Blocked, FetchError, GapwatchError, NoKey, ParseError, Refused, Unreachable
from tracker.source import Payload, Source
from tracker.store import holding, reading
from tracker.store.times import moment, stamp
from tracker.store.writer import Arrival, KeptPage

EDITED = "read again: its file changed"
EMPTY = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Visit:
    """What one visit came to: its outcome in words, and what there is to store.

    `unreachable` leaves open whether the place failed or we are off line: the pass knows in the end.
    `held` is the held capture whose content was seen again. `first_look` is how the first payload of a place
    that was known from documentation alone differs from it.
    """

    source: Source
    outcome: Outcome
    note: str = ""
    arrivals: tuple[Arrival, ...] = ()
    seconds: float = 0.0
    retry_after: float | None = None
    unreachable: bool = False
    held: int | None = None
    first_look: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """What a visit needs of the world: the kept pages, the client, the time and the user's keys."""

    db: Path
    fetcher: Fetcher
    now: datetime
    keys: keyed.Keys = keyed.no_keys


def visit(source: Source, world: World) -> Visit:
    """Fetch, parse and guard one source. Never raises: what goes wrong is the outcome.

    A source without the key that it wants is paused, and nothing is asked for.
    """
    started, key = time.monotonic(), ""
    try:
        key = keyed.key_of(source, world.keys)
        with reading.reading(world.db) as known:
            found = _visit(source, world, known, key) if source.urls else _bundled(source, world, known)
    except NoKey as error:
        found = Visit(source, Outcome.PAUSED, str(error))
    except FetchError as error:
        found = _unreached(source, world, error)
    except Exception as error:  # a source file is anybody's code
        reason = str(error) if isinstance(error, GapwatchError) else f"{type(error).__name__}: {error}"
        found = Visit(source, Outcome.FAILED, reason)
    note = keyed.hidden(found.note, key).encode(errors="replace").decode()  # a page may have half a character
    return replace(found, seconds=time.monotonic() - started, note=note)


def _visit(source: Source, world: World, known: sqlite3.Connection, key: str) -> Visit:
    pages = {page.url: page for page in reading.known_pages(known, source.name)}
    fetched: dict[str, KeptPage] = {}

    def get(url: str) -> KeptPage:
        if url not in fetched:
            fetched[url] = _get(url, source, world, pages.get(url), key)
            _refuse_half(fetched[url], pages.get(url), known)
        return fetched[url]

    edited = reading.is_edited(known, source.name, source.fingerprint)
    complete = not edited and pages.keys() >= set(source.urls)
    if complete and _unchanged(pages, get):
        return Visit(source, Outcome.UNCHANGED)
    first = source.documented is not None and not pages
    try:
        found = walk(source, world.now, get, lambda page: _kept(page, known))
    except ParseError as error:
        raise ParseError(f"{error}; {_look(source, world, fetched)}" if first else str(error)) from error
    if not edited and [page.sha256 for page in found.pages] == [page.sha256 for page in pages.values()]:
        return Visit(source, Outcome.UNCHANGED, found.note)
    judged = _judged(source, world, known, found, edited=edited)
    return replace(judged, first_look=_look(source, world, fetched)) if first else judged


def _unchanged(pages: Mapping[str, reading.KnownPage], get: Callable[[str], KeptPage]) -> bool:
    """Whether every page is as it was; of one that is no longer there the walk tells what that means."""
    try:
        return all(get(url).sha256 == page.sha256 for url, page in pages.items())
    except Refused as error:
        if error.status in GONE:
            return False
        raise


def _look(source: Source, world: World, fetched: Mapping[str, KeptPage]) -> str:
    """How the first pages of a place differ from its documentation."""
    return first_look(source, [Payload(page.url, page.body, world.now) for page in fetched.values()])


def _kept(page: KeptPage, known: sqlite3.Connection) -> bytes:
    """The bytes of a page that came without any: unchanged, so those that are kept, or truly empty."""
    return b"" if page.sha256 == EMPTY else reading.body(known, page.sha256)


def _judged(
    source: Source,
    world: World,
    known: sqlite3.Connection,
    found: Walk,
    *,
    edited: bool,
) -> Visit:
    """The visit with its snapshot believed or held; what is held for long and stays so is believed."""
    records = found.records
    reason = patience.doubt(source, records, world.now, known, edited=edited)
    note, outcome = reason or found.note, Outcome.SUSPECT if reason else Outcome.NEW
    if reason:
        held = holding.suspects(known, source.name, stamp(world.now))
        if patience.convinced(source, records, reason, world.now, held, known):
            note, outcome = f"believed after {len(held)} held captures; {reason}", Outcome.NEW
        elif held and [page[1] for page in held[-1].pages] == [page.sha256 for page in found.pages]:
            return Visit(source, outcome, reason, held=held[-1].capture)
    note = "; ".join(filter(None, (EDITED if edited else "", note)))
    arrival = Arrival(
        source, world.now, datetime.now(UTC), found.pages, records, outcome, note=note, as_of=as_of(records)
    )
    return Visit(source, outcome, note, (arrival,))


def _get(url: str, source: Source, world: World, page: reading.KnownPage | None, key: str) -> KeptPage:
    """A page, asked for conditionally where it is known; without a body where it did not change."""
    etag, modified = (page.etag, page.last_modified) if page else ("", "")
    answer = keyed.get(world.fetcher, source, url, key, etag=etag, last_modified=modified)
    if answer.not_modified and page:
        return KeptPage(url, page.sha256, b"", page.media_type, page.etag, page.last_modified)
    digest = hashlib.sha256(answer.body).hexdigest()
    return KeptPage(url, digest, answer.body, answer.media_type, answer.etag, answer.last_modified)


def _refuse_half(page: KeptPage, before: reading.KnownPage | None, known: sqlite3.Connection) -> None:
    """Raise ParseError for a document in markup that does not end, where the one before it did."""
    end, ends = ending(page.body)
    if end and before and not ends and ending(reading.body(known, before.sha256)) == (end, True):
        raise ParseError(f"{page.url} stops in the middle: it does not end in {end}, as it did")


def _unreached(source: Source, world: World, error: FetchError) -> Visit:
    """A source that could not be read; its bundled bytes stand in while it has never answered."""
    outcome = Outcome.BLOCKED if isinstance(error, Blocked) else Outcome.FAILED
    retry = error.retry_after if isinstance(error, Refused) else None
    stand_in: tuple[Arrival, ...] = ()
    note = str(error)
    if source.bundled:
        with reading.reading(world.db) as known:
            stand_in = _bundled(source, world, known).arrivals
        note += "; what is bundled was read instead" if stand_in else ""
    return Visit(
        source, outcome, note, stand_in, retry_after=retry, unreachable=isinstance(error, Unreachable)
    )


def _bundled(source: Source, world: World, known: sqlite3.Connection) -> Visit:
    """Read what is shipped with Gapwatch or a library: an archive of dates, or one snapshot."""
    assert source.bundled is not None
    captured = reading.captured_days(known, source.name)
    if captured and not source.archive:
        return Visit(source, Outcome.UNCHANGED)
    payload = source.bundled()
    records = read(source, payload).records
    digest = hashlib.sha256(payload.body).hexdigest()
    page = KeptPage(payload.url, digest, payload.body, payload.media_type)
    arrivals = tuple(
        Arrival(source, at, datetime.now(UTC), [page], rows, origin="bundled", as_of=as_of(rows))
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
