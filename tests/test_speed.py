"""Serving speed: what is told of it, on a small real database; and the figures behind it."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from tests.support.database import BOARD, Built, at, fact, place, score
from tracker import conditions
from tracker.cli import cli
from tracker.conditions import condition, undated
from tracker.domain import Kind, Observation
from tracker.trends.speed import fresh, pace, percentile, throughput

ANALYST = place("analyst", Kind.SPEED, title="An Analyst")
BENCH = place("bench", Kind.SPEED, title="A Bench")
NOW = "2026-06-01"


def speed(
    subject: str, tokens: str, ttft: str, provider: str = "", terms: str = "p50", day: str = ""
) -> list[Observation]:
    """How fast a model is at a provider; "" for what was not measured."""
    when = at(day) if day else None
    said = (("speed.throughput", tokens), ("speed.ttft", ttft))
    return [Observation(subject, metric, Decimal(v), provider, terms, at=when) for metric, v in said if v]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An analyst that names no host, a bench of hosts in two places, and a bench that is two years old."""
    path = tmp_path_factory.mktemp("speed") / "gapwatch.db"
    old = place("old", Kind.SPEED, title="An Old Bench")
    kept = place("kept", Kind.SPEED, title="A Kept Bench")
    facts = [fact("gpt-4o", "licence", "Proprietary"), fact("deepseek-r1", "licence", "MIT")]
    with Built(path, (BOARD, ANALYST, BENCH, old, kept)) as built:
        built.captured(BOARD, "2026-05-01", [score("gpt-4o", "1365"), score("deepseek-r1", "1357"), *facts])
        built.captured(
            ANALYST, "2026-05-01", [*speed("gpt-4o", "100", "0.5"), *speed("deepseek-r1", "50", "2")]
        )
        built.captured(
            ANALYST,
            "2026-05-31",
            [*speed("gpt-4o", "120", "0.5"), *speed("deepseek-r1", "", "3"), *speed("unknown-1", "70", "1")],
        )
        hosts = [
            *speed("deepseek-r1", "300", "0.2", "groq", condition("best of 3", "measured in cdg")),
            *speed("deepseek-r1", "250.25", "0.1", "groq", condition("best of 3", "measured in sea")),
            *speed("deepseek-r1", "90", "0.4", "together", "p50"),
            *speed("deepseek-r1", "900", "4", "together", "p90"),
        ]
        built.captured(BENCH, "2026-05-30", hosts)
        built.captured(old, "2026-05-30", speed("gpt-4o", "999", "0.1", "azure", "p50", day="2024-05-03"))
        # Of another one the history is known, and its page, which is dated, still shows the same.
        built.captured(kept, "2024-05-03", speed("gpt-4o", "998", "0.1", "poe"))
        built.captured(kept, "2026-05-30", speed("gpt-4o", "998", "0.1", "poe", day="2024-05-03"))
    return path


def ask(db: Path, *words: str, now: str = NOW) -> Result:
    return CliRunner().invoke(cli, ["--db", str(db), "--now", now, "speed", *words], prog_name="gapwatch")


def answer(db: Path, *words: str) -> list[dict[str, Any]]:
    done = ask(db, *words, "--json")
    assert done.exit_code == 0, done.stderr
    rows: list[dict[str, Any]] = json.loads(done.stdout, parse_float=Decimal)
    return rows


