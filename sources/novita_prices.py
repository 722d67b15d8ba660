"""Novita's own page of prices.

What: USD per million tokens of input, output and what is read from the cache; the context, of each language
model. What is sold by another measure is on cards without Input and Output, and left out; a card with tiered
prices shows none ("-"). Whose: Novita AI. Licence: none stated; a vendor's own facts, quoted with a link.
Credit: "novita.ai". Changes: weekly. Shape: documented, by a whole page of August 2026 that a public price
log kept. (The models API asks for a key.)
"""

from typing import Any

from tracker.domain import ModelFact
from tracker.errors import ParseError
from tracker.own_page import price_page
from tracker.pricelist import priced
from tracker.source import Parsed, Payload

PARTS = {"Input": "input", "Cache Read": "cache_read", "Output": "output"}


def parse(payload: Payload) -> Parsed:
    """Yield the prices and the context of every card of a language model."""
    found = [record for card in payload.html().find_all("article") for record in _card(card)]
    if not found:
        raise ParseError(f"{payload.url} has no card with an Input and an Output")
    yield from found


def _card(card: Any) -> Parsed:
    """A card is an article with the model's link and a list of terms."""
    terms = {term.get_text(strip=True): term.find_next_sibling("dd") for term in card.find_all("dt")}
    name = card.select_one("h4 a")
    if name is None or not {"Input", "Output"} <= terms.keys():
        return
    row = {key: " ".join(value.get_text(" ").split()) for key, value in terms.items() if value}
    row["Input"], _, row["Cache Read"] = (part.strip(" ·") for part in row["Input"].partition("Cache Read"))
    subject = name.get_text(strip=True)
    yield from priced(subject, row, PARTS, "novita")
    exact = terms["Context"].find("span", title=True) if terms.get("Context") else None
    if exact is not None and exact["title"].isdecimal():
        yield ModelFact(subject, "context", exact["title"], "novita")


source = price_page(
    parse, "https://novita.ai/pricing", "Novita prices", vendor="novita", documented=("Context", *PARTS)
)
