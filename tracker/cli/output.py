"""Answers as tables, JSON and CSV.

JSON    a list of objects, one a line; exact decimals as JSON numbers, never through a float
CSV     nested fields as open.model, lists joined by "; "; cells that a spreadsheet would take for a
        formula begin with an apostrophe
table   as wide as the terminal, 80 columns elsewhere; foreign text without control characters
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import click

from tracker.cli.lazy import printable
from tracker.digest.lines import width as wide

Row = dict[str, Any]
WIDTH = 80
GAP = 2
LEAST = 6  # a column is not squeezed below this
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_BLOCKS = "▁▂▃▄▅▆▇█"


class Column(NamedTuple):
    """A column of a table: its heading and what it shows of a row.

    Figures stand at the `right`. They and what is `firm` (days, ids) are never cut: half a figure is a
    wrong one. A `name` loses its middle: its end tells it from others.
    """

    heading: str
    show: Callable[[Row], str]
    right: bool = False
    firm: bool = False
    name: bool = False

    @property
    def gives(self) -> int:
        """How readily it is made narrower: a name stays half as wide again as what is read as a sentence."""
        return 0 if self.right or self.firm else 2 if self.name else 3


def as_json(value: object) -> str:
    """Rows as a JSON list, one a line; anything else in one line. Decimals are written digit for digit."""
    if isinstance(value, list):
        lines = ",\n".join(f"  {_json(one)}" for one in value)
        return f"[\n{lines}\n]" if value else "[]"
    return _json(value)


@cache
def _encode() -> Callable[[object], str]:
    import json  # a table needs none

    return json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _json(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_json(key)}: {_json(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_json, value)) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    text = _encode()(value)
    if printable(text) == text:
        return text
    # JSON allows most unprintable characters as they are; a terminal should not get them.
    return "".join(c if c == printable(c) else f"\\u{ord(c):04x}" for c in text)


def as_csv(rows: Sequence[Row]) -> str:
    """Rows as CSV with a heading line; the columns are those of all rows, in order of appearance."""
    import csv  # a table needs neither
    import io

    flat = [dict(_flat(row)) for row in rows]
    heads = list(dict.fromkeys(name for row in flat for name in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([[_cell(row.get(name)) for name in heads] for row in flat])
    return out.getvalue()


def _flat(row: Row, prefix: str = "") -> Iterable[tuple[str, object]]:
    for name, value in row.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + name, value


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list):
        return _unformula("; ".join(_cell_of_list(one) for one in value))
    return _unformula(printable(str(value).lower() if isinstance(value, bool) else str(value)))


def _cell_of_list(value: object) -> str:
    if isinstance(value, dict):
        return printable(" ".join(one for one in value.values() if isinstance(one, str) and one))
    return printable(str(value))


def _unformula(text: str) -> str:
    """The text so that no spreadsheet computes it."""
    return "'" + text if text.lstrip()[:1] in tuple("=+-@") and not _NUMBER.fullmatch(text) else text


def as_table(
    rows: Sequence[Row],
    columns: Sequence[Column],
    width: int | None = None,
    group: Callable[[Row], str] | None = None,
    below: Callable[[Row], str] | None = None,
) -> str:
    """Rows under human headings, cut with … to fit the width; a column with nothing in it is left out.

    With `group`, a line of its own stands before the rows that share it; `below` a row, wrapped, what it
    says of it.
    """
    shown = [[printable(column.show(row)).strip() for row in rows] for column in columns]
    kept = [(column, cells) for column, cells in zip(columns, shown, strict=True) if any(cells)]
    columns = [column for column, _ in kept]
    heads = [column.heading for column in columns]
    natural = [max(map(wide, (column.heading, *cells))) for column, cells in kept]
    sizes = _fit(natural, columns, width or terminal_width())
    lines = [_line(cells, sizes, columns) for cells in zip(*(cells for _, cells in kept), strict=True)]
    groups = [printable(group(row)) if group else "" for row in rows]
    for place in reversed(range(len(rows))):
        lines[place + 1 : place + 1] = wrapped(below(rows[place])) if below else []
        if groups[place] and (place == 0 or groups[place] != groups[place - 1]):
            lines[place:place] = ["", click.style(groups[place], bold=True)]
    return "\n".join([click.style(_line(heads, sizes, columns), bold=True), *lines])


def noted(
    rows: Sequence[Row],
    columns: Sequence[Column],
    note: Callable[[Row], str],
    group: Callable[[Row], str] | None = None,
) -> str:
    """A table with a note of each row wrapped below its line: a note cut short would be no hint."""
    head, *lines = as_table(rows, columns).splitlines() or [""]
    told, before = [head], ""
    for row, line in zip(rows, lines, strict=True):
        if group and group(row) != before:
            before = group(row)
            told += ["", click.style(printable(before), bold=True)]
        told += [line, *(f"    {part}" for part in wrapped(note(row), 4))]
    return "\n".join(told)


def wrapped(text: str, indent: int = 0) -> list[str]:
    """A text as lines of the terminal's width, less an indent."""
    import textwrap  # most answers wrap nothing

    return textwrap.wrap(printable(" ".join(text.split())), max(terminal_width() - indent, 20))


def _line(cells: Sequence[str], sizes: Sequence[int], columns: Sequence[Column]) -> str:
    padded = (
        _pad(_cut(cell, size, column.name), size, column.right)
        for cell, size, column in zip(cells, sizes, columns, strict=True)
    )
    return (" " * GAP).join(padded).rstrip()


def _fit(sizes: list[int], columns: Sequence[Column], width: int) -> list[int]:
    """The columns' sizes, the widest of those that give made narrower until all fit."""

    def gives(place: int) -> int:
        return columns[place].gives * sizes[place] if sizes[place] > LEAST else 0

    for _ in range(sum(sizes) + GAP * (len(sizes) - 1) - width):
        widest = max(range(len(sizes)), key=gives)
        if not gives(widest):
            break
        sizes[widest] -= 1
    return sizes


def _cut(text: str, size: int, name: bool) -> str:
    """The text within so many columns, without its end; a name without its middle."""
    if wide(text) <= size:
        return text
    end = text if name else ""
    while wide(end) > (size - 1) // 2 or (end and not wide(end[0])):  # half a letter has no width
        end = end[1:]
    while wide(text) + 1 + wide(end) > size:
        text = text[:-1]
    return f"{text}…{end}"


def _pad(text: str, size: int, at_end: bool) -> str:
    blank = " " * (size - wide(text))
    return blank + text if at_end else text + blank


def terminal_width() -> int:
    """The width of the terminal, or 80 where the answer goes elsewhere."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or WIDTH
    except (OSError, ValueError):  # no terminal, or no file at all
        return WIDTH


def sparkline(values: Sequence[float]) -> str:
    """The values as blocks between their least and greatest: `▁▃▅█`; one block a value."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if low == high:
        return _BLOCKS[3] * len(values)
    return "".join(_BLOCKS[round((value - low) / (high - low) * (len(_BLOCKS) - 1))] for value in values)


def number(value: Decimal | float | None, places: int | None = None) -> str:
    """A figure for people: `1,287`, `3.2`; "" for none. Without places it is shown exactly."""
    if value is None:
        return ""
    if places is None:
        return format(value, "f") if isinstance(value, Decimal) else f"{value:g}"
    return f"{value:,.{places}f}"


def talk(message: str) -> None:
    """Say something on standard error, unless --quiet."""
    if not click.get_current_context().find_root().params.get("quiet"):
        click.echo(printable(message), err=True)
