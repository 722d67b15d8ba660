"""Cloudflare Workers AI's own page of prices.

What: USD per million tokens of input, cached input and output; audio by the minute, images by the piece.
The same prices in neurons, Cloudflare's own unit, are left out; prices per tile and step of an image are
told.
Whose: Cloudflare, Inc. Licence: CC BY 4.0 (cloudflare-docs); credit "Cloudflare docs (CC BY 4.0)".
Changes: with each model. Shape: the page's source in the public repository cloudflare-docs and a whole
page of August 2026 kept by a public price log, which links to its Markdown.
"""

from tracker.domain import Kind, Observation, Unread
from tracker.pricelist import TOKENS, amounts, measure
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import markdown_tables, tables_with

URL = "https://developers.cloudflare.com/workers-ai/platform/pricing/index.md"
PARTS = {"cached input": "cache_read", "input": "input", "output": "output"}


def parse(payload: Payload) -> Parsed:
    """Yield each amount in the column of prices by what stands behind it."""
    for table in tables_with(markdown_tables(payload.text()), "Model", "Price in Tokens"):
        for row in table.rows:
            for price, words in amounts(row["Price in Tokens"]):
                metric = measure(words)
                if metric == TOKENS:
                    metric += next((part for said, part in PARTS.items() if said in words), "")
                if metric in ("", TOKENS):
                    yield Unread(f"{row['Model']}: ${price} {words}")
                else:
                    yield Observation(row["Model"], metric, price, "cloudflare")


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="Cloudflare Workers AI prices",
    urls=(URL,),
    history=(History("cdx", (URL,)),),
    documented=("Model", "Price in Tokens"),
    licence="CC BY 4.0",
    credit="Cloudflare docs (CC BY 4.0)",
    vendor="cloudflare",
)
