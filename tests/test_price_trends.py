"""Prices as pure functions: the fall of a price, the price of a capability in time, tiers, Student's t."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain import Standing
from tracker.trends.capability import Span, cheapest, moves, since_found
from tracker.trends.price import believed, blended, cost, host_discount, least_believed, open_discount
from tracker.trends.price_fall import Sold, ever_cheaper, fall, reaching, thresholds
from tracker.trends.speed import fastest
from tracker.trends.student import quantile
from tracker.trends.tiers import tiers
from tracker.trends.validity import NEVER

D = Decimal
START = date(2024, 1, 1)

# Student's t

T90 = {1: 6.314, 2: 2.920, 3: 2.353, 4: 2.132, 5: 2.015, 6: 1.943, 7: 1.895, 10: 1.812, 30: 1.697, 120: 1.658}
T95 = {1: 12.706, 2: 4.303, 5: 2.571, 10: 2.228, 29: 2.045, 30: 2.042, 120: 1.980}


@pytest.mark.parametrize(("coverage", "table"), [(0.9, T90), (0.95, T95)])
def test_quantiles_are_those_of_the_printed_tables(coverage: float, table: dict[int, float]) -> None:
    assert {freedom: round(quantile(coverage, freedom), 3) for freedom in table} == table


@pytest.mark.parametrize(("coverage", "freedom"), [(0, 3), (1, 3), (0.9, 0)])
def test_what_no_t_covers(coverage: float, freedom: int) -> None:
    with pytest.raises(ValueError, match="no t covers"):
        quantile(coverage, freedom)


@given(st.floats(0.01, 0.99), st.integers(1, 200))
def test_more_is_covered_by_a_wider_t_and_by_more_degrees_of_freedom(coverage: float, freedom: int) -> None:
    assert quantile(coverage, freedom) <= quantile(min(0.995, coverage + 0.004), freedom)
    assert quantile(coverage, freedom) >= quantile(coverage, freedom + 1) - 1e-9


# The fall of a price


def row(days: int, price: str, score: str = "50", model: str = "") -> Sold:
    return Sold(START + timedelta(days=days), D(price), D(score), model)


def test_thresholds_are_the_scores_of_each_running_best_model() -> None:
    rows = [row(9, "1", "60", "c"), row(0, "1", "20", "a"), row(3, "1", "20", "b"), row(20, "1", "59", "d")]
    assert [one.model for one in thresholds(rows)] == ["a", "c"]
    assert [one.model for one in thresholds(rows, D(30))] == ["c"]


SCALES = {"a share": (D(100), ["50", "99"]), "a scale without a top": (None, ["50", "99", "100"])}


@pytest.mark.parametrize(("top", "kept"), SCALES.values(), ids=SCALES.keys())
def test_what_reaches_a_threshold(top: Decimal | None, kept: list[str]) -> None:
    rows = [row(0, "1", score) for score in ("49.9", "50", "99", "100")]
    assert [str(one.score) for one in reaching(rows, D(50), top)] == kept


WALKS = {
    "nothing": ([], []),
    "only what is strictly cheaper": ([(0, "5"), (1, "5"), (2, "4"), (3, "4.5")], [(0, "5"), (2, "4")]),
    "the cheapest of a day": ([(0, "5"), (0, "3"), (0, "4")], [(0, "3")]),
    "in order of time, whatever the order of the rows": ([(2, "1"), (0, "5")], [(0, "5"), (2, "1")]),
    "what is free is no price": ([(0, "5"), (1, "0")], [(0, "5")]),
    "a hole of months changes nothing": ([(0, "5"), (400, "1")], [(0, "5"), (400, "1")]),
}


@pytest.mark.parametrize(("rows", "kept"), WALKS.values(), ids=WALKS.keys())
def test_the_walk_keeps(rows: list[tuple[int, str]], kept: list[tuple[int, str]]) -> None:
    assert ever_cheaper([row(*one) for one in rows]) == [row(*one) for one in kept]


def test_a_price_that_falls_tenfold_a_year_on_a_line_has_no_spread() -> None:
    line = fall([row(365 * year, str(D(1000) / 10**year)) for year in range(5)])
    assert line is not None
    assert [round(value, 6) for value in (line.factor, line.low, line.high)] == [10, 10, 10]
    assert (line.n, line.span_days, round(line.r_squared, 9)) == (5, 1460, 1)


def test_three_prices_are_no_trend() -> None:
    assert fall([row(day, str(9 - day)) for day in range(3)]) is None


def test_a_fall_too_steep_for_a_float_is_unbounded() -> None:
    line = fall([row(day, str(D(10) ** (40 - 20 * day))) for day in range(4)])
    assert line is not None
    assert line.factor == math.inf


def test_one_day_has_no_slope() -> None:
    with pytest.raises(ValueError, match="one day"):
        fall([row(0, "1")] * 4)


prices = st.decimals(D("0.001"), D(1000), places=3)


@given(st.lists(st.tuples(st.integers(0, 900), prices), max_size=30))
def test_a_walk_falls_and_its_trend_with_it(rows: list[tuple[int, Decimal]]) -> None:
    kept = ever_cheaper([Sold(START + timedelta(days=day), price) for day, price in rows])
    assert all(a.day < b.day and a.price > b.price for a, b in pairwise(kept))
    line = fall(kept)
    assert (line is None) == (len(kept) < 4)
    if line:
        assert line.factor > 1
        assert line.low <= line.factor <= line.high
        assert -1e-9 <= line.r_squared <= 1 + 1e-9


@given(st.lists(st.tuples(st.integers(0, 900), prices), max_size=30), st.integers(2, 50))
def test_a_currency_of_another_worth_changes_no_trend(rows: list[tuple[int, Decimal]], worth: int) -> None:
    one, other = (
        fall(ever_cheaper([Sold(START + timedelta(days=day), price * by) for day, price in rows]))
        for by in (1, worth)
    )
    assert (one is None) == (other is None)
    if one and other and math.isfinite(one.factor):
        assert other.factor == pytest.approx(one.factor, rel=1e-6)


# Prices beside each other

DISCOUNTS = {
    "open is cheaper": (D(4), D("0.5"), 8),
    "closed is cheaper": (D(1), D(2), 0.5),
    "no closed one": (None, D(1), None),
    "no open one": (D(1), None, None),
    "what is free cannot be compared": (D(1), D(0), None),
}


@pytest.mark.parametrize(("closed", "open_", "found"), DISCOUNTS.values(), ids=DISCOUNTS.keys())
def test_the_open_discount(closed: Decimal | None, open_: Decimal | None, found: float | None) -> None:
    assert open_discount(closed, open_) == found


def test_the_host_discount_is_that_of_the_cheapest_paid_host() -> None:
    assert host_discount(D("0.96"), [D("0.5"), D("0.4"), D(0)]) == pytest.approx(2.4)
    assert host_discount(D("0.96"), []) is None
    assert host_discount(None, [D(1)]) is None


def test_what_a_job_costs_follows_its_tokens() -> None:
    """R1 0528 on Aider's polyglot benchmark: 2.64 million tokens read, 1.84 million written."""
    assert round(cost(D(2644169), D(1842168), D("0.55"), D("2.19")), 2) == D("5.49")


