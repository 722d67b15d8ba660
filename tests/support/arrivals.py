"""Small sources and what their visits bring, for tests that write to a real database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import Connection

from tracker.catalog.metrics import METRICS
from tracker.domain import Kind, Observation, Outcome, Record
from tracker.source import Source
from tracker.store import health
from tracker.store.writer import Arrival, KeptPage

METRIC = "lmarena.text.overall"


def at(text: str) -> datetime:
    """The UTC datetime of `2026-05-31` or `2026-05-31T08:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def board(name: str = "board", *, listing: bool = True) -> Source:
    """A leaderboard that is only ever given its arrivals."""
    return Source(
        kind=Kind.LEADERBOARD,
        parse=lambda payload: [],
        licence="CC-BY-4.0",
        credit="A board",
        urls=(f"https://{name}.example/board.json",),
        name=name,
        listing=listing,
    )


def register(connection: Connection, *sources: Source) -> None:
    """Let the database know the sources and the metrics."""
    health.register(connection, sources, METRICS, [("acme", "acme", "Acme", "host")])


def score(
    subject: str,
    value: str,
    *,
    metric: str = METRIC,
    provider: str = "",
    vintage: str = "",
    half: str | None = None,
) -> Observation:
    """A figure, with an interval of plus and minus `half` where given."""
    bounds = (Decimal(value) - Decimal(half), Decimal(value) + Decimal(half)) if half else (None, None)
    return Observation(
        subject, metric, Decimal(value), provider=provider, vintage=vintage, low=bounds[0], high=bounds[1]
    )


def arrival(
    source: Source,
    when: datetime,
    records: Iterable[Record],
    *,
    body: bytes | None = None,
    outcome: Outcome = Outcome.NEW,
) -> Arrival:
    """What a visit at `when` brought, with one page that stands for it."""
    rows = list(records)
    body = repr(rows).encode() if body is None else body
    page = KeptPage(source.urls[0], hashlib.sha256(body).hexdigest(), body, "application/json")
    return Arrival(source, when, when, [page], rows, outcome)
