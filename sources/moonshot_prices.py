"""Moonshot's own page of prices of the Kimi models.

What: USD per million tokens of input, output, cache reads and writes; the context. Whose: Moonshot AI, on its
own models. Licence: none stated; a vendor's own facts, quoted with a link. Credit: "platform.kimi.ai".
Changes: with each release. Shape: documented, by a whole page of September 2026 that a public price log kept:
Markdown with a component DocTable.
"""

import re
from collections.abc import Iterator

from tracker.domain import ModelFact
from tracker.errors import ParseError
from tracker.own_page import price_page
from tracker.pricelist import priced
from tracker.source import Parsed, Payload
from tracker.tables import Table, rows_with

PARTS = {
    "Input Price": "input",
    "Input Price (Cache Miss)": "input",
    "Cached Input Price": "cache_read",
    "Input Price (Cache Hit)": "cache_read",
    "Cache Write Price (TTL 5min)": "cache_write",
    "Cache Write Price (TTL 1h)": "cache_write, cache 1h",
    "Output Price": "output",
}
COMPONENT = re.compile(r"<DocTable\s(.*?)\n\s*/>", re.DOTALL)
LINE = re.compile(r"^\s*\[(.*)\],?\s*$", re.MULTILINE)
CELL = re.compile(r'<>(.*?)</>|"((?:[^"\\]|\\.)*)"')


def parse(payload: Payload) -> Parsed:
    """Yield the prices and the context of every row whose unit is a million tokens."""
    for row in rows_with(_tables(payload.text()), "Model", "Unit", "Output Price"):
        if row["Unit"] != "1M tokens":
            raise ParseError(f"{row['Model']} is sold per {row['Unit']}, not per 1M tokens")
        yield from priced(row["Model"], row, PARTS, "moonshot")
        context = row.get("Context Window", "").removesuffix(" tokens").replace(",", "")
        if context.isdecimal():
            yield ModelFact(row["Model"], "context", context, "moonshot")


def _tables(text: str) -> Iterator[Table]:
    """The components as tables: columns have titles, cells are "text" or <>{"$"}3.00</>."""
    for found in COMPONENT.finditer(text):
        columns = tuple(re.findall(r'title: "([^"]*)"', found[1]))
        lines = [
            [a.replace('{"$"}', "$") or b for a, b in CELL.findall(line)] for line in LINE.findall(found[1])
        ]
        rows = tuple(dict(zip(columns, line, strict=True)) for line in lines if line)
        if rows:
            yield Table("", columns, rows)


source = price_page(
    parse,
    "https://platform.kimi.ai/docs/pricing/chat.md",
    "Kimi prices",
    vendor="moonshot",
    documented=("Model", "Unit", "Context Window", *PARTS),
    authority=True,
)
