"""The Berkeley Function-Calling Leaderboard: does a model call the right tools with the right arguments?

What: overall accuracy of each model, in its own tool calling ("FC") and prompted; since version 4, which is a
vintage of its own, also the cost of the whole run in US dollars and the mean seconds of an answer.
Organisation and licence are the board's own words, but "Proprietary", which stands with whatever a vendor
serves. Authority: the maintainers run each model under its vendor's name and look up who made it. Whose: UC
Berkeley (Gorilla). Licence: Apache-2.0; figures may be published; credit "Berkeley Function-Calling
Leaderboard, Apache-2.0". Changes: every few weeks. Shape: recorded, October 2024 to December 2025.
"""

from decimal import Decimal

from tracker.domain import Kind, ModelFact, Observation
from tracker.source import History, Parsed, Payload, Source

PAGE = "https://gorilla.cs.berkeley.edu/data_overall.csv"
VERSION_4 = "2025-08-28"  # added web search and memory and cut the scores; its columns tell it
FACTS = {"organisation": "Organization", "licence": "License"}
BESIDE = {"bfcl.cost": "Total Cost ($)", "bfcl.latency": "Latency Mean (s)"}


def parse(payload: Payload) -> Parsed:
    """Yield the accuracy of each model, who made it under which licence, and what its run took."""
    for row in payload.rows():
        vintage = VERSION_4 if "Web Search Acc" in row else ""
        accuracy = Decimal(row["Overall Acc"].removesuffix("%"))
        yield Observation(row["Model"], "bfcl.overall", accuracy, vintage=vintage)
        yield from _more(row, vintage)


def _more(row: dict[str, str], vintage: str) -> Parsed:
    for field, column in FACTS.items():
        if row[column] not in ("", "Proprietary"):
            yield ModelFact(row["Model"], field, row[column])
    for metric, column in BESIDE.items():
        if vintage and row[column] not in ("", "N/A"):
            yield Observation(row["Model"], metric, Decimal(row[column]), vintage=vintage)


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="BFCL",
    urls=(PAGE,),
    licence="Apache-2.0",
    credit="Berkeley Function-Calling Leaderboard, Apache-2.0",
    authority=True,
    history=(History("cdx", (PAGE,)),),
)
