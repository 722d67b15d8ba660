"""Captures read again from their kept bytes: to judge, to believe what stays, or to release by hand.

A snapshot is held against all that its place says until now; what is missing there must be missing from the
last good page, too, for a part that was missing before is no reason to doubt this page.
A board that truly shrank must not be held for ever: a listing that is strange in the same way in at least
three visits in a row over at least 7 days, and sane when held against the one before, is believed.
Wild prices are never believed by patience alone: a unit slip may stay for months.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import Connection

from tracker.collect import guards
from tracker.collect.parse import read
from tracker.domain import Outcome, Record
from tracker.errors import ParseError, UsageError
from tracker.source import Payload, Source
from tracker.store import holding, reading, spans, writer
from tracker.store.holding import Snapshot, Suspect
from tracker.store.times import moment
from tracker.store.writer import Arrival, KeptPage

VISITS = 3
LASTING = timedelta(days=7)


def doubt(
    source: Source, records: list[Record], now: datetime, known: sqlite3.Connection, *, edited: bool = False
) -> str:
    """Why a snapshot cannot be believed, or "": the guards' word, against what its place last said.

    Where the source's file was `edited`, its last page is read again by the new one: that the figures are now
    other ones is what the edit was for.
    """
    before = holding.snapshot(known, source.name)
    if edited and (page := holding.last_good(known, source.name)):
        with suppress(ParseError):
            before = Snapshot(spans.figures(reread(source, page, known)), before.weights)
    reason = guards.judge(source, records, before, now)
    if reason.startswith(guards.PATIENT) and (page := holding.last_good(known, source.name)):
        with suppress(ParseError):  # a git history keeps what changed, which is no whole page
            shown = spans.figures(reread(source, page, known))
            return guards.judge(source, records, Snapshot(shown, before.weights), now)
    return reason


def convinced(
    source: Source,
    records: list[Record],
    reason: str,
    now: datetime,
    held: Sequence[Suspect],
    known: sqlite3.Connection,
) -> bool:
    """Whether a suspect snapshot has been seen often and long enough, and is what was first seen."""
    kind = reason.partition(":")[0]
    alike = [suspect for suspect in held if suspect.reason.partition(":")[0] == kind]
    if kind not in guards.PATIENT or alike != list(held) or not held:
        return False
    if sum(s.visits for s in held) + 1 < VISITS or now - moment(held[0].observed) < LASTING:
        return False
    try:
        shown = spans.figures(reread(source, held[-1], known))
    except ParseError:  # the source's file was edited since
        return False
    weights = holding.snapshot(known, source.name).weights
    return not guards.judge(source, records, Snapshot(shown, weights), now)


def reread(source: Source, held: Suspect, known: sqlite3.Connection) -> list[Record]:
    """The records of a held capture, from its kept bytes."""
    records: list[Record] = []
    pages: list[Payload] = []
    for url, sha256, media_type in held.pages:
        body = reading.body(known, sha256)
        pages.append(Payload(url, body, moment(held.observed), media_type, tuple(pages)))
        records += read(source, pages[-1])[0]
    return records


def release(
    connection: Connection, known: sqlite3.Connection, source: Source, capture: int, now: datetime
) -> int:
    """Believe a held capture after all: it is stored as seen at its time. Returns how many series changed."""
    held = next((s for s in holding.suspects(known, source.name) if s.capture == capture), None)
    if held is None:
        raise UsageError(f"capture {capture} of {source.name} is not held; see `gapwatch db quarantine`")
    records = reread(source, held, known)
    pages = [KeptPage(url, sha256, b"", media_type) for url, sha256, media_type in held.pages]
    arrival = Arrival(
        source,
        moment(held.observed),
        now,
        pages,
        records,
        Outcome.NEW,
        origin="release",
        note=f"released by hand; {held.reason}",
    )
    stored = writer.store(connection, arrival)
    holding.discard(connection, capture)
    return stored.changed
