"""Histories had as tables whose rows bear dates: a Hugging Face dataset, page by page or as one parquet file.

    day     which date comes next, asked for one after the other
    rows    those of one date, fetched only where a capture of that day is wanted

So a run that was cut short fetches nothing twice, and no page depends on how rows of one date are ordered.
"""

from __future__ import annotations

import io
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from importlib.util import find_spec
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tracker.collect.past import Asked, kept
from tracker.errors import ParseError
from tracker.source import History, Payload
from tracker.store.bulk import Snapshot
from tracker.store.writer import KeptPage

Get = Callable[[str], bytes]
Row = dict[str, Any]
MOST_ROWS = 1_000_000
LENGTH = 100


class Table(Protocol):
    """A table in rows, the dates of which can be asked for."""

    def after(self, day: str) -> str:
        """The first date after a day; "" where there is none."""

    def before(self, day: str) -> str:
        """The last date before a day; "" where there is none."""

    def rows(self, day: str) -> list[Row]:
        """The rows of a date, each as {"row": {column: value}}."""


def snapshots(asked: Asked, history: History, get: Get) -> Iterator[Snapshot]:
    """One snapshot a date, of the newest rows of every page's table as of then. FetchError, ParseError."""
    tables = _tables(asked, history, get)
    since = asked.since.date().isoformat()
    shown = {url: table.before(since) for url, table in tables.items()}
    ahead = {url: table.after(shown[url] or "0000-00-00") for url, table in tables.items()}
    pages: dict[tuple[str, str], KeptPage] = {}
    while any(ahead.values()):
        day = min(filter(None, ahead.values()))
        at = _moment(day)
        if at > asked.until:
            return
        shown |= {url: day for url, found in ahead.items() if found == day}
        if asked.wants(at, f"the rows of {day}"):
            wanted = [(url, shown[url]) for url in history.urls if shown[url]]
            pages = {key: pages.get(key) or _page(*key, tables[key[0]], history) for key in wanted}
            yield from asked.read(at, list(pages.values()))
        ahead |= {url: tables[url].after(day) for url, found in ahead.items() if found == day}


def _tables(asked: Asked, history: History, get: Get) -> dict[str, Table]:
    """Each page's table: as a parquet file where it has one and pyarrow is installed, else page by page."""
    if is_file(history):
        files = zip(history.urls, history.files, strict=True)
        return {url: Parquet(file, get(file), history.dated, history.only) for url, file in files}
    return {url: Paged(url, history.dated, get, asked.now) for url in history.urls}


def is_file(history: History) -> bool:
    """Whether the tables come as files, at once, rather than page by page."""
    return bool(history.files) and find_spec("pyarrow") is not None


def _page(url: str, day: str, table: Table, history: History) -> KeptPage:
    """The rows of one date as a page of their own, in the shape of those that the place shows."""
    rows = table.rows(day)
    body = json.dumps({"rows": rows, "num_rows_total": len(rows)}, default=_plain).encode()
    return kept(_with(url, f"\"{history.dated}\"='{day}'", offset="0"), body, "application/json")


def _plain(value: object) -> float | str:
    """What JSON has no form for: an exact number is written as the number it is, a date as its text."""
    return float(value) if isinstance(value, Decimal) else str(value)


def _with(url: str, where: str, **changed: str) -> str:
    """The address that asks for those of the rows to which a condition applies."""
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    both = f"({asked['where']}) AND {where}" if "where" in asked else where
    return urlunsplit(parts._replace(query=urlencode(asked | {"where": both} | changed)))


def _moment(day: str) -> datetime:
    try:
        return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ParseError(f"rows are dated {day[:40]!r}, which is no day") from None


@dataclass(frozen=True, slots=True)
class Paged:
    """The `/filter` of Hugging Face's dataset viewer."""

    url: str
    column: str
    get: Get
    now: datetime

    def after(self, day: str) -> str:
        """The first date after a day; "" where there is none."""
        return self._first(f"\"{self.column}\">'{day}'", "ASC")

    def before(self, day: str) -> str:
        """The last date before a day; "" where there is none."""
        return self._first(f"\"{self.column}\"<'{day}'", "DESC")

    def _first(self, where: str, order: str) -> str:
        page = self._asked(where, orderby=f'"{self.column}" {order}', length="1")
        if page["num_rows_total"] > MOST_ROWS:
            raise ParseError(
                f"{self.url[:80]} has {page['num_rows_total']:,} rows; at most {MOST_ROWS:,} are read"
            )
        return str(page["rows"][0]["row"][self.column])[:10] if page["rows"] else ""

    def rows(self, day: str) -> list[Row]:
        """The rows of a date."""
        found: list[Row] = []
        total = 1
        while len(found) < total:
            where = f"\"{self.column}\"='{day}'"
            page = self._asked(where, offset=str(len(found)), length=str(LENGTH))
            total = page["num_rows_total"] if page["rows"] else 0
            found += page["rows"]
        return found

    def _asked(self, where: str, **words: str) -> Any:
        address = _with(self.url, where, **words)
        return Payload(address, self.get(address), self.now).json()


class Parquet:
    """The same table as one file, read with pyarrow (the extra `parquet`)."""

    def __init__(self, url: str, body: bytes, column: str, only: tuple[str, tuple[str, ...]]) -> None:
        import pyarrow
        from pyarrow import compute, parquet

        try:
            found = parquet.ParquetFile(io.BytesIO(body)).metadata.num_rows
            if found > MOST_ROWS:
                raise ParseError(f"{url[:80]} has {found:,} rows; at most {MOST_ROWS:,} are read")
            chosen = [(only[0], "in", only[1])] if only[0] else None
            table = parquet.read_table(io.BytesIO(body), filters=chosen).sort_by(column)
        except (pyarrow.ArrowException, KeyError) as error:
            raise ParseError(f"{url} is no parquet file with such columns: {str(error)[:120]}") from error
        self._table = table
        self._days = compute.cast(table[column], pyarrow.string()).to_pylist()

    def after(self, day: str) -> str:
        """The first date after a day; "" where there is none."""
        place = bisect_right(self._days, f"{day}~")
        return self._days[place][:10] if place < len(self._days) else ""

    def before(self, day: str) -> str:
        """The last date before a day; "" where there is none."""
        place = bisect_left(self._days, day)
        return self._days[place - 1][:10] if place else ""

    def rows(self, day: str) -> list[Row]:
        """The rows of a date."""
        start, end = bisect_left(self._days, day), bisect_right(self._days, f"{day}~")
        return [{"row": row} for row in self._table.slice(start, end - start).to_pylist()]
