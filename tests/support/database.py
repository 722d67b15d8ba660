"""Small real databases, built through the real writer: what the tests of questions are asked of.

with Built(path) as built:
    built.captured(BOARD, "2025-01-10", [score("gpt-4o", "1300", half="5")])
# settled when the block ends
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType

from sqlalchemy import Connection

from tracker.catalog.metrics import METRICS
from tracker.catalog.providers import providers
from tracker.catalog.reference import load_reference
from tracker.collect.guards import as_of
from tracker.domain import Announcement, Kind, ModelFact, Observation, Outcome, Record
from tracker.source import Source
from tracker.store import database, health, writer
from tracker.store.health import Report
from tracker.store.settle import settle
from tracker.store.writer import Arrival, KeptPage


def place(name: str, kind: Kind, *, title: str = "", **more: object) -> Source:
    """A watched place that is only ever given what it said."""
    return Source(
        kind=kind,
        parse=lambda payload: [],
        licence="CC BY 4.0",
        credit=f"{title or name}, CC BY 4.0",
        urls=(f"https://{name}.example/data.json",),
        name=name,
        title=title or name,
        **more,  # type: ignore[arg-type]
    )


BOARD = place("board", Kind.LEADERBOARD, title="The Board", authority=True)
PRICES = place("pricelist", Kind.PRICES, title="The Price List")
NEWS = place("blog", Kind.NEWS, title="A Blog", vendor="openai", listing=False)
OTHER_NEWS = place("wire", Kind.NEWS, title="The Wire", vendor="wire", listing=False)
SILENT = place("silent", Kind.SPEED, title="Never Heard")
ALL = (BOARD, PRICES, NEWS, OTHER_NEWS, SILENT)

OVERALL = "lmarena.text.overall"
CODING = "lmarena.text.coding"


def at(text: str) -> datetime:
    """The UTC datetime of `2025-01-10` (noon) or `2025-01-10T08:00`."""
    return datetime.fromisoformat(text if "T" in text else f"{text}T12:00").replace(tzinfo=UTC)


def score(
    subject: str,
    value: str,
    *,
    half: str = "5",
    metric: str = OVERALL,
    vintage: str = "",
    n: int | None = None,
) -> Observation:
    """A score with a 95 % interval of plus and minus `half`; none where it is ""."""
    low, high = (Decimal(value) - Decimal(half), Decimal(value) + Decimal(half)) if half else (None, None)
    return Observation(subject, metric, Decimal(value), vintage=vintage, low=low, high=high, n=n)


def offer(
    subject: str, provider: str, price_in: str, price_out: str, condition: str = ""
) -> list[Observation]:
    """A model's prices at a provider, in dollars per million tokens."""
    return [
        Observation(subject, f"price.{part}", Decimal(price), provider, condition)
        for part, price in (("input", price_in), ("output", price_out))
    ]


def fact(subject: str, field: str, value: str, provider: str = "") -> ModelFact:
    """Something that a place says of a model."""
    return ModelFact(subject, field, value, provider)


def story(
    key: str,
    title: str,
    published: str,
    *,
    url: str = "",
    topics: tuple[str, ...] = (),
    models: tuple[str, ...] = (),
) -> Announcement:
    """A piece of news; published "" is undated."""
    when = at(published) if published else None
    return Announcement(
        key, url or f"https://news.example/{key}", title, "", when, topics=topics, models=models
    )


class Built:
    """A database under construction; settled when the block ends."""

    def __init__(self, path: Path, sources: Iterable[Source] = ALL) -> None:
        self.path, self.sources = path, tuple(sources)
        self._stack = ExitStack()

    def __enter__(self) -> Built:
        self.connection: Connection = self._stack.enter_context(database.writing(self.path))
        health.register(self.connection, self.sources, METRICS, providers(load_reference()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            settle(self.connection, {source.name: source for source in self.sources}, load_reference())
        self._stack.__exit__(kind, error, trace)

    def captured(
        self,
        source: Source,
        day: str,
        records: Iterable[Record],
        body: str | None = None,
        *,
        origin: str = "poll",
        outcome: Outcome = Outcome.NEW,
        note: str = "",
    ) -> int:
        """What a visit brought; the number of its capture. The body stands for the page if none is given."""
        rows = list(records)
        text = "\n".join(map(repr, rows)) if body is None else body
        page = KeptPage(source.urls[0], hashlib.sha256(text.encode()).hexdigest(), text.encode())
        arrival = Arrival(source, at(day), at(day), [page], rows, outcome, origin, note, as_of(rows))
        stored = writer.store(self.connection, arrival)
        said = Report(source.name, outcome, at(day), note, len(rows), stored.changed, 0.5)
        health.report(self.connection, said)
        return stored.capture

    def seen_again(self, source: Source, day: str) -> None:
        """A visit that found what the last one had found."""
        writer.seen_again(self.connection, source.name, at(day))
        health.report(self.connection, Report(source.name, Outcome.UNCHANGED, at(day)))

    def failed(self, source: Source, day: str, note: str) -> None:
        """A visit that brought nothing."""
        health.report(self.connection, Report(source.name, Outcome.FAILED, at(day), note))


def renamed(source: Source, name: str) -> Source:
    """Another place of the same kind."""
    return replace(source, name=name, title=name, urls=(f"https://{name}.example/data.json",))
