"""LiveBench: objective questions in seven categories, renewed with each release.

What: a model's category average is the mean of its scores in the category's tasks, as on the site; a model
that misses a task has none here. A release is a vintage: scores are comparable within it only.
Whose: the LiveBench team, sponsored by Abacus.AI. Licence of the tables: none stated, so the figures are for
one's own use and are not published. Credit: "LiveBench (livebench.ai)".
Changes: models are added weekly, a release comes every few months. Two files make one table. The site names
its releases only inside its script, so the release is pinned here: 2026-01-08, the newest of which both files
are known; a later one needs RELEASE alone. Shape: recorded payloads of 2024 to 2026.
"""

import re
from decimal import Decimal
from typing import Any

from tracker.domain import Kind, Observation
from tracker.errors import ParseError
from tracker.source import Parsed, Payload, Source

RELEASE = "2026_01_08"
CATEGORIES = ("reasoning", "mathematics", "coding", "agentic_coding", "data_analysis", "language", "if")


def parse(payload: Payload) -> Parsed:
    """Yield nothing for the list of categories, and the averages for the table that follows it."""
    release = re.search(r"table_(\d{4})_(\d\d)_(\d\d)\.csv", payload.url)
    if not release:
        payload.json()
        return
    vintage = "-".join(release.groups())
    categories = payload.earlier[-1].json()
    averages = [
        Observation(row["model"], f"livebench.{category}", average, vintage=vintage)
        for row in payload.rows()
        for title, tasks in categories.items()
        if (category := title.lower().replace(" ", "_")) in CATEGORIES
        if (average := _average(row, tasks)) is not None
    ]
    if not averages:
        raise ParseError(f"{payload.url} has no score for any category of {payload.earlier[-1].url}")
    yield from averages


def _average(row: dict[str, Any], tasks: list[str]) -> Decimal | None:
    """The mean to three decimals, as the scores are given; None where a task has no score."""
    scores = [row.get(task) or "" for task in tasks]
    if not all(re.fullmatch(r"-?\d+(\.\d+)?", score) for score in scores):
        return None
    return round(sum(map(Decimal, scores), Decimal()) / len(scores), 3)


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="LiveBench",
    urls=(f"https://livebench.ai/categories_{RELEASE}.json", f"https://livebench.ai/table_{RELEASE}.csv"),
    licence="none stated",
    credit="LiveBench (livebench.ai)",
    publishable=False,
)
