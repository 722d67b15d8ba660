"""Simulated pages through a real database: guards, the writer, and everything that settling makes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection

from bench.backtest.pipeline import BOARD, METRIC, observations
from bench.backtest.simulate import Page, day
from tracker.catalog.metrics import METRICS
from tracker.catalog.providers import providers
from tracker.catalog.reference import load_reference
from tracker.collect import guards
from tracker.domain import ModelFact, Outcome, Record
from tracker.store import database, health, writer
from tracker.store.holding import Snapshot as Believed
from tracker.store.settle import settle
from tracker.store.spans import figures
from tracker.store.writer import Arrival, KeptPage

LICENCE = {"open": "MIT", "closed": "Proprietary"}
OWN = replace(BOARD, authority=True)
Story = set[tuple[str, str, str]]  # the day of an event, its model, its standing


def events(db: Path, pages: Sequence[Page]) -> Story:
    """The events that the product keeps after having seen these pages, week by week."""
    with database.writing(db) as connection:
        health.register(connection, [OWN], METRICS, providers(load_reference()))
        before = Believed()
        for week, page in enumerate(pages):
            before = _visit(connection, week, page, before)
        settle(connection, {OWN.name: OWN}, load_reference())
        rows = connection.exec_driver_sql(
            "SELECT substr(at, 1, 10), model, standing FROM change WHERE kind = 'gap' AND metric = ?",
            (METRIC.id,),
        )
        return {(row[0], row[1], row[2]) for row in rows}


def _visit(connection: Connection, week: int, page: Page, before: Believed) -> Believed:
    """One page, stored or held; returns the last one that was believed."""
    scores: list[Record] = [*observations(page)]
    reason = guards.judge(OWN, scores, before, day(week))
    facts = [ModelFact(name, "licence", LICENCE[shown.side]) for name, shown in page.items()]
    outcome = Outcome.SUSPECT if reason else Outcome.NEW
    said: list[Record] = [*scores, *facts]
    body = repr(said).encode()
    shown = KeptPage("https://board.example/board.json", hashlib.sha256(body).hexdigest(), body)
    writer.store(connection, Arrival(OWN, day(week), day(week), [shown], said, outcome, note=reason))
    if reason:
        return before
    return Believed(figures(scores), {name: shown.side for name, shown in page.items()})
