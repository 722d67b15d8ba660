"""Anthropic's own page of prices.

What: USD per million tokens of input, output, cache reads and writes; batch and fast mode as conditions,
and so are longer prompts and days that a row names. A model that is retired on Anthropic's own API is not
on offer.
Whose: Anthropic, on its own models. Licence: none stated; prices are facts quoted with a link. Credit:
"Anthropic".
Changes: with each release. Shape: excerpts of the page's Markdown of summer and autumn 2026 in public
programs that read it, and its text of autumn 2026 in a search index; the headings changed their capitals
once.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date

from tracker.conditions import band, condition, stated
from tracker.domain import Kind, ModelFact, Observation, Unread
from tracker.pricelist import priced
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import fold, markdown_tables, tables_with

URL = "https://platform.claude.com/docs/en/about-claude/pricing.md"
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
    tables, today = markdown_tables(payload.text()), payload.observed.astimezone(UTC).date()
    for table in tables_with(tables, "Model", *BASE):
        for row in table.rows:
            yield from _row(row, BASE, "", today)
    for table in tables:
        columns = {fold(column) for column in table.columns}
        if columns >= {"model", *map(fold, BATCH)}:
            for row in table.rows:
                yield from _row(row, BATCH, "batch", today)
        elif columns == {"model", *map(fold, FAST)} and "fast" in table.heading.lower():
            for row in table.rows:
                yield from _row(row, FAST, "fast", today)


def _row(
    row: dict[str, str], columns: dict[str, str], mode: str, today: date
) -> Iterator[Observation | ModelFact | Unread]:
    """One row, which may be of two models: "Claude Opus 5 / Claude Opus 4.8"."""
    for name in row["Model"].split(" / "):
        found = NAME.match(name)
        subject, note = (found[1], name[found.end(1) :]) if found else (name, "")
        if "retired" in note:
            yield ModelFact(subject, "status", "retired", "anthropic")
            continue
        when, days = stated(note, today)
        yield from priced(subject, row, columns, "anthropic", condition(mode, band(note), when), days)


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="Anthropic prices",
    urls=(URL,),
    history=(History("cdx", (URL,)),),
    documented=("Model", *BASE),
    licence="none stated",
    credit="Anthropic",
    vendor="anthropic",
    authority=True,
)