def test_no_prices_have_no_least_believed() -> None:
    with pytest.raises(ValueError, match="no prices"):
        least_believed([])
    assert believed([], lambda one: one, lambda one: False) == []


@given(prices, prices, st.integers(0, 9), st.integers(1, 9))
def test_a_blended_price_lies_between_its_sides(low: Decimal, high: Decimal, a: int, b: int) -> None:
    assert min(low, high) <= round(blended(low, high, (a, b)), 9) <= max(low, high)


# The price of a capability in time


def at(day: int) -> str:
    return f"{datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ}"


def span(
    model: str, price: str, start: int, end: int | None = None, seller: str = "host", **more: bool
) -> Span:
    """An offer from a day to another, or still in force; sellers and models tell offers apart."""
    return Span(at(start), at(end) if end else NEVER, D(price), model, seller, **more)


LATE = at(1000)
STEPS = {
    "nobody": ([], []),
    "one offer": ([span("a", "1", 0)], [(0, "1", "a")]),
    "a cheaper one takes over": ([span("a", "2", 0), span("b", "1", 5)], [(0, "2", "a"), (5, "1", "b")]),
    "a dearer one does not": ([span("a", "1", 0), span("b", "2", 5)], [(0, "1", "a")]),
    "among equals the first stays": ([span("b", "1", 0), span("a", "1", 5)], [(0, "1", "b")]),
    "the next one when it ends": (
        [span("a", "1", 0, 9), span("b", "2", 5)],
        [(0, "1", "a"), (9, "2", "b")],
    ),
    "a hole of months": (
        [span("a", "1", 0, 9), span("a", "2", 200)],
        [(0, "1", "a"), (9, None, None), (200, "2", "a")],
    ),
    "it ends": ([span("a", "1", 0, 9)], [(0, "1", "a"), (9, None, None)]),
    "free never wins": ([span("a", "0", 0), span("b", "2", 5)], [(5, "2", "b")]),
    "a host far below the others is not believed, while they ask more": (
        [span("a", "1", 0, 90), span("a", "1.2", 0, seller="x"), span("a", "0.1", 5, seller="y")],
        [(0, "1", "a"), (90, "1.2", "a")],
    ),
    "the model's own lab is": (
        [span("a", "1", 0), span("a", "1.2", 0, seller="x"), span("a", "0.1", 5, seller="lab", own=True)],
        [(0, "1", "a"), (5, "0.1", "a")],
    ),
    "the same offer on another list is no step": (
        [span("a", "1", 0, 9), span("a", "1", 9)],
        [(0, "1", "a")],
    ),
}


