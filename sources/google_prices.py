"""Google's own page of Gemini API prices.

What: USD per million tokens of input, output and what is read from the cache, at the paid tier; batch, flex
and priority, longer prompts, tokens of audio and images, and days as conditions; images by the piece. Storage
by the hour, a second measure of the same tokens, tools, and tables per image or second are left out. Whose:
Google, on its own models. Licence: CC BY 4.0; figures may be published; credit "Google AI for Developers (CC
BY 4.0)". Changes: with each release. Shape: documented, by excerpts of the page's Markdown of September 2026
in public programs that read it: a section a model, a table a tier, several amounts in a cell.
"""

import re
from datetime import date
from itertools import product

from tracker.conditions import band, condition, stated
from tracker.domain import Observation, Unread
from tracker.errors import ParseError
from tracker.own_page import price_page
from tracker.pricelist import amounts
from tracker.source import Parsed, Payload
from tracker.tables import markdown_tables

PAID = "Paid Tier, per 1M tokens in USD"
TIERS = {"standard": "", "batch": "batch", "flex": "flex", "priority": "priority"}
PARTS = {"input": "price.input", "output": "price.output", "context caching": "price.cache_read"}
LABEL = re.compile(r"(?:(text|image|audio|video) )?(input|output|context caching) price", re.IGNORECASE)
IDS = re.compile(r"\[`([a-z0-9][a-z0-9.-]+)`\]")
KIND = r"(?:text|thinking|images?|audio|videos?)"
KINDS = re.compile(rf"\(({KIND}(?:(?: ?[/,] ?| and ){KIND})*)\)")
# What follows an amount and says the same by another measure.
AGAIN = re.compile(r" or \$[\d.]+ ?/ ?min\w*|,? equivalent to .*?(?=\$[\d.]+ \(|$)")
STORED = re.compile(r"/ [\d,]+ tokens per hour")
DAYS, BAND = r"(?:through|starting) \w+ \d+, \d{4}", r"prompts (?:<=|>) \d+k(?: tokens)?"
READ = re.compile(rf"{KINDS.pattern}|{DAYS}|{BAND}|per image|[\s.,]")


def parse(payload: Payload) -> Parsed:
    """Yield the prices in the paid column of every tier of every model."""
    read = False
    for section in re.split(r"^## ", payload.text(), flags=re.MULTILINE)[1:]:
        ids = IDS.findall(section.partition("\n|")[0])
        for table in markdown_tables(section):
            if table.has(PAID) and (tier := TIERS.get(table.heading.lower())) is not None:
                for id, row in product(ids, table.rows):
                    read = True
                    yield from _row(id, row[table.columns[0]], row[PAID], tier, payload.day)
    if not read:
        raise ParseError(f"{payload.url} has no model with a table that has the column {PAID}")


def _row(id: str, label: str, cell: str, tier: str, today: date) -> Parsed:
    """The prices of one line; an amount of which not every word is understood is told."""
    named = LABEL.match(label)
    for price, words in amounts(AGAIN.sub("", cell)) if named else ():
        if READ.sub("", words) and not STORED.match(words):
            yield Unread(f"{id}, {label}: ${price} {words}")
        elif named and not STORED.match(words):
            found = KINDS.search(words)
            kinds = re.findall("text|image|audio|video", (found[1] if found else named[1] or "text").lower())
            metric = "sold.image" if "per image" in words else PARTS[named[2].lower()]
            when, days = stated(words, today)
            for kind in [""] if "text" in kinds or metric == "sold.image" else kinds:
                yield Observation(
                    id, metric, price, "google", condition(tier, kind, band(words), when), **days
                )


source = price_page(
    parse,
    "https://ai.google.dev/gemini-api/docs/pricing.md.txt",
    "Gemini API prices",
    vendor="google",
    licence="CC BY 4.0",
    credit="Google AI for Developers (CC BY 4.0)",
    documented=(PAID,),
    authority=True,
)
