"""Price lists as vendors write them: measures, conditions and days in cells, and columns that moved."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tracker.collect.parse import read
from tracker.collect.registry import find
from tracker.conditions import band, stated
from tracker.domain import Unread
from tracker.errors import ParseError
from tracker.pricelist import amounts, measure, priced
from tracker.source import Payload

PAYLOADS = Path(__file__).parent / "payloads"
SOURCES = find().sources
PARTS = {
    "Input": "input",
    "Cached input": "cache_read",
    "1h writes": "cache_write, cache 1h",
    "Output": "output",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$0.15 input$0.60 output", [("0.15", "input"), ("0.60", "output")]),
        ("$0.027 per M input tokens $0.2 per step", [("0.027", "per M input tokens"), ("0.2", "per step")]),
        ("$3.00 / $0.30 / $15.00", [("3.00", "/"), ("0.30", "/"), ("15.00", "")]),
        ("contact sales", []),
    ],
)
def test_amounts_keep_the_words_that_follow_them(text: str, expected: list[tuple[str, str]]) -> None:
    assert amounts(text) == [(Decimal(price), words) for price, words in expected]


@pytest.mark.parametrize(
    ("words", "metric"),
    [
        ("", "price."),
        ("/ MTok", "price."),
        ("/Mt", "price."),
        ("/ 1M tokens", "price."),
        ("per 1M", "price."),
        ("per M cached input tokens", "price."),
        ("per audio min", "sold.minute"),
        ("/ hr", "sold.hour"),
        ("per image", "sold.image"),
        ("/ request", "sold.request"),
        ("per 1M chars", "sold.characters"),
        ("per 1K tokens", ""),
        ("/ token", ""),
        ("/1000 Pages", ""),
        ("per 1,000 calls", ""),
        ("/ second", ""),
        ("per 1K/2K image", ""),
    ],
)
def test_by_what_an_amount_sells(words: str, metric: str) -> None:
    assert measure(words) == metric


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            {"Input": "$1", "Cached input": "-", "Output": "$2"},
            [("price.input", "1", "batch"), ("price.output", "2", "batch")],
            id="a dash is no price",
        ),
        pytest.param(
            {"INPUT": "$1", "1h Writes": "$2"},
            [("price.input", "1", "batch"), ("price.cache_write", "2", "batch, cache 1h")],
            id="a column with a condition of its own, and one missing",
        ),
        pytest.param(
            {"Input": "Free", "Output": "$0"},
            [("price.input", "0", "free, batch"), ("price.output", "0", "free, batch")],
            id="nothing costs anything",
        ),
        pytest.param(
            {"Input": "$1", "Cached input": "Free", "Output": "$2"},
            [
                ("price.input", "1", "batch"),
                ("price.cache_read", "0", "batch"),
                ("price.output", "2", "batch"),
            ],
            id="only reading the cache is free",
        ),
        pytest.param(
            {"Input": "$0 /M Chars", "Output": "$16 /M Chars"},
            [("sold.characters", "16", "batch")],
            id="sold by another measure",
        ),
        pytest.param(
            {"Input": "from $0.20*", "Cached input": "$0.0003 /Min", "Output": "$4 /1000 Pages"},
            ["Input", "Cached input", "Output"],
            id="what is no plain price is told",
        ),
    ],
)
def test_the_prices_of_a_row(row: dict[str, str], expected: list[object]) -> None:
    found = [
        record.what.split(", ")[1].split(":")[0]
        if isinstance(record, Unread)
        else (record.metric, str(record.value), record.condition)
        for record in priced("a", row, PARTS, "b", "batch")
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("(≥ 200k prompt tokens)", "over 200k"),
        ("> 512k input tokens*", "over 512k"),
        ("prompts over 1M", "over 1000k"),
        ("(< 200k prompt tokens)", ""),
        ("≤ 512k input tokens", ""),
        ("(limited availability)", ""),
    ],
)
def test_the_band_of_prompts_that_words_name(text: str, condition: str) -> None:
    assert band(text) == condition


@pytest.mark.parametrize(
    ("text", "condition", "days"),
    [
        ("through August 31, 2026", "", {"effective_to": date(2026, 8, 31)}),
        ("through Aug 1, 2026", "until 2026-08-01", {"effective_to": date(2026, 8, 1)}),
        ("starting September 1, 2026.", "from 2026-09-01", {"effective_from": date(2026, 9, 1)}),
        ("(text) starting July 1, 2026", "", {"effective_from": date(2026, 7, 1)}),
        ("prompts > 200k", "", {}),
        ("through February 31, 2026", "", {}),
    ],
)
def test_the_days_that_words_name(text: str, condition: str, days: dict[str, date]) -> None:
    assert stated(text, date(2026, 8, 20)) == (condition, days)


# A heading of each page without which its prices cannot be told.
NEEDED = [
    ("anthropic_prices", "Cache Hits & Refreshes"),
    ("baseten_prices", "Cache Input"),
    ("cerebras_prices", "completion"),
    ("cloudflare_prices", "Price in Tokens"),
    ("cohere_prices", "_type"),
    ("deepseek_prices", "TOKENS"),
    ("fireworks_prices", "Priority"),
    ("google_prices", "Paid Tier"),
    ("groq_prices", "PRICE PER 1M TOKENS"),
    ("minimax_prices", "Prompt caching Read"),
    ("mistral_prices", "Cached input"),
    ("moonshot_prices", "Output Price"),
    ("novita_prices", "Output"),
    ("openai_prices", "utput"),
    ("sambanova_prices", "Output (per 1M tokens)"),
    ("together_prices", "API model string"),
    ("xai_prices", "Cached input / 1M tokens"),
    ("zai_prices", "Output"),
]


@pytest.mark.parametrize(("source", "heading"), NEEDED)
def test_a_page_without_a_column_that_is_needed_is_an_error(source: str, heading: str) -> None:
    case = max((PAYLOADS / source).glob("*.pages.json"))
    ((name, url),) = json.loads(case.read_text())["pages"].items()
    body = (case.parent / name).read_bytes().replace(heading.encode(), b"Something else")
    with pytest.raises(ParseError, match=source):
        read(SOURCES[source], Payload(url, body, datetime(2026, 10, 1, tzinfo=UTC)))
