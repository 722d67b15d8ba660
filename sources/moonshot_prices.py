"""Moonshot's own page of prices of the Kimi models.

What: USD per million tokens of input, output, cache reads and writes; the context.
Whose: Moonshot AI, on its own models. Licence: none stated; prices are facts quoted with a link. Credit:
"platform.kimi.ai". Changes: with each release. Shape: a whole page of September 2026 kept by a public
price log: Markdown with a component DocTable, whose columns have titles and whose cells are "text" or
<>{"$"}3.00</>.
"""

import re
from collections.abc import Iterator

from tracker.domain import Kind, ModelFact
from tracker.errors import ParseError
from tracker.pricelist import priced
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import Table, tables_with

URL = "https://platform.kimi.ai/docs/pricing/chat.md"
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
    for table in tables_with(_tables(payload.text()), "Model", "Unit", "Output Price"):
        for row in table.rows:
            if row["Unit"] != "1M tokens":
                raise ParseError(f"{row['Model']} is sold per {row['Unit']}, not per 1M tokens")
            yield from priced(row["Model"], row, PARTS, "moonshot")
            if (
                context := row.get("Context Window", "").removesuffix(" tokens").replace(",", "")
            ).isdecimal():
                yield ModelFact(row["Model"], "context", context, "moonshot")


def _tables(text: str) -> Iterator[Table]:
    for found in COMPONENT.finditer(text):
        columns = tuple(re.findall(r'title: "([^"]*)"', found[1]))
        lines = [
            [a.replace('{"$"}', "$") or b for a, b in CELL.findall(line)] for line in LINE.findall(found[1])
        ]
        rows = tuple(dict(zip(columns, line, strict=True)) for line in lines if line)
        if rows:
            yield Table("", columns, rows)


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="Kimi prices",
    urls=(URL,),
    history=(History("cdx", (URL,)),),
    documented=("Model", "Unit", "Context Window", *PARTS),
    licence="none stated",
    credit="platform.kimi.ai",
    vendor="moonshot",
    authority=True,
)
