"""Groq's own list of models on GroqCloud, with what each costs.

What: USD per million tokens of input and output; speech by the hour of audio or by the character; the
context. "Contact sales" is a way of selling, too. Whose: Groq, Inc. Licence: none stated; a vendor's own
facts, quoted with a link. Credit: "console.groq.com". Changes: every few weeks. Shape: documented, by a whole
page of August 2026 that a public price log kept; a model's id is the address that its cell links to.
"""

import re

from tracker.domain import ModelFact, Observation, Unread
from tracker.own_page import price_page
from tracker.pricelist import TOKENS, amounts, measure
from tracker.source import Parsed, Payload
from tracker.tables import markdown_tables, rows_with

LINKED = re.compile(r"^\| \[[^|]*\]\(/docs/model/([^)\s]+)\)[^|]*", re.MULTILINE)
COLUMNS = ("MODEL ID", "PRICE PER 1M TOKENS", "CONTEXT WINDOW (TOKENS)")


def parse(payload: Payload) -> Parsed:
    """Yield the price and the context of every row that links to a model's page."""
    models = set(LINKED.findall(payload.text()))
    for row in rows_with(markdown_tables(LINKED.sub(r"| \1 ", payload.text())), *COLUMNS):
        subject, price, context = (row[column] for column in COLUMNS)
        if subject in models:
            yield from _prices(subject, price)
            if (tokens := context.replace(",", "")).isdecimal():
                yield ModelFact(subject, "context", tokens, "groq")


def _prices(subject: str, text: str) -> Parsed:
    if re.sub(r"\s", "", text).lower() == "contactsales":
        yield ModelFact(subject, "terms", "contact sales", "groq")
    for price, words in amounts(text):
        metric = TOKENS + words if words in ("input", "output") else measure(words) or TOKENS
        if metric == TOKENS:
            yield Unread(f"{subject}: ${price} {words}")
        else:
            yield Observation(subject, metric, price, "groq", "audio" if metric == "sold.hour" else "")


source = price_page(
    parse,
    "https://console.groq.com/docs/models.md",
    "Groq models and prices",
    vendor="groq",
    documented=COLUMNS,
)
