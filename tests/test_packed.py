"""The points of a series as one text, in real SQLite."""

from __future__ import annotations

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from tracker.store.packed import packed, unpacked

Point = tuple[str, str | None, str | None]
FIGURES = st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=6).map(str)
TIMES = st.datetimes().map(lambda at: at.isoformat() + "Z")


def stored(points: list[Point]) -> str | None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE point (at TEXT, value TEXT, low TEXT)")
        connection.executemany("INSERT INTO point VALUES (?, ?, ?)", points)
        found: tuple[str | None] = connection.execute(
            f"SELECT {packed('at', 'value', 'low')} FROM point"
        ).fetchone()
        return found[0]


@given(st.lists(st.tuples(TIMES, FIGURES, FIGURES), unique_by=lambda point: point[0]))
def test_points_come_back_in_order_of_time_and_what_is_missing_is_empty(points: list[Point]) -> None:
    assert unpacked(stored(points)) == [(at, value or "", low or "") for at, value, low in sorted(points)]


def test_a_series_without_points_has_none() -> None:
    assert stored([]) is None
    assert unpacked(None) == []


def test_what_is_missing_may_have_a_word() -> None:
    with sqlite3.connect(":memory:") as connection:
        row = connection.execute(f"SELECT {packed('a', missing='nan')} FROM (SELECT NULL AS a)").fetchone()
    assert row == ("nan",)
