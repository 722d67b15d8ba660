"""Text in columns, the gap drawn as bars and as a line, and which addresses become links."""

from __future__ import annotations

import pytest

from tracker.digest import charts
from tracker.digest.lines import table, wrap
from tracker.digest.model import Spark
from tracker.digest.tidy import address


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("", 7, [""]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("ab cdefghi", 4, ["ab", "cdef", "ghi"]),
        ("深度求索", 5, ["深度", "求索"]),
        ("25\u00a0points", 6, ["25\u00a0poi", "nts"]),
    ],
    ids=["words", "nothing", "a long word", "a long word after a short", "wide", "no-break space"],
)
def test_text_is_wrapped_by_what_it_takes_on_the_screen(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns=columns).split("\n") == lines


def test_cells_wrap_within_their_columns() -> None:
    assert table([("a b", "long word", "x\ny")], (3, 5, 1)) == "a b  long   x\n     word   y"


@pytest.mark.parametrize(
    ("points", "drawn"),
    [
        ((), ""),
        ((("2025-01-01", 4.0),), ""),
        ((("2025-01-01", 4.0), ("2025-01-01", 3.0)), ""),
        ((("2024-01-01", 70.0), ("2024-12-31", 0.0)), "███████████▁"),
        ((("2022-01-01", 70.0), ("2024-12-31", 0.0)), "███████████▁"),
        ((("2024-07-01", 70.0), ("2024-12-31", 35.0)), "·····██████▅"),
        ((("2024-01-01", -10.0), ("2024-12-31", 10.0)), "▁▁▁▁▁▁▁▁▁▁▁█"),
        ((("2024-01-01", 0.1), ("2024-12-31", -0.1)), "▂▂▂▂▂▂▂▂▂▂▂▁"),
        ((("2024-01-01", 5.0), ("2024-06-01", float("nan")), ("2024-12-31", 5.0)), "████████████"),
    ],
    ids=[
        "nothing",
        "one day",
        "one day twice",
        "closed",
        "older than a year",
        "known for half a year",
        "reopened",
        "within a point",
        "a hole",
    ],
)
def test_bars_show_the_gap_at_each_months_end(points: tuple[tuple[str, float], ...], drawn: str) -> None:
    assert charts.bars(Spark(points)) == drawn
    assert (charts.curve(Spark(points)) is not None) == bool(drawn)


def test_the_curve_is_a_step_line_that_ends_at_the_last_gap() -> None:
    curve = charts.curve(Spark((("2024-01-01", 50.0), ("2024-12-31", -50.0))), 100, 40, 0)
    assert curve is not None
    assert curve.line == "M0 0H100V40"
    assert curve.level == 20
    assert (curve.end_x, curve.end_y) == (100, 40)
    assert curve.behind == "M0 0H100V20V20H0Z"
    assert curve.ahead == "M0 20H100V40V20H0Z"


def test_a_chart_without_a_label_is_described_by_its_ends() -> None:
    spark = Spark((("2024-01-01", 50.0), ("2024-12-30", 25.5)))
    assert charts.described(spark) == "The gap over twelve months: 50 on 2024-01-01, 25.5 on 2024-12-30"


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("https:///path", False),
        ("//example.org/a", False),
        ("https://[broken", False),
        ("https://example.org/" + "a" * 2000, False),
        ("", False),
    ],
)
def test_only_addresses_for_a_browser_become_links(url: str, kept: bool) -> None:
    assert address(url) == (url if kept else "")
