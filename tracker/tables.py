"""Tables as people publish them, in HTML and in Markdown, and the prices in their cells.

A table becomes rows by the names of its columns, whatever spans what: a header of several lines is one name,
a cell over several rows stands in each of them, a line over the whole width is the section of what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from tracker.errors import ParseError

SECTION = ""  # the key under which a row holds the line over the whole width that it stands below
WIDEST, LONGEST = 200, 5000  # a span beyond them is a mistake or malice
BLOCKS = frozenset({"br", "p", "div", "li", "ul", "ol", "td", "th", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
SILENT = frozenset(
    {"script", "style", "template", "noscript", "sup", "del", "s", "strike"}
)  # notes; taken back

Cells = list[tuple[str, bool]]  # of one line: text, and whether the cell is a heading


@dataclass(frozen=True, slots=True)
class Table:
    """A table by its columns; `heading` is the nearest heading before it, "" where there is none."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]

    def has(self, *columns: str) -> bool:
        """Whether all these columns are there."""
        return set(columns) <= set(self.columns)


def fold(name: str) -> str:
    """A column's name as far as it matters: "Cache Hits & Refreshes" is "cache hits and refreshes"."""
    return " ".join(name.casefold().replace("&", " and ").split())


def tables_with(tables: Iterable[Table], *columns: str) -> list[Table]:
    """Those of the tables that have all these columns, however written; their rows use the names given here.

    ParseError where there is none: it names what the likeliest table lacks.
    """
    found, nearest = [], list(columns)
    for table in tables:
        published = {fold(column): column for column in reversed(table.columns)}
        lacking = [column for column in columns if fold(column) not in published]
        if not lacking:
            names = {published[fold(column)]: column for column in columns}
            rows = ({names.get(key, key): text for key, text in row.items()} for row in table.rows)
            called = tuple(names.get(column, column) for column in table.columns)
            found.append(replace(table, columns=called, rows=tuple(rows)))
        nearest = min(nearest, lacking or nearest, key=len)
    if not found:
        raise ParseError(f"no table with the columns {', '.join(columns)}: without {', '.join(nearest)}")
    return found


def rows_with(tables: Iterable[Table], *columns: str) -> Iterator[dict[str, str]]:
    """The rows of those tables, one after the other; ParseError where there is no such table."""
    for table in tables_with(tables, *columns):
        yield from table.rows


def html_tables(body: bytes | str) -> list[Table]:
    """The tables of an HTML page in order; a table inside another's cell is one of its own."""
    from lxml import etree, html  # 30 ms, so only where a page is read

    if not body.strip():
        return []
    try:
        tree = html.document_fromstring(body, parser=html.HTMLParser(no_network=True))
    except (etree.LxmlError, ValueError, AssertionError):
        return []
    found, heading = [], ""
    for node in tree.iter("table", "h1", "h2", "h3", "h4", "h5", "h6"):
        if node.tag != "table":
            heading = _text(node)
        elif table := _table(heading, *_lines(node)):
            found.append(table)
    return found


def _lines(table: Any) -> tuple[list[Cells], int]:
    """The lines of a table with every span filled in, and how many of them are its header."""
    lines: list[Cells] = []
    hanging: dict[int, tuple[int, tuple[str, bool]]] = {}  # column -> rows still to fill, and with what
    heads = 0
    for row in table.xpath("./tr | ./thead/tr | ./tbody/tr | ./tfoot/tr")[:LONGEST]:
        line: Cells = []
        for cell in row.xpath("./td | ./th"):
            _fill(line, hanging)
            said = (_text(cell), cell.tag == "th")
            for _ in range(_span(cell, "colspan", WIDEST)):
                hanging[len(line)] = (_span(cell, "rowspan", LONGEST), said)
                _fill(line, hanging, most=1)
        _fill(line, hanging)
        if line:
            lines.append(line)
            heads += row.getparent().tag == "thead" and len(lines) == heads + 1
    return lines, heads


def _fill(line: Cells, hanging: dict[int, tuple[int, tuple[str, bool]]], most: int = WIDEST) -> None:
    """Put into a line what hangs into it from the cells above, as far as it goes on without a gap."""
    for _ in range(most):
        if len(line) not in hanging:
            return
        rows, said = hanging.pop(len(line))
        if rows > 1:
            hanging[len(line)] = (rows - 1, said)
        line.append(said)


def _span(cell: Any, name: str, most: int) -> int:
    text = (cell.get(name) or "1").strip()
    return min(max(int(text), 1), most) if text.isascii() and text.isdigit() else 1


def _text(node: Any) -> str:
    return " ".join("".join(_pieces(node)).replace("\u200b", "").split())


def _pieces(node: Any) -> Iterator[str]:
    """The text of an element; what is set apart as a block is apart in it, too."""
    if not isinstance(node.tag, str) or node.tag in SILENT:
        return
    yield node.text or ""
    for child in node:
        apart = " " if child.tag in BLOCKS else ""
        yield apart
        yield from _pieces(child)
        yield apart
        yield child.tail or ""


