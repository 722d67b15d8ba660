"""Fireworks' own page of serverless prices.

What: USD per million tokens: input, cached input and output, in that order in one cell, at the usual and
at the priority tier; rows for fast serving and for the United States are conditions of the model that
they name. What any other model of a size costs, and embeddings by size, name no model and are left out.
Whose: Fireworks AI. Licence: none stated; prices are facts quoted with a link. Credit:
"docs.fireworks.ai".
Changes: every few weeks. Shape: whole pages of August and September 2026 kept in public copies; a page of
spring 2026 in the search index had a column for each price.
"""

import re
from collections.abc import Iterator

from tracker.conditions import condition
from tracker.domain import Kind, Observation, Unread
from tracker.pricelist import TOKENS, amounts
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import markdown_tables, tables_with

URL = "https://docs.fireworks.ai/serverless/pricing.md"
TIERS = {"Standard": "", "Priority": "priority"}
PARTS = ("input", "cache_read", "output")
SERVED = re.compile(r"(?P<fast> Fast)?(?P<region> \(?US\)?)?(?: \(Preview\))?$")


def parse(payload: Payload) -> Parsed:
    """Yield the three prices of every model at each tier."""
    for table in tables_with(markdown_tables(payload.text()), "Model", *TIERS):
        for row in table.rows:
            served = SERVED.search(row["Model"])
            subject = SERVED.sub("", row["Model"])
            words = (
                "fast" if served and served["fast"] else "",
                "region us" if served and served["region"] else "",
            )
            for tier, word in TIERS.items():
                yield from _prices(subject, row[tier], condition(word, *words))


def _prices(subject: str, cell: str, words: str) -> Iterator[Observation | Unread]:
    prices = [price for price, _ in amounts(cell)]
    if len(prices) == len(PARTS):
        for part, price in zip(PARTS, prices, strict=True):
            yield Observation(subject, TOKENS + part, price, "fireworks", words)
    elif prices:
        yield Unread(f"{subject}: {cell} is not input, cached input and output")


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="Fireworks serverless prices",
    urls=(URL,),
    history=(History("cdx", (URL,)),),
    documented=("Model", *TIERS),
    licence="none stated",
    credit="docs.fireworks.ai",
    vendor="fireworks",
)
