"""Cohere's own page of prices.

What: USD per million tokens of input and output of current models, from the cards, and of earlier ones, from
a sentence each. Searches and pages are told; rates of Model Vault by the hour are left out. Whose: Cohere, on
its own models. Licence: none stated; a vendor's own facts, quoted with a link. Credit: "cohere.com". Changes:
with each release. Shape: documented, by the code of a public price log that read the page in August 2026 and
the tests of another program; cards are objects in the data that the page sends along.
"""

import json
import re
from contextlib import suppress
from decimal import Decimal
from typing import Any

from tracker.conditions import free
from tracker.domain import Observation, Unread
from tracker.errors import ParseError
from tracker.own_page import price_page
from tracker.source import Parsed, Payload

SENT = re.compile(r'self\.__next_f\.push\(\[1,("(?:[^"\\]|\\.)*")\]\)')
CARD = '"_type":"model"'
LABELS = {
    "Input": ("input", ""),
    "Cost": ("input", ""),
    "Output": ("output", ""),
    "Image cost": ("input", "image"),
}
EARLIER = re.compile(
    r">([^<>]{3,60}?) pricing is \$([\d.]+)/1M tokens for input and \$([\d.]+)/1M tokens for output"
)


def parse(payload: Payload) -> Parsed:
    """Yield the prices of every card that the page was sent with, then those told in sentences."""
    page = payload.text()
    data = "".join(json.loads(text) for text in SENT.findall(page))
    cards = [card for found in re.finditer(re.escape(CARD), data) if (card := _object(data, found.start()))]
    if not cards:
        raise ParseError(f"{payload.url} was sent without objects of {CARD}")
    for card in cards:
        yield from _card(card)
    for name, *prices in dict.fromkeys(EARLIER.findall(page)):
        for part, price in zip(("input", "output"), prices, strict=True):
            yield Observation(name, f"price.{part}", Decimal(price.rstrip(".")), "cohere")


def _object(data: str, inside: int) -> dict[str, Any]:
    """The innermost object that a place in the data is in; {} where it cannot be read."""
    start = inside
    for _ in range(20):  # objects that end before the place come in between
        with suppress(ValueError, RecursionError):
            start = data.rindex("{", 0, start)
            found, end = json.JSONDecoder(parse_float=Decimal).raw_decode(data, start)
            if end > inside:
                return found if isinstance(found, dict) else {}
    return {}


def _card(card: dict[str, Any]) -> Parsed:
    for prices in card.get("pricings") or ():
        unit = prices.get("overridePer") or card.get("per")
        sides = [(prices.get(f"{side}Label"), prices.get(f"{side}Price")) for side in ("input", "output")]
        named = [(label, price) for label, price in sides if isinstance(price, int | Decimal)]
        trial = free(*(price for _, price in named))
        for label, price in named:
            if unit == "1M tokens" and label in LABELS:
                part, kind = LABELS[label]
                yield Observation(card["modelName"], f"price.{part}", Decimal(price), "cohere", trial or kind)
            elif price:
                yield Unread(f"{card['modelName']}: {label} {price} per {unit}")


source = price_page(
    parse,
    "https://cohere.com/pricing",
    "Cohere prices",
    vendor="cohere",
    documented=("modelName", "per", "pricings[].inputLabel", "pricings[].inputPrice"),
    authority=True,
)
