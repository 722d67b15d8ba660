"""Groq's own list of models on GroqCloud, with what each costs.

What: USD per million tokens of input and output; speech by the hour of audio or by the character; the
context. "Contact sales" is a way of selling, too. A system of several models ("-") has no price of its
own.
Whose: Groq, Inc. Licence: none stated; prices are facts quoted with a link. Credit: "console.groq.com".
Changes: with each model, every few weeks. Shape: a whole page of August 2026 kept by a public price log;
the model's id is the address that its cell links to.
"""

import re
from collections.abc import Iterator

from tracker.domain import Kind, ModelFact, Observation, Unread
from tracker.pricelist import TOKENS, amounts, measure
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import markdown_tables, tables_with

LINKED = re.compile(r"^\| \[[^|]*\]\(/docs/model/([^)\s]+)\)[^|]*", re.MULTILINE)
COLUMNS = ("MODEL ID", "PRICE PER 1M TOKENS", "CONTEXT WINDOW (TOKENS)")


def parse(payload: Payload) -> Parsed:
    """Yield the price and the context of every row that links to a model's page."""
    models = set(LINKED.findall(payload.text()))
    for table in tables_with(markdown_tables(LINKED.sub(r"| \1 ", payload.text())), *COLUMNS):
        for subject, price, context in ([row[column] for column in COLUMNS] for row in table.rows):
            if subject in models:
                yield from _prices(subject, price)
                if (tokens := context.replace(",", "")).isdecimal():
                    yield ModelFact(subject, "context", tokens, "groq")


def _prices(subject: str, text: str) -> Iterator[Observation | ModelFact | Unread]:
    if re.sub(r"\s", "", text).lower() == "contactsales":
        yield ModelFact(subject, "terms", "contact sales", "groq")
    for price, words in amounts(text):
        metric = TOKENS + words if words in ("input", "output") else measure(words) or TOKENS
        if metric == TOKENS:
            yield Unread(f"{subject}: ${price} {words}")
        else:
            yield Observation(subject, metric, price, "groq", "audio" if metric == "sold.hour" else "")


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="Groq models and prices",
    urls=("https://console.groq.com/docs/models.md",),
    history=(History("cdx", ("https://console.groq.com/docs/models.md",)),),
    documented=COLUMNS,
    licence="none stated",
    credit="console.groq.com",
    vendor="groq",
)
