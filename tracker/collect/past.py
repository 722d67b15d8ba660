"""What a backfill asks of a history of any kind: the span of time, what is known, what was left out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tracker.collect import guards
from tracker.collect.parse import read
from tracker.collect.patience import LASTING, VISITS
from tracker.domain import Outcome, Record
from tracker.errors import ParseError
from tracker.source import Payload, Source
from tracker.store.bulk import Snapshot
from tracker.store.holding import Snapshot as Believed
from tracker.store.spans import Key, Value, figures
from tracker.store.times import stamp
from tracker.store.writer import Arrival, KeptPage

ORIGIN = "backfill"


@dataclass(slots=True)
class Asked:
    """One source's past within a span of time. `known` are the instants already captured.

    `skipped` collects what was left out, a sentence each. `stood` gives what stood before a time; `before` is
    the last believed version, `held` the first of those that were not since, and their number.
    """

    source: Source
    known: set[str]
    since: datetime
    until: datetime
    now: datetime
    skipped: list[str]
    stood: Callable[[datetime], Believed]
    before: Believed | None = None
    held: tuple[datetime, Believed, int] | None = None

    def wants(self, at: datetime, what: str) -> bool:
        """Whether a version is asked for and new; one from the future is reported and left out."""
        if at > self.now:
            self.skipped.append(f"{what} is dated {stamp(at)}, in the future")
            return False
        return self.since <= at <= self.until and stamp(at) not in self.known

    def judged(self, now: dict[Key, Value], rows: int, as_of: datetime | None, at: datetime) -> str:
        """Why a version cannot be believed, or "": a poll's guards, and its patience."""
        before = self.believed(at)

        def doubt(earlier: Believed) -> str:
            return guards.weigh(self.source, now, earlier, at, rows=rows, latest=as_of)

        reason, shown = doubt(before), Believed(now, before.weights)
        if reason and not self._convinced(reason, at, doubt):
            first, earlier, visits = self.held or (at, shown, 0)
            self.held = first, earlier, visits + 1
            return reason
        self.before, self.held = shown, None
        return ""

    def believed(self, at: datetime) -> Believed:
        """The last believed version, or what was stored before the first one: a later run goes on from it."""
        if self.before is None:
            self.before = self.stood(at)
        return self.before

    def _convinced(self, reason: str, at: datetime, doubt: Callable[[Believed], str]) -> bool:
        """Whether what is strange has stayed as it is for long (see patience.py)."""
        if self.held is None or not reason.startswith(guards.PATIENT):
            return False
        first, shown, visits = self.held
        lasting = visits + 1 >= VISITS and at - first >= LASTING
        return lasting and not doubt(shown)

    def arrival(
        self,
        at: datetime,
        pages: list[KeptPage],
        records: list[Record],
        reason: str = "",
        as_of: datetime | None = None,
    ) -> Arrival:
        """A version as a visit at its date would have brought it."""
        outcome = Outcome.SUSPECT if reason else Outcome.NEW
        return Arrival(self.source, at, self.now, pages, records, outcome, ORIGIN, reason, as_of)

    def read(self, at: datetime, pages: list[KeptPage]) -> Iterator[Snapshot]:
        """The snapshot of a version that is read as a whole; what cannot be read is reported."""
        records: list[Record] = []
        payloads: list[Payload] = []
        try:
            for page in pages:
                payloads.append(Payload(page.url, page.body, at, page.media_type, tuple(payloads)))
                records += read(self.source, payloads[-1]).records
        except ParseError as error:
            self.skipped.append(f"{stamp(at)}: {error}")
            return
        now = figures(records)
        as_of = guards.as_of(records)
        reason = self.judged(now, len(records), as_of, at)
        yield Snapshot(self.arrival(at, pages, records, reason, as_of), now, len(records))


def kept(url: str, body: bytes, media_type: str = "") -> KeptPage:
    """A page of a history, ready to be kept."""
    return KeptPage(url, hashlib.sha256(body).hexdigest(), body, media_type)


def listed(skipped: Iterable[str], most: int = 5) -> str:
    """What was left out, in one line."""
    some = list(skipped)
    more = f"; and {len(some) - most} more" if len(some) > most else ""
    return "; ".join(some[:most]) + more
