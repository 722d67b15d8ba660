"""SambaNova Cloud's own page of prices.

What: USD per million tokens of input, cached input and output.
Whose: SambaNova Systems. Licence: none stated; prices are facts quoted with a link. Credit:
"cloud.sambanova.ai".
Changes: every few weeks. Shape: a whole page of August 2026 kept by a public price log; the table stands
in the page as it is sent, and amounts are written "0.60 USD".
"""

from tracker.domain import Kind
from tracker.pricelist import priced
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import html_tables, tables_with

URL = "https://cloud.sambanova.ai/pricing"
INPUT, OUTPUT = "Input (per 1M tokens)", "Output (per 1M tokens)"
PARTS = {INPUT: "input", "Cached Input Tokens": "cache_read", OUTPUT: "output"}


def parse(payload: Payload) -> Parsed:
    """Yield the prices of every row."""
    for table in tables_with(html_tables(payload.text()), "Model", INPUT, OUTPUT):
        for row in table.rows:
            yield from priced(row["Model"], row, PARTS, "sambanova")


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="SambaNova Cloud prices",
    urls=(URL,),
    history=(History("cdx", (URL,)),),
    documented=("Model", *PARTS),
    licence="none stated",
    credit="cloud.sambanova.ai",
    vendor="sambanova",
)
