"""Mistral's own page of inference prices.

What: USD per million tokens of input, cached input and output, in the standard mode; speech by the minute or
per million characters where a cell says so. Batch, priority and regional prices, and those in euros, are
switched on in the reader's browser and not on the page as it is sent. Whose: Mistral AI, on its own models
and a few others that it hosts. Licence: none stated; a vendor's own facts, quoted with a link. Credit:
"docs.mistral.ai". Changes: with each release. Shape: documented, by a whole page of August 2026 that a public
price log kept; a model is named by the address that its cell links to.
"""

import re

from tracker.own_page import price_page
from tracker.pricelist import priced
from tracker.source import Parsed, Payload
from tracker.tables import html_tables, rows_with

PARTS = {"Input": "input", "Cached input": "cache_read", "Output": "output"}
LINK = re.compile(r'<a\b[^>]*\bhref="/models/([\w.-]+)"[^>]*>.*?</a>', re.DOTALL)


def parse(payload: Payload) -> Parsed:
    """Yield the prices of every row."""
    for row in rows_with(html_tables(LINK.sub(r"\1", payload.text())), "Model", *PARTS):
        yield from priced(_id(row["Model"]), row, PARTS, "mistral")


def _id(address: str) -> str:
    """A page's address as the API writes it: "mistral-small-4-0-26-03" is Small 4 of 2603."""
    return re.sub(r"-(2\d)-(0[1-9]|1[0-2])$", r"-\1\2", re.sub(r"-0(?=-2\d-\d\d$)", "", address))


source = price_page(
    parse,
    "https://docs.mistral.ai/inference/pricing",
    "Mistral prices",
    vendor="mistral",
    documented=("Model", *PARTS),
)
