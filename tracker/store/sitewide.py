"""What the site asks of the database: everything of a kind at once, never once a page. Plain SQL, read-only.

Every question takes `on`, the end of what may be known (RFC 3339).
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from tracker.store.query import WATCHED_ON
from tracker.trends.price import SELLERS

EXCERPT = 400  # characters of a capture's first page that are shown

Scale = tuple[str, str, str]  # source, metric, the source's own vintage


@dataclass(frozen=True, slots=True)
class Model:
    """A model as the catalogue knows it; "" is unknown."""

    id: str
    name: str
    organisation: str
    weights: str
    licence: str
    licence_class: str
    released: str


@dataclass(frozen=True, slots=True)
class Score:
    """A model's score from `at` on, on a metric's own scale."""

    metric: str
    source: str
    model: str
    variant: str
    at: str
    value: float
    low: float | None
    high: float | None
    capture: int


@dataclass(frozen=True, slots=True)
class Price:
    """What an offer costs from `at` on, in USD per million tokens; None: no longer listed.

    `part` is "input" or "output"; `own` says that the seller made the model.
    """

    model: str
    offer: tuple[str, str, str]
    provider: str
    role: str
    own: bool
    part: str
    at: str
    value: Decimal | None
    capture: int
    source: str


@dataclass(frozen=True, slots=True)
class Capture:
    """A visit of a source: when, what became of it, its pages as (url, sha256, bytes), and how it begins."""

    number: int
    source: str
    observed: str
    until: str
    fetched: str
    as_of: str
    outcome: str
    note: str
    origin: str
    rows: int
    pages: tuple[tuple[str, str, int], ...]
    excerpt: str


def models(connection: sqlite3.Connection) -> list[Model]:
    """Every model."""
    rows = connection.execute(
        "SELECT id, name, organisation, weights, licence, licence_class, released FROM model ORDER BY id"
    )
    return [Model(*row) for row in rows]


_SCORES = (
    "SELECT s.metric, s.source, l.model, l.variant, p.at, CAST(p.value AS REAL), CAST(p.low AS REAL),"
    " CAST(p.high AS REAL), p.capture FROM chosen c JOIN series s ON s.source = c.source"
    " AND s.metric = c.metric AND s.vintage = c.vintage JOIN spelling l ON l.source = s.source"
    " AND l.subject = s.subject JOIN point p ON {point} WHERE l.model IS NOT NULL AND p.value IS NOT NULL"
    " ORDER BY s.metric, p.at, s.id"
)
_LATEST = "p.id = (SELECT id FROM point WHERE series = s.id AND at <= ? ORDER BY at DESC LIMIT 1)"
_ALL = "p.series = s.id AND p.at <= ?"


def scores(
    connection: sqlite3.Connection, scales: Collection[Scale], on: str, *, history: bool = False
) -> list[Score]:
    """The scores of every model on some scales, those that hold, or with `history` all, oldest first."""
    if not scales:
        return []
    chosen = f"WITH chosen(source, metric, vintage) AS (VALUES {', '.join(['(?, ?, ?)'] * len(scales))}) "
    asked = [part for scale in scales for part in scale]
    rows = connection.execute(chosen + _SCORES.format(point=_ALL if history else _LATEST), (*asked, on))
    return [Score(*row) for row in rows]


def prices(connection: sqlite3.Connection, on: str) -> list[Price]:
    """What labs, hosts and clouds ask for any call of a model, and asked before, oldest first."""
    rows = connection.execute(
        "SELECT l.model, s.source, s.subject, s.provider, coalesce(v.name, s.provider), v.role,"
        " coalesce(m.organisation = v.id, 0), substr(s.metric, 7), p.at, p.value, p.capture FROM series s"
        " JOIN spelling l ON l.source = s.source AND l.subject = s.subject JOIN model m ON m.id = l.model"
        " JOIN provider v ON v.spelling = s.provider JOIN point p ON p.series = s.id"
        " JOIN source w ON w.name = s.source"
        f" WHERE s.metric IN ('price.input', 'price.output') AND s.condition = '' AND v.role IN {SELLERS}"
        f" AND p.at <= ? AND {WATCHED_ON} ORDER BY p.at, s.id",
        (on, on),
    )
    return [
        Price(r[0], (r[1], r[2], r[3]), r[4], r[5], bool(r[6]), r[7], r[8], _money(r[9]), r[10], r[1])
        for r in rows
    ]


def _money(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def sellers(connection: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """{id: (name, role)} of everybody who sells tokens."""
    rows = connection.execute("SELECT id, name, role FROM provider WHERE id <> '' ORDER BY id, spelling")
    return {row[0]: (row[1], row[2]) for row in rows}


def origins(connection: sqlite3.Connection, on: str) -> dict[int, str]:
    """{capture: its source}."""
    return dict(connection.execute("SELECT id, source FROM capture WHERE observed <= ?", (on,)).fetchall())


def captures(connection: sqlite3.Connection, numbers: Collection[int]) -> Iterator[Capture]:
    """Those captures, in order, with their pages and how their first page begins."""
    wanted = set(numbers)
    pages: dict[int, list[tuple[str, str, int]]] = {number: [] for number in wanted}
    for number, url, sha256, size in connection.execute(
        "SELECT c.capture, c.url, c.sha256, b.size FROM capture_page c JOIN payload b"
        " ON b.sha256 = c.sha256 ORDER BY c.capture, c.position"
    ):
        if number in wanted:
            pages[number].append((url, sha256, size))
    rows = connection.execute(
        "SELECT id, source, observed, until, fetched, as_of, outcome, note, origin, rows FROM capture"
        " ORDER BY id"
    )
    for row in rows.fetchall():
        if row[0] in wanted:
            of_it = pages[row[0]]
            yield Capture(*(*row, tuple(of_it), _beginning(connection, of_it)))


def _beginning(connection: sqlite3.Connection, pages: list[tuple[str, str, int]]) -> str:
    """The first characters of a capture's first page; "" where it is no text, or damaged."""
    if not pages:
        return ""
    body = connection.execute("SELECT body FROM payload WHERE sha256 = ?", (pages[0][1],)).fetchone()[0]
    try:
        start = zlib.decompressobj().decompress(body, 4 * EXCERPT)
    except zlib.error:
        return ""
    return "" if b"\0" in start else start.decode("utf-8", "ignore")[:EXCERPT].strip()


def falling(connection: sqlite3.Connection) -> set[str]:
    """The metrics of which less is better."""
    rows = connection.execute("SELECT id FROM metric WHERE NOT higher_is_better")
    return {row[0] for row in rows}
