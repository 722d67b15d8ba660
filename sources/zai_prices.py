"""Z.ai's own page of prices of the GLM models.

What: USD per million tokens of input, cached input and output; images by the piece. What is kept in the
cache costs nothing for the time being. Video and agents are other tables, and left out. Whose: Z.ai, on its
own models. Licence: none stated; a vendor's own facts, quoted with a link. Credit: "docs.z.ai". Changes: with
each release. Shape: documented, by whole pages of spring 2026 in public copies of the documentation.
"""

from tracker.domain import Observation
from tracker.own_page import price_page
from tracker.pricelist import priced
from tracker.source import Parsed, Payload
from tracker.tables import dollars, markdown_tables, rows_with

PARTS = {"Input": "input", "Cached Input": "cache_read", "Output": "output"}


def parse(payload: Payload) -> Parsed:
    """Yield the prices of every model of text and images."""
    tables = markdown_tables(payload.text())
    for row in rows_with(tables, "Model", *PARTS):
        yield from priced(row["Model"], row, PARTS, "zai")
    images = [table for table in tables if table.has("Model", "Price") and table.heading.startswith("Image")]
    for row in (row for table in images for row in table.rows):
        if price := dollars(row["Price"]):
            yield Observation(row["Model"], "sold.image", price, "zai")


source = price_page(
    parse,
    "https://docs.z.ai/guides/overview/pricing.md",
    "Z.ai prices",
    vendor="zai",
    documented=("Model", *PARTS),
    authority=True,
)
