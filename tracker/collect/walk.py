"""Reading the pages of one visit, from those that it begins with to those that they lead to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from tracker.collect.parse import read
from tracker.domain import Record
from tracker.errors import ParseError, Refused
from tracker.source import Payload, Source
from tracker.store import spans
from tracker.store.writer import KeptPage

MOST_PAGES = 200
GONE = (404, 410)


class Walk(NamedTuple):
    """What the pages of a visit come to, what on them was not read, and which were not there."""

    pages: list[KeptPage]
    records: list[Record]
    unread: list[str]
    lost: list[str]

    @property
    def twice(self) -> list[str]:
        """The rows that stand there twice with different figures, of which the first counts."""
        return [f"{key.metric} of {key.subject}" for key in spans.contradicted(self.records)]

    @property
    def note(self) -> str:
        """What was missing, not read or said twice, in a few words."""
        twice = _few("listed twice, the first counts: ", self.twice)
        told = (_few("no page at ", self.lost), _few("not read: ", self.unread), twice)
        return "; ".join(filter(None, told))


def walk(
    source: Source,
    now: datetime,
    get: Callable[[str], KeptPage],
    body: Callable[[KeptPage], bytes] = lambda page: page.body,
) -> Walk:
    """Read the source's pages and those they lead to.

    `body` gives the kept bytes of a page that did not change. A further page that is not there is noted;
    where the first one is not, the place is looked for where it was before it moved.
    """
    queue, before = list(source.urls), list(source.formerly)
    kept, records = list[KeptPage](), list[Record]()
    payloads, unread, lost = list[Payload](), list[str](), list[str]()
    while queue:
        if len(kept) == MOST_PAGES:
            raise ParseError(f"{source.name} leads to more than {MOST_PAGES} pages; a part is not stored")
        url = queue.pop(0)
        try:
            page = get(url)
        except Refused as error:
            if error.status in GONE and not kept and before:
                queue, before = before, []
            elif error.status in GONE and kept:
                lost.append(url)
            else:
                raise
            continue
        payloads.append(Payload(url, page.body or body(page), now, page.media_type, tuple(payloads)))
        said = read(source, payloads[-1])
        kept.append(page)
        records += said.records
        unread += said.unread
        queue = [follow.url for follow in said.follows] + queue
    if lost and not records:
        raise Refused(f"{lost[0]}: neither this nor any other page that it leads to is there", 404)
    return Walk(kept, records, unread, lost)


def _few(what: str, told: list[str]) -> str:
    """The first of what is to be told, and how many more there are."""
    more = f" and {len(told) - 1} more" if len(told) > 1 else ""
    return f"{what}{' '.join(told[0].split())[:120]}{more}" if told else ""
