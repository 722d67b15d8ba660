"""Charts of the site: to scale, zero in view where it means something, and a small step looks small."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.digest.site.models import cheapest
from tracker.digest.site.page import Plot
from tracker.digest.site.plots import BOTTOM, TOP, Course, Value, plot
from tracker.store.sitewide import Price

FIRST = date(2025, 1, 6)


def course(*values: float, every: int = 7, joined: bool = True) -> Course:
    days = (FIRST + timedelta(days=every * number) for number in range(len(values)))
    return Course(
        "The gap",
        "plain",
        tuple(
            Value(day.isoformat(), value, f"{value:g}", "e/c1.html")
            for day, value in zip(days, values, strict=True)
        ),
        joined,
    )


def drawn(*values: float, zero: bool = False, every: int = 7) -> Plot:
    made = plot("x", "A chart", [course(*values, every=every)], zero=zero)
    assert made is not None
    return made


@pytest.mark.parametrize("values", [(), (1.0,), (float("nan"), 1.0), (1.0, float("inf"))])
def test_less_than_two_days_make_no_chart(values: tuple[float, ...]) -> None:
    assert plot("x", "A chart", [course(*values)]) is None


def test_a_value_holds_until_the_next() -> None:
    made = drawn(10, 10, 20)
    assert made.lines[0].path.startswith("M15 ")
    assert made.lines[0].path.count("H") == made.lines[0].path.count("V") == 2


def test_zero_is_in_view_where_the_value_is_a_difference() -> None:
    assert drawn(50, 60, zero=True).level == BOTTOM
    assert TOP < (drawn(50, -10, zero=True).level or 0) < BOTTOM
    assert drawn(50, 60).level is None


def test_a_gap_that_was_never_more_than_nothing_stands_on_its_zero() -> None:
    made = drawn(0, 0, zero=True)
    assert [mark.y for mark in made.lines[0].marks] == [BOTTOM, BOTTOM]
    assert made.level == BOTTOM


def test_a_step_of_one_in_a_thousand_looks_small() -> None:
    low, high = (mark.y for mark in drawn(1427, 1428).lines[0].marks)
    assert 0 < low - high < 15


def test_what_is_not_a_course_is_not_joined() -> None:
    made = plot("x", "A chart", [course(1, 2, joined=False)])
    assert made is not None
    assert (made.lines[0].path, made.dated) == ("", "Released")


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40),
    st.integers(1, 400),
    st.booleans(),
)
def test_everything_stands_within_its_frame(values: list[float], every: int, zero: bool) -> None:
    made = drawn(*values, zero=zero, every=every)
    marks = made.lines[0].marks
    assert all(0 <= mark.x <= 100 and TOP - 1 <= mark.y <= BOTTOM + 1 for mark in marks)
    assert [mark.x for mark in marks] == sorted(mark.x for mark in marks)
    assert 1 <= len(made.up) <= 7
    assert len({label for _, label in made.up}) == len(made.up)
    assert len(made.across) <= 6


PHONE, LABEL = 2.8, 52  # pixels: a percent of a chart at a window of 360, and "Jan 2025"


@given(st.dates(date(2019, 1, 1), date(2030, 1, 1)), st.integers(1, 3000))
def test_the_months_below_a_chart_stand_apart_on_a_phone(first: date, span: int) -> None:
    values = [Value(day.isoformat(), 1, "1", "e") for day in (first, first + timedelta(days=span))]
    made = plot("x", "A chart", [Course("a", "plain", tuple(values))])
    assert made is not None
    places = [x * PHONE for x, _ in made.across]
    assert all(after - before > LABEL for before, after in pairwise(places))
    assert len(places) < 2 or places[-1] + LABEL / 2 < 100 * PHONE + 18


def price(day: int, seller: str, part: str, value: str | None, *, own: bool = False) -> Price:
    asked = None if value is None else Decimal(value)
    return Price(
        "m",
        ("list", "m", seller),
        seller,
        "host",
        own,
        part,
        f"2025-01-{day:02d}T00:00:00Z",
        asked,
        day,
        "list",
    )


def both(day: int, seller: str, value: str | None) -> list[Price]:
    return [price(day, seller, part, value) for part in ("input", "output")]


CHEAPEST = {
    "one seller": (both(1, "a", "2"), [("2025-01-01", "2", "a")]),
    "another undercuts": (
        both(1, "a", "2") + both(2, "b", "1"),
        [("2025-01-01", "2", "a"), ("2025-01-02", "1", "b")],
    ),
    "a dearer one changes nothing": (both(1, "a", "1") + both(2, "b", "2"), [("2025-01-01", "1", "a")]),
    "the cheapest goes": (
        both(1, "a", "2") + both(1, "b", "1") + both(3, "b", None),
        [("2025-01-01", "1", "b"), ("2025-01-03", "2", "a")],
    ),
    "half a price is none": ([price(1, "a", "input", "1")], []),
    "what is free competes with nobody": (both(1, "a", "0"), []),
    "far below all others is not believed": (
        both(1, "a", "10") + both(1, "b", "10") + both(2, "c", "0.1"),
        [("2025-01-01", "10", "a")],
    ),
}


@pytest.mark.parametrize(("prices", "told"), CHEAPEST.values(), ids=CHEAPEST.keys())
def test_the_cheapest_price_moves(prices: list[Price], told: list[tuple[str, str, str]]) -> None:
    assert [(day, str(value), seller) for day, value, seller, _ in cheapest(prices)] == told
