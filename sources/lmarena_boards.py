"""LMArena's further votes, of its official dataset: languages, experts' prompts, and the other arenas.

What: rating with 95 % interval and votes of each model: on prompts that are not English and in eight
languages, on experts' prompts, with pictures (vision), on building web pages (webdev), with web search, and
on documents. Of agents it is what the board calls "net improvement", a share that may be negative, here in
hundredths, with the number of sessions. Each row names one model. Licences and organisations are told by the
source "lmarena", and here of products with search, which it does not list. Left out, since they measure no
task honestly: `longer_query` (prompts that are merely not short) and `text_factuality` (mostly preference).
Whose: LMArena. Licence: CC BY 4.0, of the dataset alone: the site forbids reading its pages by machine.
Figures may be published; credit "LMArena leaderboard dataset, CC BY 4.0".
Changes: a few times a week. Shape: not recorded. The documented `/filter` of Hugging Face's dataset viewer,
as for "lmarena"; configs, categories and the agents' columns from public code that reads them in autumn 2026.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tracker.domain import Follow, Kind, ModelFact, Observation
from tracker.source import Parsed, Payload, Source

SERVER = "https://datasets-server.huggingface.co/filter"
LANGUAGES = ("chinese", "french", "german", "japanese", "korean", "polish", "russian", "spanish")
CONFIGS = {
    "vision": ("overall", "ocr", "diagram"),
    "webdev": ("overall",),
    "search": ("overall",),
    "document": ("overall",),
    "agent": ("overall",),
    "text": ("non_english", *LANGUAGES, "expert"),
}
RATING = ("rating", "rating_lower", "rating_upper", "vote_count")
SCORE = ("score", "score_ci_lower", "score_ci_upper", "session_count")
LENGTH = 100


def _page(config: str, offset: int) -> str:
    where = " OR ".join(f"\"category\"='{category}'" for category in CONFIGS[config])
    asked = {"dataset": "lmarena-ai/leaderboard-dataset", "config": config, "split": "latest", "where": where}
    return f"{SERVER}?{urlencode({**asked, 'offset': offset, 'length': LENGTH})}"


def parse(payload: Payload) -> Parsed:
    """Yield the ratings of one page, and where the next one is."""
    asked = parse_qs(urlsplit(payload.url).query)
    config, offset = asked["config"][0], int(asked["offset"][0])
    page = payload.json()
    for row in (listed["row"] for listed in page["rows"]):
        if row["category"] in CONFIGS[config]:
            yield _row(config, row)
            yield from _facts(row) if config == "search" else ()  # products that no other board lists
    if page["rows"] and offset + LENGTH < page["num_rows_total"]:
        yield Follow(_page(config, offset + LENGTH))


def _row(config: str, row: dict[str, Any]) -> Observation:
    (value, lower, upper, count), factor = (SCORE, 100) if config == "agent" else (RATING, 1)
    low, high = (None if row[end] is None else Decimal(row[end]) * factor for end in (lower, upper))
    return Observation(
        row["model_name"],
        f"lmarena.{config}.{row['category']}",
        Decimal(row[value]) * factor,
        low=low,
        high=high,
        n=None if row[count] is None else int(row[count]),
        at=datetime.strptime(row["leaderboard_publish_date"], "%Y-%m-%d").replace(tzinfo=UTC),
    )


def _facts(row: dict[str, Any]) -> Iterator[ModelFact]:
    at = datetime.strptime(row["leaderboard_publish_date"], "%Y-%m-%d").replace(tzinfo=UTC)
    for field, column in (("organisation", "organization"), ("licence", "license")):
        if row[column]:
            yield ModelFact(row["model_name"], field, row[column], at=at)


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="LMArena, further boards",
    urls=tuple(_page(config, 0) for config in CONFIGS),
    licence="CC BY 4.0",
    credit="LMArena leaderboard dataset, CC BY 4.0",
    cadence=timedelta(hours=24),
    authority=True,
    documented=(
        "num_rows_total",
        "rows[].row.model_name",
        "rows[].row.category",
        "rows[].row.leaderboard_publish_date",
        "rows[].row.organization",
        "rows[].row.license",
        *(f"rows[].row.{name}" for name in (*RATING, *SCORE)),
    ),
)