def short(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    names = ("model", "provider", "tokens_per_second", "source")
    return [tuple(row[name] for name in names) for row in rows]


def test_the_fastest_of_each_model_at_each_provider_comes_first_and_places_stand_side_by_side(
    db: Path,
) -> None:
    """A tail speaks for no host, nor does a figure that nobody has measured for a month."""
    assert short(answer(db)) == [
        ("deepseek-r1", "groq", 300, "bench"),
        ("gpt-4o", None, 120, "analyst"),
        ("deepseek-r1", "together", 90, "bench"),
        ("unknown-1", None, 70, "analyst"),
        ("deepseek-r1", None, None, "analyst"),
    ]


def test_open_and_closed_stand_apart_in_the_table(db: Path) -> None:
    told = ask(db).stdout
    open_, closed, unknown = told.split("\n\n")
    headings = [table.partition("\n")[0] for table in (open_, closed, unknown)]
    assert headings == ["Open weights", "Closed", "Weights not known"]
    assert re.search(r"DeepSeek R1\s+Groq\s+300\.0\s+0\.20\s+bench", open_)
    assert re.search(r"GPT-4o\s+not named\s+120\.0\s+0\.50\s+analyst", closed)
    assert max(map(len, told.splitlines())) <= 80


def test_a_long_table_shows_the_first_of_each_kind_and_a_limit_shows_more(tmp_path: Path) -> None:
    with Built(tmp_path / "g.db", (ANALYST,)) as built:
        built.captured(
            ANALYST, "2026-05-31", [r for n in range(20) for r in speed(f"m-{n}", str(100 + n), "1")]
        )
    told = ask(tmp_path / "g.db").stdout.splitlines()
    assert (len(told), told[-1]) == (18, "5 more; --limit N shows them")
    assert len(ask(tmp_path / "g.db", "--limit", "18").stdout.splitlines()) == 20


def test_a_model_is_told_with_every_condition_and_however_old(db: Path) -> None:
    rows = answer(db, "DeepSeek R1")
    assert [row["condition"] for row in rows[:3]] == [
        "p90",
        "best of 3, measured in cdg",
        "best of 3, measured in sea",
    ]
    (old,) = [row for row in answer(db, "gpt-4o") if row["source"] == "old"]
    assert (old["measured"][:10], old["observed"][:10]) == ("2024-05-03", "2026-05-30")
    assert "2024-05-03" in ask(db, "gpt-4o").stdout


def test_json_has_what_scripts_rely_on(db: Path) -> None:
    promised = "model provider tokens_per_second ttft_seconds percentile observed source"
    for row in answer(db, "deepseek-r1"):
        assert set(promised.split()) <= row.keys()
    (row,) = [
        row
        for row in answer(db, "deepseek-r1")
        if row["provider"] == "together" and row["percentile"] == "p50"
    ]
    assert (row["tokens_per_second"], row["ttft_seconds"], row["weights"]) == (90, Decimal("0.4"), "open")
    assert all(re.fullmatch(r"p\d+", point) for point in row["evidence"])
    assert '"tokens_per_second": 250.25,' in ask(db, "deepseek-r1", "--json").stdout
    (first, *_) = csv.DictReader(io.StringIO(ask(db, "--csv").stdout))
    assert (first["provider"], first["tokens_per_second"]) == ("groq", "300")


ASKED: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {
    "at one provider": (["--provider", "Groq"], [("deepseek-r1", "groq", 300, "bench")]),
    "at most one": (["--limit", "1"], [("deepseek-r1", "groq", 300, "bench")]),
    "as it was known": (
        ["--on", "2026-05-15"],
        [("gpt-4o", None, 100, "analyst"), ("deepseek-r1", None, 50, "analyst")],
    ),
    "as a history": (
        ["gpt-4o", "--since", "2026-04-01"],
        [
            ("gpt-4o", None, 100, "analyst"),
            ("gpt-4o", None, 120, "analyst"),
            ("gpt-4o", "azure", 999, "old"),
            ("gpt-4o", "poe", 998, "kept"),
        ],
    ),
    "as a history up to a day": (
        ["gpt-4o", "--since", "2026-04-01", "--until", "2026-05-15"],
        [("gpt-4o", None, 100, "analyst"), ("gpt-4o", "poe", 998, "kept")],
    ),
    "as a history from a day on": (
        ["gpt-4o", "--since", "2026-05-31T13:00:00Z", "--limit", "1"],
        [("gpt-4o", None, 120, "analyst")],
    ),
}


@pytest.mark.parametrize(("words", "rows"), ASKED.values(), ids=ASKED.keys())
def test_what_is_asked_for(db: Path, words: list[str], rows: list[tuple[Any, ...]]) -> None:
    assert short(answer(db, *words)) == rows


def test_a_history_says_from_when_to_when(db: Path) -> None:
    first, second, *_ = answer(db, "gpt-4o", "--since", "2026-04-01")
    assert (first["observed"][:10], first["until"][:10]) == ("2026-05-01", "2026-05-31")
    assert (second["until"], second["last_seen"][:10]) == (None, "2026-05-31")
    assert re.search(
        r"not named\s+p50\s+100\.0\s+0\.50\s+2026-05-01\s+2026-05-31",
        ask(db, "gpt-4o", "--since", "60d").stdout,
    )


CODES = {
    "a model that is not there": (["no-such-model"], 4, "no such model"),
    "a provider that is not there": (["--provider", "groqq"], 2, "did you mean groq"),
    "a provider of which nothing is known": (["--provider", "mistral"], 4, "no speed at mistral is known"),
    "only old figures": (["--provider", "azure"], 4, "the last was measured on 2024-05-03, see --since"),
    "old figures on a page of today": (["--provider", "poe"], 4, "was measured on 2024-05-03, see --since"),
    "a time before everything": (["gpt-4o", "--on", "2024-04-01"], 4, "no speed of gpt-4o is known"),
}


@pytest.mark.parametrize(("words", "code", "said"), CODES.values(), ids=CODES.keys())
def test_exit_codes(db: Path, words: list[str], code: int, said: str) -> None:
    done = ask(db, *words)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_speeds_do_not_make_a_model_scored_nor_a_spelling_ranked(db: Path) -> None:
    runner = CliRunner()
    models = json.loads(
        runner.invoke(cli, ["--db", str(db), "--now", NOW, "models", "gpt-4o", "--json"]).stdout
    )
    assert models[0]["scored"] == ["lmarena.text.overall"]
    words = ["--db", str(db), "--now", NOW, "models", "--unresolved", "--json"]
    assert [row["rank"] for row in json.loads(runner.invoke(cli, words).stdout)] == [None]


# Conditions


WORDS = {
    "a percentile comes first": (("region eu", "p50"), "p50, region eu"),
    "where it is served before where it is measured": (
        ("measured in cdg", "region eastus2", "best of 3"),
        "best of 3, region eastus2, measured in cdg",
    ),
}


@pytest.mark.parametrize(("parts", "whole"), WORDS.values(), ids=WORDS.keys())
def test_conditions_of_speeds_have_one_order(parts: tuple[str, ...], whole: str) -> None:
    assert condition(*parts) == condition(*reversed(parts)) == whole
    assert undated(whole) == whole


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("p50", "p50"),
        ("p90, region eu", "p90"),
        ("best of 3", None),
        ("", None),
        ("p5000", None),
        ("top p50", None),
    ],
)
def test_the_percentile_of_a_condition(text: str, found: str | None) -> None:
    assert conditions.percentile(text) == found


