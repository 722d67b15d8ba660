"""LMArena's official leaderboard dataset: ratings from people's blind votes.

What: rating with 95 % interval and votes of each model in each category, with and without style control
(two configs, so two metrics). Organisation and licence are the board's own words.
Whose: LMArena. Licence: CC BY 4.0; figures may be published; credit "LMArena leaderboard dataset, CC BY 4.0".
Changes: a few times a week. Shape: the documented `/filter` of Hugging Face's dataset viewer (at most 100
rows a page, `num_rows_total`) and recorded payloads of 2025 and 2026.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tracker.domain import Follow, Kind, ModelFact, Observation
from tracker.source import Parsed, Payload, Source

SERVER = "https://datasets-server.huggingface.co/filter"
FAMILIES = {"text": "text", "text_style_control": "style"}
CATEGORIES = (
    "overall",
    "multi_turn",
    "creative_writing",
    "instruction_following",
    "hard_prompts",
    "math",
    "coding",
)
LENGTH = 100


def _page(config: str, offset: int) -> str:
    where = " OR ".join(f"\"category\"='{category}'" for category in CATEGORIES)
    asked = {"dataset": "lmarena-ai/leaderboard-dataset", "config": config, "split": "latest"}
    return f"{SERVER}?{urlencode({**asked, 'where': where, 'offset': offset, 'length': LENGTH})}"


def parse(payload: Payload) -> Parsed:
    """Yield the ratings of one page, and where the next one is."""
    asked = parse_qs(urlsplit(payload.url).query)
    config, offset = asked["config"][0], int(asked["offset"][0])
    page = payload.json()
    for row in (listed["row"] for listed in page["rows"]):
        if row["category"] in CATEGORIES:
            yield from _row(FAMILIES[config], row)
    if page["rows"] and offset + LENGTH < page["num_rows_total"]:
        yield Follow(_page(config, offset + LENGTH))


def _row(family: str, row: dict[str, Any]) -> Iterator[Observation | ModelFact]:
    subject, category = row["model_name"], row["category"]
    at = datetime.strptime(row["leaderboard_publish_date"], "%Y-%m-%d").replace(tzinfo=UTC)
    yield Observation(
        subject,
        f"lmarena.{family}.{category}",
        Decimal(row["rating"]),
        low=_figure(row["rating_lower"]),
        high=_figure(row["rating_upper"]),
        n=None if row["vote_count"] is None else int(row["vote_count"]),
        at=at,
    )
    for field, column in (("organisation", "organization"), ("licence", "license")):
        if (family, category) == ("text", "overall") and row[column]:  # the configs spell them differently
            yield ModelFact(subject, field, row[column], at=at)


def _figure(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="LMArena",
    urls=tuple(_page(config, 0) for config in FAMILIES),
    licence="CC BY 4.0",
    credit="LMArena leaderboard dataset, CC BY 4.0",
    authority=True,
)
