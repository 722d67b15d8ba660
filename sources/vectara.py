"""Vectara's hallucination leaderboard: how often a summary says what its document does not.

What: the share of summaries that Vectara's judge model finds unfaithful (less is better), over as many
documents as the page says, and how many a model summarised at all. A row may register a model. Whose:
Vectara, Inc. Licence: Apache-2.0; figures may be published; credit "Vectara hallucination leaderboard,
Apache-2.0". Changes: weekly. Shape: recorded, January 2024 to March 2026.
"""

import re

from tracker.boards import share
from tracker.domain import Kind, Observation, Unread
from tracker.errors import ParseError
from tracker.repositories import github_file
from tracker.source import Parsed, Payload, Source
from tracker.tables import markdown_tables, rows_with

METRICS = {"Hallucination Rate": "vectara.hallucination", "Answer Rate": "vectara.answers"}
VINTAGES = {"": "", "2.1": "2024-08-05", "2.3": "2025-11-18"}  # of the judge; a later one begins the next
JUDGE = re.compile(r"\bHHEM-(\d+\.\d+)")
DOCUMENTS = re.compile(r"only (\d+) documents? were summarized|over (\d+) articles")


def parse(payload: Payload) -> Parsed:
    """Yield the rate of hallucinations and of answers of each model."""
    text = payload.text()
    judge = max(JUDGE.findall(text), default="")
    vintage = VINTAGES.get(judge, f"{max(VINTAGES.values())} HHEM-{judge}")
    counted = DOCUMENTS.search(text)
    if not counted:
        raise ParseError(f"{payload.url} tells no number of documents")
    counts = {"Hallucination Rate": int(counted[1] or counted[2])}
    for row in rows_with(markdown_tables(text), "Model", *METRICS):
        for column, metric in METRICS.items():
            if (value := share(row[column])) is not None:
                yield Observation(row["Model"], metric, value, vintage=vintage, n=counts.get(column))
            else:
                yield Unread(f"{row['Model']}: {column} {row[column]!r}")


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="Vectara hallucination leaderboard",
    **github_file("vectara/hallucination-leaderboard", "README.md"),
    licence="Apache-2.0",
    credit="Vectara hallucination leaderboard, Apache-2.0",
    authority=True,
)