# The figures


@pytest.mark.parametrize(
    ("tokens", "first", "last", "expected"),
    [(11, 1.0, 2.0, 10.0), (2, 0.0, 0.5, 2.0), (1, 1.0, 2.0, None), (0, 0.0, 1.0, None), (9, 1.0, 1.0, None)],
    ids=["ten after the first", "one after the first", "one token", "none", "all at once"],
)
def test_throughput_leaves_the_first_token_out(
    tokens: int, first: float, last: float, expected: float | None
) -> None:
    assert throughput(tokens, first, last) == expected


RANKS = {"of five": ([3, 1, 2, 5, 4], 50, 3), "the tail": ([3, 1, 2, 5, 4], 90, 5), "of one": ([7], 90, 7)}
RANKS |= {"of an even number the lower": ([1, 2, 3, 4], 50, 2), "of ten": (list(range(1, 11)), 90, 9)}


@pytest.mark.parametrize(("values", "share", "expected"), RANKS.values(), ids=RANKS.keys())
def test_a_percentile_is_one_of_the_values(values: list[int], share: int, expected: int) -> None:
    assert percentile([Decimal(value) for value in values], share) == expected


def test_nothing_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 50)


@given(st.lists(st.decimals(0, 1000, places=2), min_size=1), st.integers(1, 99))
def test_enough_values_do_not_exceed_a_percentile_and_fewer_lie_below(
    values: list[Decimal], share: int
) -> None:
    found = percentile(values, share)
    assert sum(value <= found for value in values) * 100 >= share * len(values)
    assert sum(value < found for value in values) * 100 < share * len(values)


def test_a_speed_is_fresh_for_thirty_days() -> None:
    assert fresh("2026-05-02T00:00:00Z", "2026-06-01T00:00:00Z")
    assert not fresh("2026-05-01T23:59:59Z", "2026-06-01T00:00:00Z")


def test_the_fastest_sorts_first_and_what_is_unknown_last() -> None:
    rows = [
        (None, None),
        (None, Decimal(1)),
        (Decimal(9), None),
        (Decimal(9), Decimal(2)),
        (Decimal(10), Decimal(5)),
    ]
    assert sorted(rows, key=lambda row: pace(*row)) == rows[::-1]
