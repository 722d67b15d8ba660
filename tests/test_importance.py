"""What matters more than what, as a table of named situations; and what holds of every weight."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.support.database import BOARD, PRICES, Built, fact, offer, score
from tracker.domain import Record, Standing
from tracker.store import weekly
from tracker.store.query import happened
from tracker.store.reading import reading
from tracker.trends.importance import (
    BELIEF,
    FURTHER,
    KIND,
    NOTABLE,
    importance,
    of_price,
    of_seller,
    of_step,
    place,
    served,
    standing,
    together,
    weight,
)

CONFIRMED, PROVISIONAL = Standing.CONFIRMED, Standing.PROVISIONAL
BEST, MIDDLING, LOW = (standing([place(rank, 60)] * 6) for rank in (1, 20, 55))


def step(noises: float, *, kind: str = "gap", chat: bool = True, believed: Standing = PROVISIONAL) -> float:
    """A step of so many times its noise, on the metric that speaks for its task or another one."""
    return importance(weight(kind, of_step(10 * noises, 10), 1.0 if chat else FURTHER), believed)


def price(
    ratio: float, stands: float, role: str = "host", *, sellers: int = 8, believed: Standing = CONFIRMED
) -> float:
    """A price that became so many times what it was, of a model that stands so far up."""
    seller = of_seller(role, own=role == "own", plain=True)
    moved = "price down" if ratio < 1 else "price up"
    return importance(weight(moved, of_price(ratio), seller * served(stands, sellers)), believed)


def listed(stands: float, kind: str = "listed") -> float:
    return importance(weight(kind, stands, stands), CONFIRMED)


# Each row: what matters most, then what matters less, and so on.
ORDERS = {
    "a new open leader, a host's cut, a low model": (step(1.5), price(0.8, MIDDLING), listed(LOW)),
    "in chat, in another category of chat": (step(2), step(2, chat=False)),
    "far beyond the noise, just beyond it": (step(4), step(1.1)),
    "confirmed, provisional, taken back": (
        step(2, believed=CONFIRMED),
        step(2),
        step(2, believed=Standing.RETRACTED),
    ),
    "a step of the gap, a lead, a lead within the noise": (
        step(2),
        step(2, kind="leader"),
        step(0.5, kind="tied"),
    ),
    "a lab cuts three quarters, a step on a further metric, a model comes in first": (
        price(0.25, BEST, "own", sellers=20),
        step(1.1, chat=False),
        price(0.8, MIDDLING),
    ),
    "the lab's price, a cloud's, a host's, a reseller's, a subscription's": (
        *(price(0.5, BEST, role) for role in ("own", "cloud", "host", "aggregator", "plan")),
    ),
    "halved, a fifth off, a hundredth off": (price(0.5, BEST), price(0.8, BEST), price(0.99, BEST)),
    "of the best model, of a middling one, of a low one": tuple(price(0.5, s) for s in (BEST, MIDDLING, LOW)),
    "sold by thirty, sold by two": (price(0.5, MIDDLING, sellers=30), price(0.5, MIDDLING, sellers=2)),
    "a hundredth, a thousandfold that nobody confirms": (
        price(0.99, BEST, "own"),
        price(0.001, BEST, believed=Standing.UNCONFIRMED),
    ),
    "the best model comes, goes, a middling one comes": (
        listed(BEST),
        listed(BEST, "gone"),
        listed(MIDDLING),
        listed(LOW),
    ),
    "a step that five tasks show, one that two do, one": (
        together(step(2), 4),
        together(step(2), 1),
        step(2),
    ),
}  # fmt: skip


@pytest.mark.parametrize("falling", ORDERS.values(), ids=ORDERS.keys())
def test_what_matters_more(falling: tuple[float, ...]) -> None:
    assert all(more > less for more, less in pairwise(falling)), falling


WORTH_A_LINE = {
    "a leader beyond the noise on a further metric": (step(1.01, kind="leader", chat=False), True),
    "a lead within the noise, in chat": (step(0.99, kind="tied"), False),
    "a lead on a board that publishes no noise": (
        importance(weight("tied", of_step(9, None), 1.0), PROVISIONAL),
        False,
    ),
    "a fifth off the best open model at its lab": (price(0.8, BEST, "own"), True),
    "a fifth off a middling model at a host": (price(0.8, MIDDLING), False),
    "a hundredth off the best at its lab": (price(0.99, BEST, "own"), False),
}


@pytest.mark.parametrize(("found", "told"), WORTH_A_LINE.values(), ids=WORTH_A_LINE.keys())
def test_what_is_worth_a_line_of_its_own(found: float, told: bool) -> None:
    assert (found >= NOTABLE) == told, found


def test_what_goes_to_and_fro_says_less_each_time() -> None:
    assert of_price(0.5) == pytest.approx(0.5)
    assert of_price(0.5) > of_price(0.5, [2.0]) > of_price(0.5, [2.0, 0.5, 2.0])


def test_a_step_as_large_as_usual_is_a_half() -> None:
    assert of_step(10, 10) == of_step(30, 10, [30, 10, 50]) == 0.5
    assert of_step(30, 10, [1, 2]) == 0.75, "what is usual is never less than the noise"


SHARES = some.floats(0, 1)
SIZES = some.floats(0, 1000)
KINDS, STANDINGS = some.sampled_from(sorted(KIND)), some.sampled_from(sorted(BELIEF))


@given(KINDS, STANDINGS, SIZES, some.floats(0.001, 100), some.lists(SIZES, max_size=5), SHARES)
def test_whatever_moves_it_is_a_share(
    kind: str, believed: str, move: float, noise: float, earlier: list[float], reach: float
) -> None:
    assert 0 <= importance(weight(kind, of_step(move, noise, earlier), reach), believed) <= 1
    assert 0 <= importance(weight(kind, of_price(move, [1 + one for one in earlier]), reach), believed) <= 1


@given(SIZES, SIZES, some.floats(0.001, 100), some.lists(SIZES, max_size=5), SHARES, SHARES)
def test_it_grows_with_size_and_reach(
    one: float, other: float, noise: float, earlier: list[float], reach: float, further: float
) -> None:
    small, large = sorted((one, other))
    near, far = sorted((reach, further))
    steps = [of_step(move, noise, earlier) for move in (small, large)]
    assert weight("gap", steps[0], near) <= weight("gap", steps[1], far)
    ratios = [1 + move for move in (small, large)]
    sizes = [of_price(ratio, [1 + move for move in earlier]) for ratio in ratios]
    assert sizes[0] <= sizes[1] <= 1
    assert of_price(1 / ratios[1]) == pytest.approx(of_price(ratios[1])), "down as up"


@given(some.integers(1, 500), some.integers(1, 500), some.lists(SHARES, max_size=8), some.integers(0, 10**6))
def test_places_and_sellers_are_shares(rank: int, more: int, places: list[float], sellers: int) -> None:
    models = rank + more
    assert 0 < place(rank + 1, models) < place(rank, models) <= 1
    assert 0 <= served(standing(places), sellers) <= 1
    assert standing(places) == pytest.approx(standing(random.Random(1).sample(places, len(places))))


# What is stored and asked for


class Told(NamedTuple):
    kind: str
    model: str
    provider: str
    importance: float


LICENCES = {
    "gpt-4o": "Proprietary",
    "deepseek-r1": "MIT",
    "llama-3.1-405b-instruct": "Llama 3.1 Community",
}


def board(**more: str) -> list[Record]:
    scores = {"gpt-4o": "1400", "llama-3.1-405b-instruct": "1300", **more}
    rows: list[Record] = [score(name, value) for name, value in scores.items()]
    return [*rows, *(fact(name, "licence", LICENCES[name]) for name in scores)]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """R1 comes and takes the lead of open models; then a host and the lab halve its price."""
    path = tmp_path_factory.mktemp("importance") / "gapwatch.db"
    with Built(path, (BOARD, PRICES)) as making:
        making.captured(BOARD, "2025-01-01", board())
        making.captured(BOARD, "2025-01-08", board(**{"deepseek-r1": "1380"}))
        making.captured(PRICES, "2025-01-02", [*asked("2", "deepseek", "together")])
        making.captured(PRICES, "2025-01-09", [*asked("1", "deepseek", "together")])
    return path


def asked(dollars: str, *providers: str) -> Iterator[Record]:
    for provider in providers:
        yield from offer("deepseek-r1", provider, dollars, dollars)


@pytest.fixture
def found(built: Path) -> Iterator[sqlite3.Connection]:
    with reading(built) as connection:
        yield connection


def test_the_week_is_told_in_this_order(found: sqlite3.Connection) -> None:
    rows = weekly.changes(found, "2025-01-05", "2025-01-10")
    told = [Told(row.kind, row.model, row.provider, row.importance) for row in rows]
    assert [one[:3] for one in told] == [
        ("gap", "deepseek-r1", ""),
        ("leader", "deepseek-r1", ""),
        ("price down", "deepseek-r1", "deepseek"),
        ("listed", "deepseek-r1", ""),
        ("price down", "deepseek-r1", "together"),
    ]
    assert all(0 < one.importance <= 1 for one in told)


def test_an_event_matters_more_once_it_is_confirmed(tmp_path: Path) -> None:
    with Built(tmp_path / "g.db", (BOARD,)) as making:
        making.captured(BOARD, "2025-01-01", board())
        making.captured(BOARD, "2025-01-08", board(**{"deepseek-r1": "1380"}))
        making.captured(BOARD, "2025-01-16", board(**{"deepseek-r1": "1381"}))
    with reading(tmp_path / "g.db") as connection:
        then, now = (
            happened.changes(connection, "", "", on, kind="gap")[0]["importance"]
            for on in ("2025-01-09T00:00:00Z", "2025-02-01T00:00:00Z")
        )
    assert then == pytest.approx(now * BELIEF[PROVISIONAL], abs=0.001)


def test_a_capture_that_comes_late_weighs_what_follows_anew(tmp_path: Path) -> None:
    """A price that moved before the board was read; the board's page of an earlier day tells whose it was."""
    for name, late in (("late", True), ("early", False)):
        with Built(tmp_path / name, (BOARD, PRICES)) as making:
            if not late:
                making.captured(BOARD, "2025-01-01", board(**{"deepseek-r1": "1380"}))
            making.captured(PRICES, "2025-01-02", [*asked("2", "deepseek")])
            making.captured(PRICES, "2025-01-09", [*asked("1", "deepseek")])
        if late:
            with Built(tmp_path / name, (BOARD, PRICES)) as making:
                making.captured(BOARD, "2025-01-01", board(**{"deepseek-r1": "1380"}))
    with reading(tmp_path / "late") as late_, reading(tmp_path / "early") as early:
        rows = [happened.changes(one, "", "", "2025-02-01T00:00:00Z") for one in (late_, early)]
    assert [row["importance"] for row in rows[0]] == [row["importance"] for row in rows[1]]
    assert rows[0][0]["importance"] > NOTABLE


def test_what_comes_later_does_not_count(tmp_path: Path) -> None:
    """A model that is first a month later was nobody on the day of its price."""
    with Built(tmp_path / "g.db", (BOARD, PRICES)) as making:
        making.captured(PRICES, "2025-01-02", [*asked("2", "deepseek")])
        making.captured(PRICES, "2025-01-09", [*asked("1", "deepseek")])
        making.captured(BOARD, "2025-02-01", board(**{"deepseek-r1": "1380"}))
    with reading(tmp_path / "g.db") as connection:
        (row,) = happened.changes(connection, "", "", "2025-03-01T00:00:00Z", kind="price")
    assert row["importance"] == importance(weight("price down", of_price(0.5), served(0.0, 1)), CONFIRMED)
