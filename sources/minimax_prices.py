"""MiniMax's own page of pay-as-you-go prices.

What: USD per million tokens of input, output, cache reads and writes of its language models; priority and
longer prompts as conditions. A price that is struck out was never asked for. Audio, video, music and
images are other tables, and left out.
Whose: MiniMax, on its own models. Licence: none stated; prices are facts quoted with a link. Credit:
"platform.minimax.io". Changes: with each release. Shape: a whole page of October 2026 kept by a public
price log; a tier is the title of the tab that its table stands in.
"""

import re

from tracker.conditions import band, condition
from tracker.domain import Kind
from tracker.pricelist import priced
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import markdown_tables, tables_with

URL = "https://platform.minimax.io/docs/guides/pricing-paygo.md"
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


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="MiniMax prices",
    urls=(URL,),
    history=(History("cdx", (URL,)),),
    documented=("Model", *PARTS),
    licence="none stated",
    credit="platform.minimax.io",
    vendor="minimax",
    authority=True,
)
