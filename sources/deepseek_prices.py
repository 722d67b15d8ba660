"""DeepSeek's own page of models and prices.

What: USD per million tokens of input (a cache miss), what is read from the cache (a hit) and output; what
calls cost in peak hours, as a condition. A name such as deepseek-flash stands for the version that the table
gives. Whose: DeepSeek, on its own models. Licence: none stated; a vendor's own facts, quoted with a link.
Credit: "DeepSeek". Changes: every few months. Shape: documented, by a whole page of September 2026 that a
public price log kept, and the table of summer 2026 without peak hours; these are in a note below it.
"""

import re

from tracker.domain import Observation, Unread
from tracker.errors import ParseError
from tracker.own_page import price_page
from tracker.pricelist import priced
from tracker.source import Parsed, Payload
from tracker.tables import Table, html_tables, tables_with

PARTS = {
    "INPUT TOKENS (CACHE HIT)": "cache_read",
    "INPUT TOKENS (CACHE MISS)": "input",
    "OUTPUT TOKENS": "output",
}
HOURS = re.compile(r"Peak hours are ([^<]*?) UTC(, Monday through Friday)?")


def parse(payload: Payload) -> Parsed:
    """Yield the prices and the version in each column that is a model's."""
    found = HOURS.search(payload.text())
    days = "weekdays " if found and found[2] else ""
    hours = re.findall(r"(\d\d:\d\d) ?- ?(\d\d:\d\d)", found[1]) if found else []
    peak = [f"{days}{begin}-{end} UTC" for begin, end in hours]
    records = [r for table in tables_with(html_tables(payload.text()), "MODEL") for r in _table(table, peak)]
    if not any(isinstance(record, Observation) for record in records):
        raise ParseError(f"{payload.url} has a table of models, but no line of 1M INPUT or OUTPUT TOKENS")
    yield from records


def _table(table: Table, peak: list[str]) -> Parsed:
    names = [column for column in table.columns if column.startswith("MODEL")]
    lines = [(" ".join(dict.fromkeys(row[name] for name in names)), row) for row in table.rows]
    versions = next((row for line, row in lines if line == "MODEL VERSION"), {})
    for line, row in lines:
        part = next((part for said, part in PARTS.items() if said in line), "")
        for model in table.columns[len(names) :] if part else ():
            subject = versions.get(model, model).partition(" (")[0]  # a way of thinking, at one price
            if " PEAK" in line and not peak:
                yield Unread(f"{subject}: {row[model]} in peak hours, which are not told")
            for words in peak if " PEAK" in line else [""]:
                yield from priced(subject, row, {model: part}, "deepseek", words)


source = price_page(
    parse,
    "https://api-docs.deepseek.com/quick_start/pricing",
    "DeepSeek prices",
    vendor="deepseek",
    credit="DeepSeek",
    documented=("MODEL", *(f"1M {line}" for line in PARTS)),
    authority=True,
)
