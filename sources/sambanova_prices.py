"""SambaNova Cloud's own page of prices.

What: USD per million tokens of input, cached input and output. Whose: SambaNova Systems. Licence: none
stated; a vendor's own facts, quoted with a link. Credit: "cloud.sambanova.ai". Changes: every few weeks.
Shape: documented, by a whole page of August 2026 that a public price log kept.
"""

from tracker.own_page import price_page
from tracker.pricelist import priced
from tracker.source import Parsed, Payload
from tracker.tables import html_tables, rows_with

INPUT, OUTPUT = "Input (per 1M tokens)", "Output (per 1M tokens)"
PARTS = {INPUT: "input", "Cached Input Tokens": "cache_read", OUTPUT: "output"}


def parse(payload: Payload) -> Parsed:
    """Yield the prices of every row."""
    for row in rows_with(html_tables(payload.text()), "Model", INPUT, OUTPUT):
        yield from priced(row["Model"], row, PARTS, "sambanova")


source = price_page(
    parse,
    "https://cloud.sambanova.ai/pricing",
    "SambaNova Cloud prices",
    vendor="sambanova",
    documented=("Model", *PARTS),
)
