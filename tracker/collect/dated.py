"""Histories had page by page: rows in the order of their date, and the Internet Archive's snapshots."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from tracker.collect.past import Asked, kept
from tracker.errors import ParseError, Refused
from tracker.source import History, Payload
from tracker.store.bulk import Snapshot
from tracker.store.writer import KeptPage

Get = Callable[[str], bytes]
Row = dict[str, Any]
INDEX = "https://web.archive.org/cdx/search/cdx"
ARCHIVED = "https://web.archive.org/web"
MOST_ROWS = 1_000_000
LENGTH = 100


def row_snapshots(asked: Asked, history: History, get: Get) -> Iterator[Snapshot]:
    """One snapshot a date, of the newest rows of every page's table as of then."""
    tables = (_dates(url, history.dated, get, asked) for url in history.urls)
    pages: dict[str, KeptPage] = {}
    for day, group in groupby(merge(*tables, key=lambda found: found[0]), key=lambda found: found[0]):
        at = _day(day)
        for _, url, rows in group:
            pages[url] = kept(_of_day(url, history.dated, day), _body(rows), "application/json")
        if asked.wants(at, f"the rows of {day}"):
            yield from asked.read(at, [pages[url] for url in history.urls if url in pages])
        if at > asked.until:
            return


def _dates(url: str, column: str, get: Get, asked: Asked) -> Iterator[tuple[str, str, list[Row]]]:
    """(day, url, rows) of one table, oldest first."""
    for day, rows in groupby(_rows(url, get, asked), key=lambda row: str(row["row"][column])[:10]):
        yield day, url, list(rows)


def _rows(url: str, get: Get, asked: Asked) -> Iterator[Row]:
    """The rows of a table, page by page, from the first date that is asked for."""
    offset, total = 0, 1
    while offset < total:
        address = _with(url, offset=str(offset), length=str(LENGTH))
        page = Payload(address, get(address), asked.now).json()
        total, rows = page["num_rows_total"], page["rows"]
        if total > MOST_ROWS:
            raise ParseError(f"{url[:80]} has {total:,} rows, at most {MOST_ROWS:,} are read page by page")
        yield from rows
        offset += max(1, len(rows))


def _with(url: str, **changed: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode(dict(parse_qsl(parts.query)) | changed)))


def _of_day(url: str, column: str, day: str) -> str:
    """The address that asks for the rows of one date alone."""
    where = dict(parse_qsl(urlsplit(url).query)).get("where", "")
    dated = f"\"{column}\"='{day}'"
    return _with(url, where=f"({where}) AND {dated}" if where else dated, offset="0")


def _body(rows: list[Row]) -> bytes:
    """The rows as a page of their own, in the shape of those they came in."""
    return json.dumps({"rows": rows, "num_rows_total": len(rows)}, default=str).encode()


def _day(text: str) -> datetime:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ParseError(f"rows are dated {text[:40]!r}, which is no day") from None


def archived_snapshots(asked: Asked, history: History, get: Get) -> Iterator[Snapshot]:
    """The distinct snapshots of a page that the Internet Archive keeps, as they came over the wire."""
    for url in history.urls:
        for found in _index(url, get, asked):
            at = datetime.strptime(found, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            if not asked.wants(at, f"the snapshot {found} of {url}"):
                continue
            try:
                body = get(f"{ARCHIVED}/{found}id_/{url}")
            except Refused as error:
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
        "from": asked.since.strftime("%Y%m%d%H%M%S"),
        "to": asked.until.strftime("%Y%m%d%H%M%S"),
    }
    address = f"{INDEX}?{urlencode(wanted, quote_via=quote)}"
    lines = Payload(address, get(address), asked.now).json() or [[]]
    try:
        column = lines[0].index("timestamp") if lines[0] else 0
        return sorted({str(line[column]) for line in lines[1:] if _is_time(str(line[column]))})
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise ParseError(f"{address} is not in the documented shape: {error}") from error


def _is_time(text: str) -> bool:
    return len(text) == 14 and text.isdigit()
