"""LMArena's official leaderboard dataset: ratings from people's blind votes.

What: rating with 95 % interval and votes of each model in each category, with and without style control (two
configs, so two metrics). Organisation and licence are the board's own words. Whose: LMArena. Licence: CC BY
4.0; figures may be published; credit "LMArena leaderboard dataset, CC BY 4.0". Changes: a few times a week.
Shape: recorded, in 2025 and 2026; the dataset viewer is documented.
"""

import re
from decimal import Decimal
from typing import Any

from tracker.boards import exact
from tracker.datasets import config_of, following, page_of, parquet_of, rows_of
from tracker.domain import Kind, ModelFact, Observation
from tracker.repositories import Facts, Pages
from tracker.source import History, Parsed, Payload, Source, midnight

DATASET = "lmarena-ai/leaderboard-dataset"
FAMILIES = {"text": "text", "text_style_control": "style"}
TASKS = ("instruction_following", "hard_prompts", "math", "coding")
CATEGORIES = ("overall", "multi_turn", "creative_writing", *TASKS)
FACTS = {"organization": "organisation", "license": "licence"}
INTERVAL = re.compile(r"\+?([\d.]+)/-?([\d.]+)")


def parse(payload: Payload) -> Parsed:
    """Yield the ratings of one page, and where the next one is."""
    family = FAMILIES[config_of(payload)]
    for row in rows_of(payload):
        if row["category"] in CATEGORIES:
            yield from _row(family, row)
    yield from following(payload)


def _row(family: str, row: dict[str, Any]) -> Parsed:
    subject, category, at = row["model_name"], row["category"], midnight(row["leaderboard_publish_date"])
    low, high = exact(row["rating_lower"]), exact(row["rating_upper"])
    votes = None if row["vote_count"] is None else int(row["vote_count"])
    metric = f"lmarena.{family}.{category}"
    yield Observation(subject, metric, Decimal(row["rating"]), low=low, high=high, n=votes, at=at)
    for column, field in FACTS.items():
        if (family, category) == ("text", "overall") and row[column]:  # the configs spell them differently
            yield ModelFact(subject, field, row[column], at=at)


def _table(pages: list[Payload]) -> Parsed:
    """The board's overall table, as a public repository kept it from 2024 to 2025 under changing names."""
    for row in pages[-1].rows():
        subject, rating = row["model"], Decimal(row.get("arena_score") or row["arena_elo"])
        ends = INTERVAL.fullmatch(row["95_pct_ci"] or "")
        low, high = (rating - Decimal(ends[2]), rating + Decimal(ends[1])) if ends else (None, None)
        votes = int(row["votes"]) if row["votes"] else None
        yield Observation(subject, "lmarena.text.overall", rating, low=low, high=high, n=votes)


def _facts(pages: list[Payload]) -> Facts:
    """What the newest table says of each model, in the board's words."""
    said = (
        (row["model"], [(field, row[column]) for column, field in FACTS.items()]) for row in pages[-1].rows()
    )
    return {subject: tuple(pair for pair in fields if pair[1]) for subject, fields in said}


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="LMArena",
    urls=tuple(page_of(DATASET, config, "category", CATEGORIES) for config in FAMILIES),
    licence="CC BY 4.0",
    credit="LMArena leaderboard dataset, CC BY 4.0",
    authority=True,
    history=(
        History(
            "rows",
            tuple(page_of(DATASET, config, "category", CATEGORIES, "full") for config in FAMILIES),
            dated="leaderboard_publish_date",
            files=tuple(parquet_of(DATASET, config, "full") for config in FAMILIES),
            only=("category", CATEGORIES),
        ),
        History(
            "git",
            ("https://github.com/fboulnois/llm-leaderboard-csv",),
            paths=("csv/lmsys.csv", "csv/lmarena_text.csv"),
            tree=lambda: Pages(_table, facts=_facts),
        ),
    ),
)
