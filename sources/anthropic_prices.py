"""Anthropic's own page of prices.

What: USD per million tokens of input, output, cache reads and writes; batch and fast mode as conditions, and
so are longer prompts and days that a row names. A model that is retired on Anthropic's own API is not on
offer. Whose: Anthropic, on its own models. Licence: none stated; a vendor's own facts, quoted with a link.
Credit: "Anthropic". Changes: with each release. Shape: documented, by excerpts of the page's Markdown of
summer and autumn 2026 in public programs that read it.
"""

import re
from datetime import date

from tracker.conditions import band, condition, stated
from tracker.domain import ModelFact
from tracker.own_page import price_page
from tracker.pricelist import priced
from tracker.source import Parsed, Payload
from tracker.tables import fold, markdown_tables, rows_with

BASE = {
    "Base input tokens": "input",
    "5m cache writes": "cache_write",
    "1h cache writes": "cache_write, cache 1h",
    "Cache hits and refreshes": "cache_read",
    "Output tokens": "output",
}
BATCH = {"Batch input": "input", "Batch output": "output"}
FAST = {"Input": "input", "Output": "output"}
NAME = re.compile(r"(.*?)(?: \(| (?:through|starting) |$)")


def parse(payload: Payload) -> Parsed:
    """Yield the table of all models, then what the tables of the batch and the fast mode add."""
    tables, today = markdown_tables(payload.text()), payload.day
    for row in rows_with(tables, "Model", *BASE):
        yield from _row(row, BASE, "", today)
    for table in tables:
        columns = {fold(column) for column in table.columns}
        if columns >= {"model", *map(fold, BATCH)}:
            for row in table.rows:
                yield from _row(row, BATCH, "batch", today)
        elif columns == {"model", *map(fold, FAST)} and "fast" in table.heading.lower():
            for row in table.rows:
                yield from _row(row, FAST, "fast", today)


def _row(row: dict[str, str], columns: dict[str, str], mode: str, today: date) -> Parsed:
    """One row, which may be of two models: "Claude Opus 5 / Claude Opus 4.8"."""
    for name in row["Model"].split(" / "):
        found = NAME.match(name)
        subject, note = (found[1], name[found.end(1) :]) if found else (name, "")
        if "retired" in note:
            yield ModelFact(subject, "status", "retired", "anthropic")
            continue
        when, days = stated(note, today)
        yield from priced(subject, row, columns, "anthropic", condition(mode, band(note), when), days)


source = price_page(
    parse,
    "https://platform.claude.com/docs/en/about-claude/pricing.md",
    "Anthropic prices",
    vendor="anthropic",
    credit="Anthropic",
    documented=("Model", *BASE),
    authority=True,
)
