"""A price that moved is told with the other one of its offer: what a call costs is both."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.database import PRICES, Built, offer
from tracker.digest.prices import is_step, pair, share
from tracker.digest.words import NBSP
from tracker.store import weekly
from tracker.store.reading import reading
from tracker.store.rows import ChangeRow

SINCE, UNTIL = "2025-01-11T00:00:00Z", "2025-01-31T00:00:00Z"
MODEL, HOST = "deepseek-r1", "fireworks-ai"

# prices before, prices after -> the two sides and by how much the blended price (3:1) moved
MOVES = {
    "both": (("1", "4"), ("0.5", "2"), ("$1.00 in, $4.00 out", "$0.50 in, $2.00 out", "−50 %")),
    "the output alone": (
        ("0.6", "0.6"),
        ("0.6", "2.5"),
        ("$0.60 in, $0.60 out", "$0.60 in, $2.50 out", "+79 %"),
    ),
    "the input alone": (("1", "1"), ("2", "1"), ("$1.00 in, $1.00 out", "$2.00 in, $1.00 out", "+75 %")),
}


def changed(path: Path, *said: tuple[str, tuple[str, str]]) -> list[ChangeRow]:
    """The price changes of an offer that said so on days."""
    with Built(path, (PRICES,)) as built:
        for day, prices in said:
            built.captured(PRICES, day, offer(MODEL, HOST, *prices))
    with reading(path) as connection:
        return [row for row in weekly.changes(connection, SINCE, UNTIL) if row.kind.startswith("price")]


@pytest.mark.parametrize(("before", "after", "told"), MOVES.values(), ids=MOVES)
def test_a_move_is_of_the_blended_price(
    tmp_path: Path, before: tuple[str, str], after: tuple[str, str], told: tuple[str, str, str]
) -> None:
    (row,) = changed(tmp_path / "g.db", ("2025-01-10", before), ("2025-01-20", after))
    assert is_step(row)
    assert (pair(row.before), pair(row.after), share(row).replace(NBSP, " ")) == told


def test_what_the_other_price_said_is_that_of_the_day(tmp_path: Path) -> None:
    rows = changed(
        tmp_path / "g.db",
        ("2025-01-10", ("1", "4")),
        ("2025-01-12", ("1", "2")),
        ("2025-01-14", ("0.5", "2")),
        ("2025-01-16", ("0.5", "1")),
    )
    assert [(row.before, row.after) for row in rows] == [
        ("input 1, output 4", "input 1, output 2"),
        ("input 1, output 2", "input 0.5, output 2"),
        ("input 0.5, output 2", "input 0.5, output 1"),
    ]


def test_a_wild_move_that_is_held_is_told_with_the_other_price(tmp_path: Path) -> None:
    (row,) = changed(tmp_path / "g.db", ("2025-01-10", ("1", "4")), ("2025-01-20", ("1", "400")))
    assert (row.before, row.after, row.standing) == (
        "input 1, output 4",
        "input 1, output 400",
        "unconfirmed",
    )
