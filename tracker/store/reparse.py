"""Building a source's figures anew: what is kept of it, what is taken out, and what differs afterwards.

All of it is part of the caller's transaction.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from tracker.store.spans import Value
from tracker.store.times import moment
from tracker.store.writer import KeptPage

KEYS = "source, metric, subject, provider, condition, vintage, at"
DERIVED = ("gap", "event", "state", "change", "rescale", "held")
POINTS = (
    f"SELECT s.source, s.metric, s.subject, s.provider, s.condition, s.vintage, p.at,"
    f" {', '.join(f'p.{name}' for name in Value._fields)} FROM series s JOIN point p ON p.series = s.id"
)
LINKS = "SELECT source, subject, model, variant FROM spelling"


@dataclass(frozen=True, slots=True)
class Kept:
    """A capture as it was stored, with its pages; their bodies are read when they are needed."""

    observed: datetime
    fetched: datetime
    as_of: datetime | None
    note: str
    origin: str
    good: bool
    pages: tuple[KeptPage, ...]


@dataclass(slots=True)
class Difference:
    """What a reparse changed in one source. `unread` are captures that today's parser cannot read."""

    source: str
    captures: int = 0
    added: int = 0
    removed: int = 0
    changed: int = 0
    relinked: int = 0
    unread: list[str] = field(default_factory=list)


def kept(connection: Connection, source: str) -> Iterator[Kept]:
    """The good captures of a source, oldest first, and the held versions of its history among them."""
    rows = connection.exec_driver_sql(
        "SELECT id, observed, fetched, as_of, note, origin, outcome FROM capture WHERE source = ?"
        " AND (outcome = 'new' OR origin = 'backfill') ORDER BY observed, id",
        (source,),
    ).fetchall()
    for capture, observed, fetched, as_of, note, origin, outcome in rows:
        dates = moment(observed), moment(fetched), moment(as_of) if as_of else None
        yield Kept(*dates, note, origin, outcome == "new", tuple(_pages(connection, capture)))


def _pages(connection: Connection, capture: int) -> Iterator[KeptPage]:
    rows = connection.exec_driver_sql(
        "SELECT p.url, p.sha256, b.body, b.media_type FROM capture_page p JOIN payload b"
        " ON b.sha256 = p.sha256 WHERE p.capture = ? ORDER BY p.position",
        (capture,),
    ).fetchall()
    for url, sha256, body, media_type in rows:
        yield KeptPage(url, sha256, zlib.decompress(body), media_type)


def remember(connection: Connection) -> None:
    """Note every point and link as it stands, to be compared later."""
    connection.exec_driver_sql("DROP TABLE IF EXISTS temp.was_point")
    connection.exec_driver_sql("DROP TABLE IF EXISTS temp.was_link")
    connection.exec_driver_sql(f"CREATE TEMP TABLE was_point AS {POINTS}")
    connection.exec_driver_sql(f"CREATE TEMP TABLE was_link AS {LINKS}")


def take_out(connection: Connection, sources: Sequence[str]) -> None:
    """Remove what follows from the sources' kept bytes: figures, news, links and all that is derived."""
    for name in sources:
        captures = "(SELECT id FROM capture WHERE source = ?)"
        for table in DERIVED:
            ruled = " AND ruling = ''" if table == "held" else ""
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE capture IN {captures}{ruled}", (name,))
        connection.exec_driver_sql(
            "DELETE FROM point WHERE series IN (SELECT id FROM series WHERE source = ?)", (name,)
        )
        connection.exec_driver_sql("DELETE FROM announcement WHERE source = ?", (name,))
        connection.exec_driver_sql("DELETE FROM spelling WHERE source = ?", (name,))
        connection.exec_driver_sql("UPDATE capture SET settled = 0 WHERE source = ?", (name,))
    connection.exec_driver_sql(
        "DELETE FROM model WHERE id NOT IN (SELECT model FROM spelling WHERE model IS NOT NULL)"
    )


def tidy(connection: Connection) -> None:
    """Remove series that nothing speaks of any more."""
    connection.exec_driver_sql(
        "DELETE FROM series WHERE id NOT IN (SELECT series FROM point)"
        " AND id NOT IN (SELECT series FROM held)"
    )


def compare(connection: Connection, found: Sequence[Difference]) -> None:
    """Fill in what differs from what was remembered."""
    added = _count(connection, f"SELECT {KEYS} FROM ({POINTS}) EXCEPT SELECT {KEYS} FROM was_point")
    removed = _count(connection, f"SELECT {KEYS} FROM was_point EXCEPT SELECT {KEYS} FROM ({POINTS})")
    differing = _count(connection, f"{POINTS} EXCEPT SELECT * FROM was_point")
    relinked = _count(connection, f"{LINKS} EXCEPT SELECT * FROM was_link")
    for said in found:
        name = said.source
        said.added, said.removed, said.relinked = added[name], removed[name], relinked[name]
        said.changed = differing[name] - added[name]


def _count(connection: Connection, rows: str) -> dict[str, int]:
    counted = connection.exec_driver_sql(f"SELECT source, count(*) FROM ({rows}) GROUP BY source")
    return defaultdict(int, {row[0]: row[1] for row in counted})
