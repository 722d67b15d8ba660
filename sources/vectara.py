"""Vectara's hallucination leaderboard: how often a summary says what its document does not.

What: the share of summaries that Vectara's judge model HHEM finds unfaithful (less is better), over as many
documents as the page says, and how many documents a model summarised at all. The factual consistency is 100
less the first and is not read. Another judge makes another scale, so it is the vintage: HHEM-2.1 since August
2024, HHEM-2.3 with new, longer documents since 18 November 2025; a later one begins the next by itself. The
newest that is named counts.
Whose: Vectara, Inc. Licence: Apache-2.0; figures may be published. Credit: "Vectara hallucination
leaderboard, Apache-2.0". A row may register a model, though names changed from week to week until 2025.
Changes: weekly. Shape: recorded payloads of January 2024 to March 2026.
"""

import re
from decimal import Decimal

from tracker.domain import Kind, Observation, Unread
from tracker.errors import ParseError
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import markdown_tables

RATE, ANSWERS = "Hallucination Rate", "Answer Rate"
VINTAGES = {"": "", "2.1": "2024-08-05", "2.3": "2025-11-18"}
JUDGE = re.compile(r"\bHHEM-(\d+\.\d+)")
DOCUMENTS = re.compile(r"only (\d+) documents? were summarized|over (\d+) articles")
SHARE = re.compile(r"(\d+(?:\.\d+)?)\s?%?")


def parse(payload: Payload) -> Parsed:
    """Yield the rate of hallucinations and of answers of each model."""
    text = payload.text()
    judge = max(JUDGE.findall(text), default="")
    vintage = VINTAGES.get(judge, f"{max(VINTAGES.values())} HHEM-{judge}")
    counted = DOCUMENTS.search(text)
    tables = [table for table in markdown_tables(text) if table.has("Model", RATE, ANSWERS)]
    if not tables or not counted:
        raise ParseError(f"{payload.url} has no table of {RATE} and {ANSWERS}, or no number of documents")
    documents = int(counted[1] or counted[2])
    for row in (row for table in tables for row in table.rows):
        for column, metric, n in ((RATE, "hallucination", documents), (ANSWERS, "answers", None)):
            if share := SHARE.fullmatch(row[column]):
                yield Observation(row["Model"], f"vectara.{metric}", Decimal(share[1]), vintage=vintage, n=n)
            else:
                yield Unread(f"{row['Model']}: {column} {row[column]!r}")


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="Vectara hallucination leaderboard",
    urls=("https://raw.githubusercontent.com/vectara/hallucination-leaderboard/main/README.md",),
    licence="Apache-2.0",
    credit="Vectara hallucination leaderboard, Apache-2.0",
    authority=True,
    history=(
        History("git", ("https://github.com/vectara/hallucination-leaderboard",), paths=("README.md",)),
    ),
)
