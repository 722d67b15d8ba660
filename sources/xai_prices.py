"""xAI's own page of prices.

What: USD per million tokens of input, cached input and output; longer prompts as a condition. Discounts and
surcharges that are told as factors are not worked out; what is sold by the piece, the second and the hour is
left out. Whose: xAI, on its own models. Licence: none stated; a vendor's own facts, quoted with a link.
Credit: "docs.x.ai". Changes: with each release. Shape: documented, by a whole page of autumn 2026 in a public
repository.
"""

from tracker.conditions import band
from tracker.own_page import price_page
from tracker.pricelist import priced
from tracker.source import Parsed, Payload
from tracker.tables import markdown_tables, rows_with

PARTS = {
    "Input / 1M tokens": "input",
    "Cached input / 1M tokens": "cache_read",
    "Output / 1M tokens": "output",
}


def parse(payload: Payload) -> Parsed:
    """Yield the prices of every row; a model has one row for each length of prompt."""
    for row in rows_with(markdown_tables(payload.text()), "Model", *PARTS):
        subject, _, prompts = row["Model"].partition(" (")
        yield from priced(subject, row, PARTS, "xai", band(prompts))


source = price_page(
    parse,
    "https://docs.x.ai/developers/pricing.md",
    "xAI prices",
    vendor="xai",
    documented=("Model", *PARTS),
    authority=True,
)
