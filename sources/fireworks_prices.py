"""Fireworks' own page of serverless prices.

What: USD per million tokens: input, cached input and output, in that order in one cell, at the usual and at
the priority tier; rows for fast serving and for the United States are conditions of the model that they name.
What any other model of a size costs, and embeddings by size, name no model and are left out. Whose: Fireworks
AI. Licence: none stated; a vendor's own facts, quoted with a link. Credit: "docs.fireworks.ai". Changes:
every few weeks. Shape: documented, by whole pages of August and September 2026 in public copies.
"""

import re

from tracker.conditions import condition
from tracker.domain import Observation, Unread
from tracker.own_page import price_page
from tracker.pricelist import TOKENS, amounts
from tracker.source import Parsed, Payload
from tracker.tables import markdown_tables, rows_with

TIERS = {"Standard": "", "Priority": "priority"}
PARTS = ("input", "cache_read", "output")
SERVED = re.compile(r"(.*?)( Fast)?( \(?US\)?)?(?: \(Preview\))?")


def parse(payload: Payload) -> Parsed:
    """Yield the three prices of every model at each tier."""
    for row in rows_with(markdown_tables(payload.text()), "Model", *TIERS):
        if served := SERVED.fullmatch(row["Model"]):
            subject, fast, here = served.groups()
            for tier, word in TIERS.items():
                words = condition(word, "fast" if fast else "", "region us" if here else "")
                yield from _prices(subject, row[tier], words)


def _prices(subject: str, cell: str, words: str) -> Parsed:
    prices = [price for price, _ in amounts(cell)]
    if len(prices) == len(PARTS):
        for part, price in zip(PARTS, prices, strict=True):
            yield Observation(subject, TOKENS + part, price, "fireworks", words)
    elif prices:
        yield Unread(f"{subject}: {cell} is not input, cached input and output")


source = price_page(
    parse,
    "https://docs.fireworks.ai/serverless/pricing.md",
    "Fireworks serverless prices",
    vendor="fireworks",
    documented=("Model", *TIERS),
)