def markdown_tables(text: str) -> list[Table]:
    """The pipe tables of a Markdown text in order."""
    found, heading, block = [], "", list[str]()
    for line in [*text.splitlines(), ""]:
        if line.lstrip().startswith("|"):
            block.append(line.strip())
            continue
        if len(block) > 1 and re.fullmatch(r"[|:\s-]+", block[1]):
            lines = [_cells(row) for row in (block[0], *block[2:])]
            if table := _table(heading, lines, 1):
                found.append(table)
        block = []
        heading = _plain(line.lstrip("# ")) if line.startswith("#") else heading
    return found


def _cells(line: str) -> Cells:
    parts = re.split(r"(?<!\\)\|", line.strip("|"))
    return [(_plain(part.replace("\\|", "|")), False) for part in parts]


def _plain(text: str) -> str:
    """Markdown without links, pictures, emphasis, tags, notes and what is struck out."""
    text = re.sub(r"!\[[^\]]*\]\([^)]*\)|~~.*?~~|<(sup|del|s)\b.*?</\1>", "", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", re.sub(r"<br\s*/?>", " ", text))
    text = re.sub(r"<[a-zA-Z/!][^>]*>|\*\*|__|`", "", text)
    return " ".join(re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", text).split())


def _table(heading: str, lines: list[Cells], heads: int) -> Table | None:
    """A table of lines, of which `heads` are its header; 0: those that are headings all over, or one."""
    if not heads:
        heads = (
            next((n for n, line in enumerate(lines) if not all(head for _, head in line)), len(lines)) or 1
        )
    names = _names(lines[:heads])
    rows, section = [], ""
    for line in lines[heads:]:
        texts = [text for text, _ in line]
        if len(names) > 1 and len(texts) == len(names) and len(set(texts)) == 1 and texts[0]:
            section = texts[0]
        elif any(texts):
            rows.append({SECTION: section, **dict(zip(names, _even(texts, names), strict=True))})
    return Table(heading, names, tuple(rows)) if names and rows else None


def _even(texts: list[str], names: tuple[str, ...]) -> list[str]:
    return [*texts[: len(names)], *[""] * (len(names) - len(texts))]


def _names(lines: Iterable[Cells]) -> tuple[str, ...]:
    """The names of the columns: what stands above each, said once. A second "MODEL" is "MODEL (2)"."""
    above: list[list[str]] = []
    for line in lines:
        above += [[] for _ in range(len(line) - len(above))]
        for column, (text, _) in enumerate(line):
            if text and text not in above[column]:
                above[column].append(text)
    names = [" ".join(parts) for parts in above]
    before = [names[:place].count(name) for place, name in enumerate(names)]
    return tuple(
        f"{name} ({times + 1})" if times else name for name, times in zip(names, before, strict=True)
    )


AMOUNT = re.compile(
    r"(?:US)?\$\s?((?:\d[\d,]*)?\.?\d+)|((?:\d[\d,]*)?\.?\d+)\s?¢|((?:\d[\d,]*)?\.?\d+) USD\b"
)
_BARE = re.compile(r"(?:\d[\d,]*)?\.?\d+")
_NOTHING = re.compile(
    r"|[-–—−/\\]+|n/?a|none|not (?:available|applicable|supported)|unavailable", re.IGNORECASE
)
_HEDGED = re.compile(
    r"\b(?:from|up to|starting|as low as|about|approx\w*|over|under)\b|[*†‡~≈<>≤≥+]|[€£¥₹]", re.IGNORECASE
)


def dollars(cell: str) -> Decimal | None:
    """The one price in US dollars that a cell names; None where it names none.

    ParseError where that is no plain price: "from $0.20*", "$1-$3", "contact sales", another currency.
    """
    text = " ".join(cell.split())
    if _NOTHING.fullmatch(text):
        return None
    if text.lower() == "free":
        return Decimal(0)
    amounts = [amount(found) for found in AMOUNT.finditer(text)]
    amounts = amounts or ([Decimal(text.replace(",", ""))] if _BARE.fullmatch(text) else [])
    if len(amounts) != 1 or _HEDGED.search(text):
        raise ParseError(f"{text[:60]!r} is no single price")
    return amounts[0]


def amount(found: re.Match[str]) -> Decimal:
    """The dollars of a match of AMOUNT."""
    dollars, cents, usd = (text.replace(",", "") for text in found.groups(""))
    return Decimal(cents) / 100 if cents else Decimal(dollars or usd)


def price_of(price: object, count: int) -> Decimal | None:
    """The price of `count` where one costs `price`, text or number, to a billionth of a dollar.

    What is reckoned in binary has noise in its last digits. None where it is no price: not a number, or a
    negative one (as for a router whose price varies).
    """
    try:
        found = round(Decimal(str(price)) * count, 9)
        return found.normalize() + 0 if found >= 0 else None  # 0 is added so that ten is 10, not 1E+1
    except ArithmeticError:
        return None
