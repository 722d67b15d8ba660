"""Vectara's hallucination leaderboard: how often a summary says what its document does not.

What: the share of summaries that Vectara's judge model HHEM finds unfaithful (less is better), over as many
documents as the page says, and how many documents a model summarised at all. Another judge makes another
scale, so the newest that is named is the vintage. A row may register a model, though names changed from week
to week until 2025. Whose: Vectara, Inc. Licence: Apache-2.0; figures may be published; credit "Vectara
hallucination leaderboard, Apache-2.0". Changes: weekly. Shape: recorded, January 2024 to March 2026.
"""

import re

from tracker.boards import share
from tracker.domain import Kind, Observation, Unread
from tracker.errors import ParseError
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import markdown_tables, rows_with

REPOSITORY = "https://github.com/vectara/hallucination-leaderboard"
RATE, ANSWERS = "Hallucination Rate", "Answer Rate"
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
    documents = int(counted[1] or counted[2])
    for row in rows_with(markdown_tables(text), "Model", RATE, ANSWERS):
        for column, metric, n in ((RATE, "hallucination", documents), (ANSWERS, "answers", None)):
            if (value := share(row[column])) is not None:
                yield Observation(row["Model"], f"vectara.{metric}", value, vintage=vintage, n=n)
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
    history=(History("git", (REPOSITORY,), paths=("README.md",)),),
)
