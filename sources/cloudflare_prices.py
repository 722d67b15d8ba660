"""Cloudflare Workers AI's own page of prices.

What: USD per million tokens of input, cached input and output; audio by the minute, images by the piece. The
same prices in neurons, Cloudflare's own unit, are left out; those per tile and step of an image are told.
Whose: Cloudflare, Inc. Licence: CC BY 4.0 (cloudflare-docs); figures may be published; credit "Cloudflare
docs (CC BY 4.0)". Changes: with each model. Shape: documented, by the page's source in the public repository
cloudflare-docs and a whole page of August 2026 that a public price log kept.
"""

from tracker.domain import Observation, Unread
from tracker.own_page import price_page
from tracker.pricelist import TOKENS, amounts, measure
from tracker.source import Parsed, Payload
from tracker.tables import markdown_tables, rows_with

PARTS = {"cached input": "cache_read", "input": "input", "output": "output"}


def parse(payload: Payload) -> Parsed:
    """Yield each amount in the column of prices by what stands behind it."""
    for row in rows_with(markdown_tables(payload.text()), "Model", "Price in Tokens"):
        for price, words in amounts(row["Price in Tokens"]):
            metric = measure(words)
            if metric == TOKENS:
                metric += next((part for said, part in PARTS.items() if said in words), "")
            if metric in ("", TOKENS):
                yield Unread(f"{row['Model']}: ${price} {words}")
            else:
                yield Observation(row["Model"], metric, price, "cloudflare")


source = price_page(
    parse,
    "https://developers.cloudflare.com/workers-ai/platform/pricing/index.md",
    "Cloudflare Workers AI prices",
    vendor="cloudflare",
    licence="CC BY 4.0",
    credit="Cloudflare docs (CC BY 4.0)",
    documented=("Model", "Price in Tokens"),
)
