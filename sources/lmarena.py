"""LMArena's official leaderboard dataset: ratings from people's blind votes.

What: rating with 95 % interval and votes of each model in each category, with and without style control
(two configs, so two metrics). Organisation and licence are the board's own words.
Whose: LMArena. Licence: CC BY 4.0; figures may be published; credit "LMArena leaderboard dataset, CC BY 4.0".
Changes: a few times a week. Shape: the documented `/filter` of Hugging Face's dataset viewer (at most 100
rows a page, `num_rows_total`) and recorded payloads of 2025 and 2026.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tracker.domain import Follow, Kind, ModelFact, Observation
from tracker.source import History, Parsed, Payload, Source

DATASET = "lmarena-ai/leaderboard-dataset"
SERVER = "https://datasets-server.huggingface.co/filter"
PARQUET = f"https://huggingface.co/datasets/{DATASET}/resolve/refs%2Fconvert%2Fparquet"
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
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # the engine knows when a commit was
INTERVAL = re.compile(r"\+?([\d.]+)/-?([\d.]+)")
RATINGS = "the ratings"
FACTS = {"organization": "organisation", "license": "licence"}
DATED = "leaderboard_publish_date"


def _page(config: str, offset: int, split: str = "latest") -> str:
    where = " OR ".join(f"\"category\"='{category}'" for category in CATEGORIES)
    asked = {"dataset": DATASET, "config": config, "split": split, "where": where}
    return f"{SERVER}?{urlencode({**asked, 'offset': offset, 'length': LENGTH})}"


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
    for column, field in FACTS.items():
        if (family, category) == ("text", "overall") and row[column]:  # the configs spell them differently
            yield ModelFact(subject, field, row[column], at=at)


def _figure(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


class Tables:
    """The board's overall table, as a public repository kept it from 2024 to 2025 under changing names.

    One part is its ratings; what it says of each model is one of its own, since that hardly ever changes.
    """

    def __init__(self) -> None:
        self._tables: dict[str, list[dict[str, str]]] = {}
        self._facts: dict[str, tuple[str | None, ...]] = {}

    def change(self, path: str, body: bytes | None) -> Iterable[str]:
        """Take in a table; the newest name counts."""
        self._tables.pop(path, None)
        if body is not None:
            self._tables[path] = Payload(path, body, UNDATED).rows()
        before, first = self._facts, reversed(self._rows())
        self._facts = {row["model"]: tuple(map(row.get, FACTS)) for row in first if row.get("model")}
        return (RATINGS, *sorted({model for model, _ in before.items() ^ self._facts.items()}))

    def read(self, part: str) -> Iterable[Observation | ModelFact]:
        """Rating, interval and votes of each row; or a model's organisation and licence in its words."""
        if part != RATINGS:
            said = zip(FACTS.values(), self._facts.get(part, ()), strict=False)
            yield from (ModelFact(part, field, value) for field, value in said if value)
            return
        for row in self._rows():
            subject, rating = row["model"], Decimal(row.get("arena_score") or row["arena_elo"])
            ends = INTERVAL.fullmatch(row["95_pct_ci"] or "")
            low, high = (rating - Decimal(ends[2]), rating + Decimal(ends[1])) if ends else (None, None)
            votes = int(row["votes"]) if row["votes"] else None
            yield Observation(subject, "lmarena.text.overall", rating, low=low, high=high, n=votes)

    def _rows(self) -> list[dict[str, str]]:
        return list(self._tables.values())[-1] if self._tables else []


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="LMArena",
    urls=tuple(_page(config, 0) for config in FAMILIES),
    licence="CC BY 4.0",
    credit="LMArena leaderboard dataset, CC BY 4.0",
    authority=True,
    history=(
        History(
            "rows",
            tuple(_page(config, 0, "full") for config in FAMILIES),
            dated=DATED,
            files=tuple(f"{PARQUET}/{config}/full/0000.parquet" for config in FAMILIES),
            only=("category", CATEGORIES),
        ),
        History(
            "git",
            ("https://github.com/fboulnois/llm-leaderboard-csv",),
            paths=("csv/lmsys.csv", "csv/lmarena_text.csv"),
            tree=Tables,
        ),
    ),
)
