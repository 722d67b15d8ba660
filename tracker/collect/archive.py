"""The Internet Archive's snapshots of a page, as they came over the wire."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from tracker.collect.past import Asked, kept
from tracker.errors import BadBody, Blocked, ParseError, Refused
from tracker.source import History, Payload
from tracker.store.bulk import Snapshot

Get = Callable[[str], bytes]
INDEX = "https://web.archive.org/cdx/search/cdx"
ARCHIVED = "https://web.archive.org/web"
STAMP = "%Y%m%d%H%M%S"


def snapshots(asked: Asked, history: History, get: Get) -> Iterator[Snapshot]:
    """The distinct snapshots of the pages, oldest first."""
    for url in history.urls:
        for found in _index(url, get, asked):
            at = datetime.strptime(found, STAMP).replace(tzinfo=UTC)
            if not asked.wants(at, f"the snapshot {found} of {url}"):
                continue
            try:
                body = get(f"{ARCHIVED}/{found}id_/{url}")
            except (Refused, Blocked, BadBody) as error:  # one snapshot may be of a gate, or damaged
                asked.skipped.append(str(error))
                continue
            yield from asked.read(at, [kept(url, body)])


def _index(url: str, get: Get, asked: Asked) -> list[str]:
    """When a page was kept, oldest first, once a content."""
    wanted = {
        "url": url,
        "output": "json",
        "fl": "timestamp,original,statuscode,digest",
        "filter": "statuscode:200",
        "collapse": "digest",
        "from": asked.since.strftime(STAMP),
        "to": asked.until.strftime(STAMP),
    }
    address = f"{INDEX}?{urlencode(wanted, quote_via=quote)}"
    lines = Payload(address, get(address), asked.now).json() or [[]]
    try:
        column = lines[0].index("timestamp") if lines[0] else 0
        return sorted({str(line[column]) for line in lines[1:] if _is_time(str(line[column]))})
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise ParseError(f"{address} is not in the documented shape: {error}") from error


def _is_time(text: str) -> bool:
    try:
        return len(text) == 14 and bool(datetime.strptime(text, STAMP))
    except ValueError:
        return False
