"""LMArena's further votes, of its official dataset: languages, experts' prompts, and the other arenas.

What: rating with 95 % interval and votes of each model: on prompts that are not English and in eight
languages, on experts' prompts, with pictures (vision), on building web pages (webdev), with web search, and
on documents. Of agents it is what the board calls "net improvement", a share that may be negative, here in
hundredths, with the number of sessions. Licences and organisations are told by the source "lmarena", and here
of products with search, which it does not list. Left out, since they measure no task honestly: `longer_query`
(prompts that are merely not short) and `text_factuality` (mostly preference). Whose: LMArena. Licence: CC BY
4.0, of the dataset alone; figures may be published; credit "LMArena leaderboard dataset, CC BY 4.0". Changes:
a few times a week. Shape: documented, as for "lmarena", and by public code of autumn 2026.
"""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from tracker.boards import exact
from tracker.datasets import config_of, following, page_of, rows_of
from tracker.domain import Kind, ModelFact, Observation
from tracker.source import Parsed, Payload, Source, midnight

DATASET = "lmarena-ai/leaderboard-dataset"
LANGUAGES = ("chinese", "french", "german", "japanese", "korean", "polish", "russian", "spanish")
CONFIGS = {
    "vision": ("overall", "ocr", "diagram"),
    **dict.fromkeys(("webdev", "search", "document", "agent"), ("overall",)),
    "text": ("non_english", *LANGUAGES, "expert"),
}
RATING = ("rating", "rating_lower", "rating_upper", "vote_count")
SCORE = ("score", "score_ci_lower", "score_ci_upper", "session_count")
FACTS = {"organization": "organisation", "license": "licence"}
SHARED = ("model_name", "category", "leaderboard_publish_date", *FACTS)


def parse(payload: Payload) -> Parsed:
    """Yield the ratings of one page, and where the next one is."""
    config = config_of(payload)
    for row in rows_of(payload):
        if row["category"] in CONFIGS[config]:
            yield from _row(config, row)
    yield from following(payload)


def _row(config: str, row: dict[str, Any]) -> Parsed:
    (value, lower, upper, count), factor = (SCORE, 100) if config == "agent" else (RATING, 1)
    subject, at = row["model_name"], midnight(row["leaderboard_publish_date"])
    low, high = exact(row[lower], factor), exact(row[upper], factor)
    n = None if row[count] is None else int(row[count])
    metric = f"lmarena.{config}.{row['category']}"
    yield Observation(subject, metric, Decimal(row[value]) * factor, low=low, high=high, n=n, at=at)
    for column, field in FACTS.items() if config == "search" else ():
        if row[column]:
            yield ModelFact(subject, field, row[column], at=at)


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="LMArena, further boards",
    urls=tuple(page_of(DATASET, config, "category", categories) for config, categories in CONFIGS.items()),
    licence="CC BY 4.0",
    credit="LMArena leaderboard dataset, CC BY 4.0",
    cadence=timedelta(hours=24),
    authority=True,
    documented=("num_rows_total", *(f"rows[].row.{name}" for name in (*SHARED, *RATING, *SCORE))),
)
