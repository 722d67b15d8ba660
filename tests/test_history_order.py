"""History works out the same in one go or week by week, in order or shuffled.

Points, panel, changes and events follow from what was captured alone: not from when it was settled, nor
from the order in which it arrived.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from tests.support.arrivals import METRIC, arrival, at, board
from tracker.catalog.metrics import METRICS
from tracker.catalog.providers import providers
from tracker.catalog.reference import load_reference
from tracker.domain import Kind, ModelFact, Observation, Record
from tracker.source import Source
from tracker.store import database, health, writer
from tracker.store.settle import settle

FIRST = at("2026-01-05")
BOARD = replace(board(), authority=True)
LIST, OTHER = (replace(board(name), kind=Kind.PRICES) for name in ("list", "other"))
SELLERS = ("groq", "deepinfra", "fireworks-ai")
SOURCES: dict[str, Source] = {source.name: source for source in (BOARD, LIST, OTHER)}


class Seen(NamedTuple):
    """What a place showed in a week."""

    source: Source
    week: int
    rows: tuple[Record, ...]


def ranking(week: int, *, up: int = 0, opened: int = 1400, closed: int = 1450, without: int = 99) -> Seen:
    """A board of 24 models: the best open and closed one as given, the others below, all moved `up`."""
    found: list[Record] = []
    for n in range(24):
        top = {0: closed, 1: opened, 2: opened - 4}.get(n, 1380 - 5 * n)
        if n != without:
            value = Decimal(top + up)
            found.append(Observation(f"model-{n}", METRIC, value, low=value - 5, high=value + 5))
            found.append(ModelFact(f"model-{n}", "licence", "MIT" if n % 2 else "Proprietary"))
    return Seen(BOARD, week, tuple(found))


def newcomer(week: int, score: int) -> Seen:
    """The same board with an open model more."""
    seen = ranking(week)
    value = Decimal(score)
    rows = (
        Observation("model-new", METRIC, value, low=value - 5, high=value + 5),
        ModelFact("model-new", "licence", "MIT"),
    )
    return seen._replace(rows=seen.rows + rows)


def offers(source: Source, week: int, first: str, second: str = "1", others: str = "") -> Seen:
    """A price list of two offers, and the first model at `others` sellers; "-": not listed."""
    asked = [("deepseek-r1", "together", first), ("deepseek-v3", "together", second)]
    asked += [("deepseek-r1", seller, p) for seller, p in zip(SELLERS, others.split(), strict=False)]
    rows = [
        Observation(subject, f"price.{part}", Decimal(price) * factor, seller)
        for subject, seller, price in asked
        for part, factor in (("input", 1), ("output", 4))
        if price != "-"
    ]
    return Seen(source, week, tuple(rows))


def unknown(week: int, price: str) -> Seen:
    """A price list with a model that no board has named."""
    rows = [Observation("MiniMaxAI/Zeta-9", "price.input", Decimal(price), "together")]
    return Seen(LIST, week, (*rows, *offers(LIST, week, "3").rows))


def named(week: int) -> Seen:
    """The board, with that model."""
    seen = ranking(week)
    row = Observation("zeta-9", METRIC, Decimal(1300), low=Decimal(1290), high=Decimal(1310))
    return seen._replace(rows=(*seen.rows, row))


HISTORIES: dict[str, list[Seen]] = {
    "a model that a board names only later": [
        ranking(0), unknown(0, "3"), unknown(1, "2"), named(2), unknown(3, "1"),
    ],
    "a model held, that a board names only later": [
        ranking(0), unknown(0, "3"), unknown(1, "300"), named(2), unknown(3, "3"), unknown(4, "2"),
    ],
    "an arrival that holds": [ranking(0), ranking(1), newcomer(2, 1430), newcomer(3, 1431)],
    "an arrival that is withdrawn": [ranking(0), newcomer(1, 1470), ranking(2), ranking(3)],
    "a rescale": [ranking(0), ranking(1), ranking(2, up=40), ranking(3, up=40), ranking(4, up=41)],
    "two rescales": [ranking(0), ranking(1, up=40), ranking(2, up=40), ranking(3)],
    "a slow drift": [ranking(week, up=2 * week) for week in range(8)],
    "a leader that is not listed for a week": [ranking(0), ranking(1), ranking(2, without=1), ranking(3)],
    "a slip mended": [offers(LIST, 0, "3"), offers(LIST, 1, "3000", "1.1"), offers(LIST, 2, "3", "1.1")],
    "a slip that stays": [offers(LIST, 0, "3"), offers(LIST, 1, "3000"), offers(LIST, 2, "3000", "1.2")],
    "a slip and a listing gone": [
        offers(LIST, 0, "3"),
        offers(LIST, 1, "3000"),
        offers(LIST, 2, "-"),
        offers(LIST, 3, "3"),
    ],
    "a fall that another list confirms": [
        offers(LIST, 0, "3"),
        offers(OTHER, 0, "3"),
        offers(LIST, 1, "0.2"),
        offers(OTHER, 3, "0.2"),
        offers(LIST, 4, "0.21"),
    ],
    "a slip that other sellers show to be one": [
        offers(LIST, 0, "3000"),
        offers(OTHER, 0, "-", others="3 2.5 -"),
        offers(LIST, 1, "3"),
        offers(OTHER, 2, "-", others="3 2.5 4"),
        offers(LIST, 3, "3.1"),
    ],
    "a fall that other sellers do not bear out, until they fall, too": [
        offers(LIST, 0, "3"),
        offers(OTHER, 0, "-", others="3 2.5 3000"),
        offers(LIST, 1, "0.2"),
        offers(OTHER, 2, "-", others="0.4 0.3 0.2"),
        offers(LIST, 3, "0.21", others="0.3"),
    ],
    "a price that another list never saw": [
        offers(OTHER, 0, "2"),
        offers(LIST, 1, "4"),
        offers(LIST, 2, "2"),
        offers(OTHER, 3, "1.5"),
        offers(LIST, 4, "1.5"),
    ],
    "lists that contradict each other": [
        offers(LIST, 0, "3"),
        offers(OTHER, 0, "0.2"),
        offers(LIST, 1, "0.2"),
        offers(LIST, 2, "3"),
        offers(OTHER, 2, "3"),
        offers(OTHER, 3, "0.2"),
    ],
}  # fmt: skip


def lived(folder: Path, seen: Sequence[Seen], every: int) -> dict[str, list[Any]]:
    """What a database holds after these captures in this order, settled after each `every` of them."""
    with database.writing(folder / "gapwatch.db") as connection:
        health.register(connection, SOURCES.values(), METRICS, providers(load_reference()))
        for number, (source, week, rows) in enumerate(seen, 1):
            writer.store(connection, arrival(source, FIRST + timedelta(weeks=week), rows))
            if number % every == 0:
                settle(connection, SOURCES, load_reference())
        settle(connection, SOURCES, load_reference())
        return {name: told(connection, sql) for name, sql in QUESTIONS.items()}


QUESTIONS = {
    "points": "SELECT s.source, s.metric, s.subject, p.at, p.value FROM point p"
    " JOIN series s ON s.id = p.series",
    "held": "SELECT s.source, s.metric, s.subject, h.at, h.kind, h.value, h.standing, h.judged FROM held h"
    " JOIN series s ON s.id = h.series",
    "rescales": "SELECT source, metric, vintage, at, shift, models, slow FROM rescale",
    "panel": "SELECT metric, vintage, licence_class, date, open_model, closed_model, difference, noise"
    " FROM gap",
    "changes": "SELECT at, kind, source, metric, model, before, after, detail, standing, judged, importance"
    " FROM change",
    "events": "SELECT metric, vintage, licence_class, at, date, seen, side, model, replaced, move, before,"
    " after, noise, models, votes, standing, judged FROM event",
    "states": "SELECT metric, licence_class, vintage, at, date, label FROM state",
}


def told(connection: Connection, sql: str) -> list[Any]:
    rows = sorted((tuple(row) for row in connection.exec_driver_sql(sql)), key=str)
    connection.rollback()
    return rows


@pytest.mark.parametrize("seen", HISTORIES.values(), ids=HISTORIES.keys())
def test_week_by_week_backwards_or_shuffled_it_is_the_same_history(seen: list[Seen], tmp_path: Path) -> None:
    shuffled = random.Random(3).sample(seen, len(seen))
    orders = [(seen, 1), (seen, 2), (seen[::-1], 1), (seen[::-1], 99), (shuffled, 1)]
    once = lived(tmp_path / "once", seen, 99)
    assert once["changes"] or once["held"]
    for number, (order, every) in enumerate(orders):
        assert lived(tmp_path / str(number), order, every) == once


PRICES = st.sampled_from(["3", "3.01", "2", "3000", "0.002", "0", "-", "40"])
OTHERS = st.sampled_from(["", "3 3 2", "0.3 0.3 3000", "- 0 3"])
WEEKS = st.lists(
    st.one_of(
        st.builds(
            ranking,
            st.just(0),
            up=st.sampled_from([0, 0, 3, 9, 40]),
            opened=st.sampled_from([1400, 1401, 1430]),
            without=st.sampled_from([1, 99, 99]),
        ),
        st.builds(offers, st.just(LIST), st.just(0), PRICES, others=OTHERS),
        st.builds(offers, st.just(OTHER), st.just(0), PRICES, others=OTHERS),
    ),
    min_size=2,
    max_size=7,
)


@given(weeks=WEEKS, chance=st.randoms(use_true_random=False), every=st.integers(1, 3))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_of_any_captures_is_the_same_history(
    weeks: list[Seen], chance: random.Random, every: int
) -> None:
    seen = [one._replace(week=week) for week, one in enumerate(weeks)]
    order = chance.sample(seen, len(seen))
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        assert lived(Path(one), order, every) == lived(Path(other), seen, 99)
