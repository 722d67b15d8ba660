"""OpenAI's own page of API prices.

What: USD per million tokens of input, cached input, cache writes and output; the batch, flex and fast (or
priority) tiers, longer prompts and tokens of audio and images as conditions; where a cell says so, per minute
or million characters. Fine-tuned models, tools and video are other tables, and left out. Whose: OpenAI, on
its own models. Licence: none stated; a vendor's own facts, quoted with a link. Credit: "OpenAI". Changes:
with each release. Shape: documented, by excerpts of the page's Markdown of July to October 2026 in some ten
public programs that read it. A table's heading names its tier, or the line before "Grouped ..." does.
"""

import re

from tracker.conditions import band, condition
from tracker.errors import ParseError
from tracker.own_page import price_page
from tracker.pricelist import priced
from tracker.source import Parsed, Payload
from tracker.tables import Table, fold, markdown_tables

PARTS = {
    "input": "input",
    "cached input": "cache_read",
    "cache writes": "cache_write",
    "output": "output",
    "output / cost": "output",
}
SHORT = {f"short context {column}": part for column, part in PARTS.items()}
LONG = {f"long context {column}": part for column, part in PARTS.items()}
GROUPED = re.compile(r"^(Standard|Batch|Flex|Fast|Priority)( mode)?\s+### Grouped ", re.MULTILINE)
TIER = re.compile(r"(batch|flex|fast|priority)\b", re.IGNORECASE)
BOUND = re.compile(r"long context: ?(>\s?\d+k)", re.IGNORECASE)


def parse(payload: Payload) -> Parsed:
    """Yield the prices of every table with a model and what its tokens cost."""
    text = GROUPED.sub(r"### \1 ", payload.text())
    bound = BOUND.search(text)
    tables = [table for table in markdown_tables(text) if _is_of_tokens(table)]
    if not tables:
        raise ParseError(f"{payload.url} has no table with a Model, an input and an output")
    for table in tables:
        tier = TIER.match(table.heading)
        for row in table.rows:
            yield from _row(row, tier[1].lower() if tier else "", band(bound[1]) if bound else "")


def _is_of_tokens(table: Table) -> bool:
    columns = {fold(column).removeprefix("short context ") for column in table.columns}
    sides = {PARTS[column] for column in columns & PARTS.keys()}
    return "model" in columns and "training" not in columns and {"input", "output"} <= sides


def _row(row: dict[str, str], tier: str, bound: str) -> Parsed:
    subject, _, note = row["Model"].partition(" (")
    kind = row.get("Modality", "text").lower().replace("text", "")
    yield from priced(subject, row, PARTS | SHORT, "openai", condition(tier, kind))
    longer = band(note.replace("<", ">")) or bound or "long prompt"
    yield from priced(subject, row, LONG, "openai", condition(tier, kind, longer))


source = price_page(
    parse,
    "https://developers.openai.com/api/docs/pricing.md",
    "OpenAI prices",
    vendor="openai",
    credit="OpenAI",
    documented=("Model", *(column.capitalize() for column in (*SHORT, *LONG) if "cost" not in column)),
    authority=True,
)
