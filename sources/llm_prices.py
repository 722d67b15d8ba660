"""llm-prices.com: token prices of some 100 models at the labs themselves, with the days on which they held.

What: USD per million tokens of input, output and cached input; past prices with their days. Whose: Simon
Willison and contributors. Licence: none stated; its figures are told with credit. Credit: "llm-prices.com".
Changes: with releases. Shape: documented, by the repository's README, data files and build script.
"""

import re
from datetime import date, timedelta

from tracker.conditions import condition, in_time, iso_day, looked
from tracker.domain import Kind, ModelFact, Observation
from tracker.pricelist import per_million
from tracker.source import Parsed, Payload, Source

PARTS = {"input": "input", "output": "output", "input_cached": "cache_read"}
BAND = re.compile(r"\s*(?:≤\s*\d+|>\s*(\d+))k$")


def parse(payload: Payload) -> Parsed:
    """Yield the name and the prices, in force or dated, of every model."""
    rows = payload.json()["prices"]
    unsure = looked((iso_day(row["from_date"]), row["vendor"], row["id"]) for row in rows)
    offers = dict[tuple[str, str, str], dict[date | None, dict[str, object]]]()
    for row in rows:
        longer = band[1] if (band := BAND.search(row["name"])) and band[1] else ""
        subject = row["id"].removesuffix(f"-{longer}k")
        if not longer:
            yield ModelFact(subject, "name", BAND.sub("", row["name"]), row["vendor"])
        chain = offers.setdefault((row["vendor"], subject, f"over {longer}k" if longer else ""), {})
        chain[iso_day(row["from_date"])] = row
        if row["to_date"]:
            chain.setdefault(iso_day(row["to_date"]), {})  # unless another price begins then
    for (vendor, subject, words), chain in offers.items():
        for prices, when, days in in_time(chain, payload.day, unsure):
            for part, price in per_million(prices, PARTS, of=10**6).items():
                yield Observation(subject, f"price.{part}", price, vendor, condition(words, when), **days)


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="llm-prices.com",
    urls=("https://www.llm-prices.com/historical-v1.json",),
    licence="none stated",
    credit="llm-prices.com",
    cadence=timedelta(hours=24),
    documented=("prices[].id", "prices[].vendor", "prices[].name", "prices[].input", "prices[].from_date"),
)
