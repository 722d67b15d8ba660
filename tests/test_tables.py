"""Tables as they come: spans, sections, headers of two lines, Markdown; and the prices in cells."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.errors import ParseError
from tracker.tables import SECTION, Table, dollars, html_tables, markdown_tables, price_of, tables_with

PLAIN = "<h2>Prices</h2><table><tr><th>Model<th>Input</tr><tr><td>A<td>$1</tr><tr><td>B<td>$2</tr></table>"
BODY_ONLY = "<table><tr><td>Model<td>Input</tr><tr><td>A<td>$1</tr><tr><td>B<td>$2</tr></table>"
SPANNED = (
    "<table><thead><tr><th rowspan=2>Model<th colspan=2>Price</tr><tr><th>Input<th>Output</tr></thead>"
    "<tr><td rowspan=2>A<td>$1<td>$2</tr><tr><td>$3<td>$4</tr></table>"
)
SECTIONED = (
    "<table><tr><th>Model<th>Input</tr><tr><td colspan=2>Per million tokens</tr><tr><td>A<td>$1</tr>"
    "<tr><td colspan=2>Per image</tr><tr><td>B<td>$2</tr></table>"
)
RAGGED = "<table><tr><th>Model<th>Input<th>Output</tr><tr><td>A</tr><tr><td>B<td>1<td>2<td>3</tr></table>"
MARKED = "# Top\n## Results\n| **Model** | Rate |\n|:--|--:|\n| [A](https://a.example/) | 1.5 % |\n"
MARKED += "| B\\|C | `2` |\n"


def cells(table: Table) -> list[list[str]]:
    return [[row[name] for name in table.columns] for row in table.rows]


@pytest.mark.parametrize(
    ("page", "columns", "expected"),
    [
        pytest.param(PLAIN, ("Model", "Input"), [["A", "$1"], ["B", "$2"]], id="a plain one"),
        pytest.param(BODY_ONLY, ("Model", "Input"), [["A", "$1"], ["B", "$2"]], id="no heading cells"),
        pytest.param(
            SPANNED,
            ("Model", "Price Input", "Price Output"),
            [["A", "$1", "$2"], ["A", "$3", "$4"]],
            id="a header of two lines, a cell over two rows",
        ),
        pytest.param(
            RAGGED,
            ("Model", "Input", "Output"),
            [["A", "", ""], ["B", "1", "2"]],
            id="lines too short, too long",
        ),
    ],
)
def test_rows_stand_under_their_columns(
    page: str, columns: tuple[str, ...], expected: list[list[str]]
) -> None:
    (table,) = html_tables(page.encode())
    assert table.columns == columns
    assert cells(table) == expected


def test_a_line_over_the_whole_width_is_the_section_of_what_follows() -> None:
    (table,) = html_tables(SECTIONED)
    assert [row[SECTION] for row in table.rows] == ["Per million tokens", "Per image"]


def test_the_nearest_heading_is_told_and_a_table_in_a_cell_is_its_own() -> None:
    outer = f"<h1>Top</h1><table><tr><th>X</tr><tr><td>{PLAIN}</tr></table>"
    assert [(t.heading, t.columns) for t in html_tables(outer)] == [
        ("Top", ("X",)),
        ("Prices", ("Model", "Input")),
    ]


def test_blocks_within_a_cell_are_apart_and_scripts_are_silent() -> None:
    (table,) = html_tables("<table><tr><th>A</tr><tr><td>one<br>two<b>3</b><script>x</script></tr></table>")
    assert cells(table) == [["one two3"]]


def test_pipe_tables_of_markdown() -> None:
    (table,) = markdown_tables(MARKED)
    assert (table.heading, table.columns, cells(table)) == (
        "Results",
        ("Model", "Rate"),
        [["A", "1.5 %"], ["B|C", "2"]],
    )


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param(
            "[![A logo](https://a.example/a.png)Small 3](/small)", "Small 3", id="a picture in a link"
        ),
        pytest.param("one<br />two", "one two", id="two lines"),
        pytest.param("~~\\$0.60~~ \\$0.30", "$0.30", id="struck out, and marks taken as they are"),
        pytest.param(
            "<del>$2</del> $1 / MTok<sup>3</sup>", "$1 / MTok", id="struck out by a tag, and a note"
        ),
        pytest.param("X (<272K tokens) > 2", "X (<272K tokens) > 2", id="less than is no tag"),
    ],
)
def test_what_a_cell_of_markdown_says(cell: str, text: str) -> None:
    (table,) = markdown_tables(f"| A | B |\n|---|---|\n| {cell} | 1 |\n")
    assert table.rows[0]["A"] == text


def test_what_is_struck_out_or_a_note_is_not_said() -> None:
    (table,) = html_tables("<table><tr><th>A</tr><tr><td><s>$2</s> $0.20<sup>2</sup></tr></table>")
    assert cells(table) == [["$0.20"]]


def test_a_name_that_comes_again_is_told_apart() -> None:
    (table,) = html_tables("<table><tr><th>A<th>A<th>B</tr><tr><td>1<td>2<td>3</tr></table>")
    assert table.rows[0] == {SECTION: "", "A": "1", "A (2)": "2", "B": "3"}


def test_a_table_is_found_by_its_columns_however_they_are_written() -> None:
    page = (
        "| Model | Cache Hits & Refreshes |\n|---|---|\n| A | 1 |\n\n| Tool | Price |\n|---|---|\n| B | 2 |\n"
    )
    (table,) = tables_with(markdown_tables(page), "MODEL", "cache hits and refreshes")
    assert table.rows == ({SECTION: "", "MODEL": "A", "cache hits and refreshes": "1"},)


def test_columns_that_no_table_has_are_named() -> None:
    with pytest.raises(ParseError, match="columns Model, Input, Output: without Output"):
        tables_with(markdown_tables("| Model | Input |\n|---|---|\n| A | 1 |\n"), "Model", "Input", "Output")


@pytest.mark.parametrize(
    "page", ["", "   ", "<p>no table", "<table></table>", "<table><tr></tr></table>", "\x00"]
)
def test_a_page_without_a_table_has_none(page: str) -> None:
    assert html_tables(page) == []
    assert markdown_tables(page) == []


def test_a_span_beyond_reason_costs_nothing() -> None:
    (table,) = html_tables("<table><tr><th colspan=99999999>A</tr><tr><td rowspan=99999999>1</tr></table>")
    assert len(table.columns) == 200


@given(st.text("<>/tablerdhpsow=1 |-\n", max_size=120))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    for table in (*html_tables(text), *markdown_tables(text)):
        assert all(set(table.columns) <= row.keys() for row in table.rows)


@pytest.mark.parametrize(
    ("cell", "price"),
    [
        ("$0.20", "0.20"),
        ("US$1,250.50", "1250.50"),
        ("$0.20 / 1M tokens", "0.20"),
        ("0.15", "0.15"),
        ("$.5", "0.5"),
        ("20¢", "0.2"),
        ("4.50 USD", "4.50"),
        ("Free", "0"),
        ("", None),
        ("—", None),
        ("N/A", None),
        ("\\", None),
    ],
)
def test_a_cell_with_one_price(cell: str, price: str | None) -> None:
    assert dollars(cell) == (None if price is None else Decimal(price))


@pytest.mark.parametrize(
    "cell", ["from $0.20*", "$1 - $3", "$1/$2", "contact sales", "€0.20", "~$3", "0.2 or so", "up to $5", "$"]
)
def test_a_cell_that_is_no_single_price_is_refused(cell: str) -> None:
    with pytest.raises(ParseError, match="no single price"):
        dollars(cell)


PRICED: dict[str, tuple[object, int, str | None]] = {
    "text": ("0.0000000539", 10**6, "0.0539"),
    "a number": (Decimal("2E-7"), 10**6, "0.2"),
    "nothing": (0, 10**6, "0"),
    "a whole ten": ("0.00001", 10**6, "10"),
    "a price of a thousand": ("0.0008000000", 1000, "0.8"),
    "noise of binary fractions": (Decimal("0.0000029999900000000002"), 10**6, "2.99999"),
    "a price that varies": ("-1", 10**6, None),
    "no price": (None, 10**6, None),
    "words": ("contact us", 1, None),
    "no number": ("NaN", 1, None),
    "no end": ("Infinity", 1, None),
    "a nest": ({"low": 1}, 1, None),
}


@pytest.mark.parametrize(("price", "count", "expected"), PRICED.values(), ids=PRICED.keys())
def test_the_price_of_so_many(price: object, count: int, expected: str | None) -> None:
    found = price_of(price, count)
    assert (None if found is None else str(found)) == expected
