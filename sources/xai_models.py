"""xAI's own page of models and prices.

What: USD per million tokens of input and output, and the context, of each language model. Prices per image or
per call on the same page are left out. Whose: xAI, on its own models. Licence: none stated; a vendor's own
facts, quoted with a link. Credit: "docs.x.ai". Changes: with each release. Shape: recorded, November 2025.
"""

from decimal import Decimal

from tracker.conditions import condition
from tracker.domain import ModelFact, Observation
from tracker.errors import ParseError
from tracker.own_page import price_page
from tracker.pricelist import amounts
from tracker.source import Parsed, Payload
from tracker.tables import html_tables, rows_with


def parse(payload: Payload) -> Parsed:
    """Yield the prices of every row under "Per million tokens"; a section's heading ends in its unit."""
    unit, seen = "", dict[str, list[Decimal]]()
    for row in rows_with(html_tables(payload.body), "Model", "Context", "Pricing"):
        prices = [price for price, _ in amounts(row["Pricing"])]
        if not prices and not row["Context"]:
            unit = row["Pricing"].lower()
        elif unit == "per million tokens":
            yield from _model(row, prices, seen)
    if not seen:
        raise ParseError(f"{payload.url} has no table of models with prices per million tokens")


def _model(row: dict[str, str], prices: list[Decimal], seen: dict[str, list[Decimal]]) -> Parsed:
    """One row; a model listed again by region at the same prices is not repeated."""
    subject, _, region = row["Model"].partition(" ")
    if len(prices) != 2:
        raise ParseError(f"{subject} has {len(prices)} prices, not one for input and one for output")
    if seen.get(subject) == prices:
        return
    words = condition(f"region {region}") if subject in seen else ""
    seen.setdefault(subject, prices)
    for part, price in zip(("input", "output"), prices, strict=True):
        yield Observation(subject, f"price.{part}", price, "xai", words)
    if not words and (context := row["Context"].replace(",", "")).isdecimal():
        yield ModelFact(subject, "context", context, "xai")


source = price_page(
    parse, "https://docs.x.ai/developers/models", "xAI models and pricing", vendor="xai", authority=True
)
