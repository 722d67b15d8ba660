"""xAI's own page of prices.

What: USD per million tokens of input, cached input and output; longer prompts as a condition. The
discount for batches and the surcharges for priority and the United States are told as factors, and not
worked out here. Images, video and voice are sold by the piece, the second and the hour in other tables,
and left out.
Whose: xAI, on its own models. Licence: none stated; prices are facts quoted with a link. Credit:
"docs.x.ai".
Changes: with each release. Shape: a whole page of autumn 2026 (Markdown) kept in a public repository.
"""

from tracker.conditions import band
from tracker.domain import Kind
from tracker.pricelist import priced
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import markdown_tables, tables_with

URL = "https://docs.x.ai/developers/pricing.md"
PARTS = {
    "Input / 1M tokens": "input",
    "Cached input / 1M tokens": "cache_read",
    "Output / 1M tokens": "output",
}


def parse(payload: Payload) -> Parsed:
    """Yield the prices of every row; a model has one row for each length of prompt."""
    for table in tables_with(markdown_tables(payload.text()), "Model", *PARTS):
        for row in table.rows:
            subject, _, prompts = row["Model"].partition(" (")
            yield from priced(subject, row, PARTS, "xai", band(prompts))


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="xAI prices",
    urls=(URL,),
    history=(History("cdx", (URL,)),),
    documented=("Model", *PARTS),
    licence="none stated",
    credit="docs.x.ai",
    vendor="xai",
    authority=True,
)
