"""Who speaks for a price that moved wildly: other lists on the offer, and what other sellers ask."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.trends.belief import Prices, Step
from tracker.trends.witness import Witnesses, Word, mended, tame

# The move that is judged: on day 5 the list says another price, and on day 9 another one again.
START, END = "05", "09"


def prices(text: str) -> Prices:
    """`3/15` as input and output; a part of "-" is not listed."""
    parts = zip(("input", "output"), text.split("/"), strict=True)
    return {part: None if price == "-" else Decimal(price) for part, price in parts}


def said(*words: str) -> list[Word]:
    """`other: 1 3/15, 7 0.2/1`: what a list or a seller said from which days on."""
    found: list[Word] = []
    for text in words:
        name, _, told = text.partition(": ")
        days = [day.split() for day in told.split(", ")]
        ends = [f"{int(day):02}" for day, _ in days[1:]] + ["9999"]
        found += [
            Word(name, name, f"{int(day):02}", end, prices(price))
            for (day, price), end in zip(days, ends, strict=True)
        ]
    return found


LISTS: dict[str, tuple[list[str], tuple[str, bool] | None]] = {
    "nobody": ([], None),
    "moved along later": (["other: 1 3/15, 7 0.2/1"], ("07", False)),
    "moved before": (["other: 1 3/15, 2 0.2/1"], ("05", False)),
    "always said the new price": (["other: 1 0.2/1"], ("05", True)),
    "began with the new price while it stood": (["other: 6 0.2/1"], ("06", True)),
    "said it only after it was gone": (["other: 1 3/15, 9 0.2/1"], None),
    "said it only before it came": (["other: 1 0.2/1, 4 0.3/1"], None),
    "disagrees in one part": (["other: 1 0.2/2"], None),
    "one always said it, another had the old one": (["other: 1 0.2/1", "third: 1 3/15"], ("05", False)),
    "one always said it, another had the old one afterwards": (
        ["other: 1 0.2/1", "third: 6 3/15"],
        ("05", True),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("lists", "expected"), LISTS.values(), ids=LISTS.keys())
def test_the_same_offer_on_another_list_tells_a_market_move_from_a_correction(
    lists: list[str], expected: tuple[str, bool] | None
) -> None:
    witnesses = Witnesses(same=said(*lists))
    assert witnesses(prices("3/15"), prices("0.2/1"), START, END) == expected


THREE = ["a: 1 0.1/0.3", "b: 1 0.2/0.6", "c: 1 0.15/0.6"]
SLIP = ("05", True)

# old price, new price, what other sellers ask, what other lists say of this seller
SELLERS: dict[str, tuple[str, str, list[str], list[str], tuple[str, bool] | None]] = {
    "a slip of a thousand mended": ("75/200", "0.075/0.2", THREE, [], SLIP),
    "a slip of a thousand made": ("0.075/0.2", "75/200", THREE, [], None),
    "from nothing to what others ask": ("0/0.6", "0.2/0.6", THREE, [], SLIP),
    "from what others ask to nothing": ("0.2/0.6", "0/0.6", THREE, [], None),
    "nothing that nobody else asks either": ("0/0", "0/0.6", THREE, [], SLIP),
    "everywhere free, and here again": ("1/3", "0/0", ["a: 1 0/0", "b: 1 0/0", "c: 1 0.1/0.3"], [], SLIP),
    "two sellers are no level": ("75/200", "0.075/0.2", THREE[:2], [], None),
    "two sellers under three names": ("75/200", "0.075/0.2", [*THREE[:2], "a: 2 0.1/0.3"], [], None),
    "a third seller comes later": (
        "75/200", "0.075/0.2", [*THREE[:2], "c: 7 0.15/0.6"], [], ("07", True),
    ),
    "a third seller comes too late": ("75/200", "0.075/0.2", [*THREE[:2], "c: 9 0.15/0.6"], [], None),
    "far below, from what others ask": ("0.2/0.6", "0.01/0.03", THREE, [], None),
    "far below, from far above": ("2/6", "0.01/0.03", THREE, [], None),
    "far above the middle, but what one seller asks": (
        "0.01/0.03", "2.8/8.4", [*THREE, "lab: 1 2.8/8.4"], [], SLIP,
    ),
    "what one seller asks, from what the others do": (
        "0.2/0.6", "2.8/8.4", [*THREE, "lab: 1 2.8/8.4"], [], None,
    ),
    "what one seller asks in one part only": (
        "0.01/0.03", "2.8/8.4", [*THREE, "lab: 1 2.8/9"], [], None,
    ),
    "one part is usual, the other is not": ("3/0.6", "0.2/0.02", THREE, [], None),
    "only the output leapt": ("0.15/20", "0.2/0.6", THREE, [], SLIP),
    "another list had the old price: it was none": (
        "75/200", "0.075/0.2", THREE, ["other: 1 75/200"], None,
    ),
    "another list had it, and moves along": (
        "75/200", "0.075/0.2", THREE, ["other: 1 75/200, 7 0.075/0.2"], ("07", False),
    ),
    "another list never had it, and agrees later": (
        "75/200", "0.075/0.2", THREE[:2], ["other: 6 0.075/0.2"], ("06", True),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "others", "same", "expected"), SELLERS.values(), ids=SELLERS.keys())
def test_what_other_sellers_ask_tells_which_of_two_prices_is_the_slip(
    old: str, new: str, others: list[str], same: list[str], expected: tuple[str, bool] | None
) -> None:
    witnesses = Witnesses(same=said(*same), others=said(*others))
    assert witnesses(prices(old), prices(new), START, END) == expected


def test_a_seller_that_leapt_itself_is_not_heard_on_it() -> None:
    steps = [Step(f"{day:02}", prices(text)) for day, text in enumerate(("3/15", "0.2/1", "3.1/15"), 1)]
    assert [(word.start, word.end) for word in tame("list", "seller", steps)] == [
        ("01", "02"),
        ("03", "9999"),
    ]


# A move from 60/360, which this list said from day 3 on, to 30/180 on day 5.
MENDED: dict[str, tuple[list[str], bool]] = {
    "nobody else lists it": ([], False),
    "another list always said the new price": (["other: 1 30/180"], True),
    "it says another one later": (["other: 1 30/180, 7 20/120"], True),
    "it began with the new price afterwards": (["other: 6 30/180"], False),
    "it began with the new price while the old one stood": (["other: 4 30/180"], False),
    "it had the old price as well": (["other: 1 60/360, 2 30/180"], False),
    "a third list had the old price": (["other: 1 30/180", "third: 2 60/360"], False),
    "a third list has the old price afterwards": (["other: 1 30/180", "third: 6 60/360"], True),
    "it said the new price and another one between": (["other: 1 30/180, 4 35/180, 5 30/180"], False),
    "it agrees in one part": (["other: 1 30/360"], False),
}


@pytest.mark.parametrize(("lists", "expected"), MENDED.values(), ids=MENDED.keys())
def test_a_move_that_another_list_never_saw_was_this_lists_correction(
    lists: list[str], expected: bool
) -> None:
    assert mended(prices("60/360"), prices("30/180"), "03", "05", said(*lists)) is expected