@pytest.mark.parametrize(("spans", "expected"), STEPS.values(), ids=STEPS.keys())
def test_the_cheapest_in_time(spans: list[Span], expected: list[tuple[int, str | None, str | None]]) -> None:
    found = [(step.at, step.price, step.span.model if step.span else None) for step in cheapest(spans)]
    assert found == [(at(day), D(price) if price else None, model) for day, price, model in expected]


spanned = st.builds(
    lambda model, price, start, length, own: span(
        model, str(price), start, start + length if length else None, own=own
    ),
    st.sampled_from("abc"),
    st.integers(0, 20),
    st.integers(0, 60),
    st.integers(0, 40),
    st.booleans(),
)


@given(st.lists(spanned, max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_offers_moves_no_price(spans: list[Span], random: object) -> None:
    mixed = list(spans)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = ([(step.at, step.price) for step in _of_price(cheapest(s))] for s in (spans, mixed))
    assert one == other


@given(st.lists(spanned, max_size=12), st.integers(0, 110))
def test_at_any_moment_it_is_the_least_believed_price_in_force(spans: list[Span], day: int) -> None:
    now = [one for one in spans if one.price and one.start <= at(day) < one.end]
    fit = [
        one
        for model in "abc"
        for one in believed([s for s in now if s.model == model], lambda s: s.price, lambda s: s.own)
    ]
    told = [step.price for step in cheapest(spans) if step.at <= at(day)]
    assert (told[-1] if told else None) == min((one.price for one in fit), default=None)


def _of_price(steps: list) -> list:  # type: ignore[type-arg]
    return [b for a, b in pairwise([None, *steps]) if a is None or a.price != b.price]


C, P, R = Standing.CONFIRMED, Standing.PROVISIONAL, Standing.RETRACTED
MOVES = {
    "what was there when its list was first read did not move": ([span("a", "2", 0, found=True)], 99, []),
    "a level that is newly reached": ([span("a", "2", 0)], 99, [(0, None, "2", C)]),
    "a fall that holds": (
        [span("a", "2", 0, found=True), span("b", "1", 5)],
        99,
        [(5, "2", "1", C)],
    ),
    "a fall of the last days": ([span("a", "2", 0, found=True), span("b", "1", 5)], 11, [(5, "2", "1", P)]),
    "a fall that was taken back is retracted, and its end no move": (
        [span("a", "2", 0, found=True), span("b", "1", 5, 8)],
        99,
        [(5, "2", "1", R)],
    ),
    "a fall that went further holds": (
        [span("a", "3", 0, found=True), span("b", "2", 5), span("c", "1", 8)],
        99,
        [(5, "3", "2", C), (8, "2", "1", C)],
    ),
    "a fall that came half back is one to there": (
        [span("a", "4", 0, found=True), span("b", "1", 5, 8), span("c", "3", 8)],
        99,
        [(5, "4", "1", R), (8, "4", "3", C)],
    ),
    "a rise that holds": (
        [span("a", "1", 0, 5, found=True), span("b", "2", 0)],
        99,
        [(5, "1", "2", C)],
    ),
    "nobody offers it any more": ([span("a", "1", 0, 5, found=True)], 99, [(5, "1", None, C)]),
    "nobody offered it for a day": (
        [span("a", "1", 0, 5, found=True), span("a", "1", 6)],
        99,
        [(5, "1", None, R)],
    ),
    "a list that is read for the first time shows no move": (
        [span("a", "2", 0, found=True), span("b", "1", 5, found=True), span("c", "0.5", 20)],
        99,
        [(20, "1", "0.5", C)],
    ),
}


@pytest.mark.parametrize(("spans", "heard", "expected"), MOVES.values(), ids=MOVES.keys())
def test_the_moves_of_a_price(
    spans: list[Span], heard: int, expected: list[tuple[int, str | None, str | None, Standing]]
) -> None:
    found = [(m.step.at, m.before, m.after, m.standing) for m in moves(cheapest(spans), at(heard))]
    exact = [(at(day), D(a) if a else None, D(b) if b else None, sure) for day, a, b, sure in expected]
    assert found == exact


@given(st.lists(spanned, max_size=12), st.integers(0, 110))
def test_moves_lead_from_one_to_the_next_and_only_late_ones_are_open(spans: list[Span], heard: int) -> None:
    found = moves(cheapest(spans), at(heard))
    stayed = [move for move in found if move.standing is not R]
    assert all(a.after == b.before for a, b in pairwise(stayed))
    assert all((move.standing is P) == (move.step.at > at(heard - 7)) for move in found)


def test_a_trend_begins_where_a_price_was_found_that_had_held_before() -> None:
    """A list that is filled up would otherwise look like a market that falls."""
    steps = cheapest(
        [span("a", "9", 0, found=True), span("b", "5", 3), span("c", "3", 8, found=True), span("d", "2", 9)]
    )
    assert [step.price for step in since_found(steps)] == [3, 2]
    assert list(since_found([])) == []


# Tiers

LED = [("2024-05-01", "old"), ("2024-09-01", "mid"), ("2025-03-01", "new")]
GONE = ("2025-03-01", "gone")
TIERS = {
    "each age has its leader": ("2025-11-01", LED, ["new", "mid", "old"]),
    "before the record its first leader counts": ("2025-02-01", LED, ["old"]),
    "one model makes one tier": ("2027-11-01", LED, ["new"]),
    "no record": ("2025-11-01", [], []),
    "one that is scored no more makes none": (
        "2025-11-01",
        [*LED[:2], ("2025-03-01", "gone")],
        ["mid", "old"],
    ),
}


@pytest.mark.parametrize(("on", "led", "expected"), TIERS.values(), ids=TIERS.keys())
def test_the_tiers(on: str, led: list[tuple[str, str]], expected: list[str]) -> None:
    found = tiers(led, {"old": 1200, "mid": 1250, "new": 1300}, date.fromisoformat(on))
    assert [tier.model for tier in found] == expected
    assert all((tier.day, tier.model) in led for tier in found)


# Speeds

SPEEDS = {
    "the highest": ([D(1), D(3), None], False, 1),
    "the least wait": ([D(3), None, D(1)], True, 2),
    "the first of equals": ([D(2), D(2)], False, 0),
    "none is measured": ([None], True, None),
    "none": ([], False, None),
}


@pytest.mark.parametrize(("values", "least", "place"), SPEEDS.values(), ids=SPEEDS.keys())
def test_the_fastest(values: list[Decimal | None], least: bool, place: int | None) -> None:
    assert fastest(range(len(values)), values.__getitem__, least=least) == place
