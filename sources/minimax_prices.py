"""MiniMax's own page of pay-as-you-go prices.

What: USD per million tokens of input, output, cache reads and writes of its language models; priority and
longer prompts as conditions. A price that is struck out was never asked for; other tables are left out.
Whose: MiniMax, on its own models. Licence: none stated; a vendor's own facts, quoted with a link. Credit:
"platform.minimax.io". Changes: with each release. Shape: documented, by a whole page of October 2026 that a
public price log kept; a tier is the title of the tab that its table stands in.
"""

import re

from tracker.conditions import band, condition
from tracker.own_page import price_page
from tracker.pricelist import priced
from tracker.source import Parsed, Payload
from tracker.tables import markdown_tables, tables_with

READ, WRITE = "Prompt caching Read", "Prompt caching Write"
PARTS = {"Input": "input", "Output": "output", READ: "cache_read", WRITE: "cache_write"}
TAB = re.compile(r'<Tab title="([^"]*)">|</Tabs>')
NAME = re.compile(r"[\w.-]+")


def parse(payload: Payload) -> Parsed:
    """Yield the prices of every row; a model has one row for each length of prompt and tier."""
    text = TAB.sub(lambda found: f"\n# {found[1] or 'all'}\n", payload.text())
    for table in tables_with(markdown_tables(text), "Model", "Input", "Output", READ):
        tier = "priority" if table.heading.lower().startswith("priority") else ""
        for row in table.rows:
            if name := NAME.match(row["Model"]):
                words = condition(tier, band(row["Model"][name.end() :]))
                yield from priced(name[0], row, PARTS, "minimax", words)


source = price_page(
    parse,
    "https://platform.minimax.io/docs/guides/pricing-paygo.md",
    "MiniMax prices",
    vendor="minimax",
    documented=("Model", *PARTS),
    authority=True,
)
