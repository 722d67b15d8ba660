"""xAI's own page of models and prices.

What: USD per million tokens of input and output, and the context, of each language model. Prices per image or
per call on the same page are left out. Whose: xAI, on its own models. Licence: none stated; a vendor's own
facts, quoted with a link. Credit: "docs.x.ai". Changes: with each release. Shape: recorded, one page of
November 2025; the table is found by its headings and its sections by their unit.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tracker.conditions import condition
from tracker.domain import ModelFact, Observation
from tracker.errors import ParseError
from tracker.own_page import price_page
from tracker.source import Parsed, Payload


def parse(payload: Payload) -> Parsed:
    """Yield the prices of every row under "Per million tokens" of the table of models."""
    found = [record for table in payload.html().find_all("table") for record in _table(table)]
    if not found:
        raise ParseError(f"{payload.url} has no table of models with prices per million tokens")
    yield from found


def _table(table: Any) -> Iterator[Observation | ModelFact]:
    heads = [head.get_text(" ", strip=True) for head in table.find_all("th")]
    if not {"Model", "Pricing"} <= set(heads):
        return
    unit, seen = "", dict[str, list[Decimal]]()
    for row in table.find_all("tr"):
        cells = [list(cell.stripped_strings) for cell in row.find_all("td")]
        if len(cells) != len(heads):  # a section's heading spans columns and ends in its unit
            unit = " ".join(cells[-1]) if cells else unit
        elif unit.lower() == "per million tokens":
            yield from _model(dict(zip(heads, cells, strict=True)), seen)


def _model(row: dict[str, list[str]], seen: dict[str, list[Decimal]]) -> Iterator[Observation | ModelFact]:
    """One row; a model listed again by region at the same prices is not repeated."""
    subject, *region = row["Model"]
    prices = [
        Decimal(figure.replace(",", "")) for figure in re.findall(r"\$([\d.,]+)", " ".join(row["Pricing"]))
    ]
    if len(prices) != 2:
        raise ParseError(f"{subject} has {len(prices)} prices, not one for input and one for output")
    if seen.get(subject) == prices:
        return
    words = condition(f"region {' '.join(region)}") if subject in seen else ""
    seen.setdefault(subject, prices)
    for part, price in zip(("input", "output"), prices, strict=True):
        yield Observation(subject, f"price.{part}", price, "xai", words)
    if not words and (context := "".join(row.get("Context", [])).replace(",", "")).isdecimal():
        yield ModelFact(subject, "context", context, "xai")


source = price_page(
    parse,
    "https://docs.x.ai/developers/models",
    "xAI models and pricing",
    vendor="xai",
    credit="docs.x.ai",
    authority=True,
)
