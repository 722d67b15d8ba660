"""Z.ai's own page of prices of the GLM models.

What: USD per million tokens of input, cached input and output; images by the piece. What is kept in the
cache costs nothing for the time being. Video and agents are other tables, and left out.
Whose: Z.ai, on its own models. Licence: none stated; prices are facts quoted with a link. Credit:
"docs.z.ai".
Changes: with each release. Shape: whole pages of spring 2026 kept in public copies of the documentation.
"""

from tracker.domain import Kind, Observation
from tracker.pricelist import priced
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import dollars, markdown_tables, tables_with

URL = "https://docs.z.ai/guides/overview/pricing.md"
PARTS = {"Input": "input", "Cached Input": "cache_read", "Output": "output"}


def parse(payload: Payload) -> Parsed:
    """Yield the prices of every model of text and images."""
    tables = markdown_tables(payload.text())
    for table in tables_with(tables, "Model", *PARTS):
        for row in table.rows:
            yield from priced(row["Model"], row, PARTS, "zai")
    for table in tables:
        if table.has("Model", "Price") and table.heading.startswith("Image"):
            for row in table.rows:
                if price := dollars(row["Price"]):
                    yield Observation(row["Model"], "sold.image", price, "zai")


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="Z.ai prices",
    urls=(URL,),
    history=(History("cdx", (URL,)),),
    documented=("Model", *PARTS),
    licence="none stated",
    credit="docs.z.ai",
    vendor="zai",
    authority=True,
)
