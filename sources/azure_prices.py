"""Azure's models: the retail prices of what Microsoft Foundry serves, Azure OpenAI included, in East US 2.

What: USD per thousand or million tokens of text, here per million, read from the words of the meters' names
("gpt 4.1 cached Inp glbl Tokens", "5.4 pp opt DZ 1M Tokens"). What is sold most widely has no condition: all
over the world, in the United States (a data zone), in the region. Fine-tuned models, capacity, tools, sound
and pictures are left out. Whose: Microsoft. Licence: none stated; a vendor's own facts, quoted with a link.
Credit: "Azure Retail Prices". Changes: daily. Shape: documented, by the API's reference and public code.
"""

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from tracker.conditions import condition, in_time, looked, settled
from tracker.domain import Follow, Kind, Observation, Unread
from tracker.source import Parsed, Payload, Source
from tracker.tables import price_of

FILTER = "serviceName eq 'Foundry Models' and armRegionName eq 'eastus2' and priceType eq 'Consumption'"
UNITS = {"1K": 1000, "1M": 1}
MEANS = {
    "input": "inp inpt input in",
    "output": "outp outpt output out opt",
    "cache_read": "cached cache cach cchd ccchd cched cd ch",
    "cache_write": "wr write",
    "batch": "batch",
    "priority": "pp",
    "long prompt": "longco l",
    "region us": "dz dzn dzone datazone",
    "region eastus2": "regnl rgnl regional regn rg",
    "": "glbl global glb gl tokens token tkn 1m 1k std standard shortco fw",
    "else": "ft rft finetuned fine tuned grader grdr training trng hosting hstng provisioned prov developer "
    "throughput assistants interpreter search aud audio img image rt rtime realtime sora video tts whisper "
    "transcribe tcrb trscb dall speech",
}
WORDS = {word: meaning for meaning, words in MEANS.items() for word in words.split()}
PARTS = ("cache_write", "cache_read", "output", "input")
WHERE = ("", "region us", "region eastus2")
Offer = tuple[str, str, str, int]  # model, metric, condition, and how widely it is sold, as a place in WHERE


def parse(payload: Payload) -> Parsed:
    """Yield the next page, and on the last one the prices of all, in force or dated."""
    if link := payload.json().get("NextPageLink"):
        yield Follow(link.replace(":443", ""))
        return
    read = [_read(item) for page in (*payload.earlier, payload) for item in page.json()["Items"]]
    yield from (each for each in read if isinstance(each, Unread))
    found, twofold = settled(each for each in read if isinstance(each, tuple))
    yield from (Unread(f"{offer[0]}, {offer[1]}: two prices") for offer, _ in twofold)
    unsure = looked((start, "azure", offer[0]) for offer, start in found)
    chains = defaultdict[Offer, dict[date | None, Decimal]](dict)
    widest = defaultdict[str, int](lambda: len(WHERE))
    for (offer, start), price in found.items():
        chains[offer][start] = price
        widest[offer[0]] = min(widest[offer[0]], offer[3])
    for (subject, metric, words, where), chain in chains.items():
        words = condition(words, WHERE[where] if where > widest[subject] else "")
        for price, when, days in in_time(chain, payload.day, unsure):
            yield Observation(subject, metric, price, "azure", condition(words, when), **days)


def _read(item: dict[str, Any]) -> tuple[tuple[Offer, date], Decimal] | Unread | None:
    """What a meter says; None where it is none for calls in text."""
    words = re.sub(r"data[ -]zone", "dz", item["meterName"].lower()).replace("-", " ").split()
    means = {WORDS[word] for word in words if word in WORDS}
    if "else" in means or item["unitOfMeasure"] not in UNITS:
        return None
    name = " ".join(word for word in words if word not in WORDS)
    part = next((part for part in PARTS if part in means), "input" if "embed" in name else "")
    price = price_of(item["retailPrice"], UNITS[item["unitOfMeasure"]])
    if not part or not name or price is None:
        return Unread(f"the meter {item['meterName']!r} of {item['productName']}")
    where = max(WHERE.index(each) for each in {"", *means} if each in WHERE)
    full = condition(*(each for each in ("batch", "priority", "long prompt") if each in means))
    offer = (_named(name, item["productName"]), f"price.{part}", full, where)
    return (offer, date.fromisoformat(item["effectiveStartDate"][:10])), price


def _named(name: str, product: str) -> str:
    """The model's name with its family, which only the product may tell ("4.6" of "Azure Grok Models")."""
    if "OpenAI" in product:
        return f"gpt {name}" if name[0].isdigit() else name
    family = re.sub(r"\b(?:azure|models|fireworks)\b", "", product.lower()).strip()
    return name if family in name else f"{family} {name}"


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="Azure retail prices",
    urls=(f"https://prices.azure.com/api/retail/prices?$filter={quote(FILTER)}",),
    licence="none stated",
    credit="Azure Retail Prices",
    vendor="azure",
    documented=("Items[].meterName", "Items[].productName", "Items[].unitOfMeasure", "Items[].retailPrice"),
)
