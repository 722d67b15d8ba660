"""The starter history: every row is whole, sourced and in range, and stands in the record of its board.

The last test compares each row with the recorded page of its date, where the recorded web lies beside this
checkout.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from tests.support.oracle import Entry, Told, measured
from tests.support.recorded import FOLDER
from tracker import paths
from tracker.catalog.metrics import BY_ID
from tracker.collect.parse import read
from tracker.collect.registry import find
from tracker.domain import ModelFact, Observation, Weights
from tracker.errors import ParseError
from tracker.source import Payload

Row = dict[str, str]

SOURCE = find().sources["starter"]
LINES = (paths.shipped("db") / "starter.csv").read_text(encoding="utf-8").splitlines()
ROWS: list[Row] = list(csv.DictReader(LINES))
RANGES = {"elo": (Decimal(1000), Decimal(1600)), "percent": (Decimal(0), Decimal(100))}
ARENA = "lmarena-ai/leaderboard-dataset"
CONFIGS = {"text": "text", "style": "text_style_control"}
NUMBER = re.compile(r"\d+(\.\d+)?")


def snapshots() -> dict[tuple[str, str, str], list[Row]]:
    """The rows by metric, date and vintage."""
    found = defaultdict(list)
    for row in ROWS:
        found[row["metric"], row["date"], row["vintage"]].append(row)
    return found


def entry(row: Row) -> Entry:
    low, high = (float(row[name]) if row[name] else None for name in ("low", "high"))
    weights = Weights(row["weights"])
    return Entry(row["model"], float(row["value"]), weights, low=low, high=high, released=row["released"])


def gap(metric: str, day: str) -> Told:
    """The gap of one day, from the shipped rows alone."""
    rows = [row for row in ROWS if row["metric"] == metric and row["date"] == day]
    return measured([entry(row) for row in rows], BY_ID[metric], date.fromisoformat(day))


def test_there_are_about_three_hundred_rows() -> None:
    assert 250 <= len(ROWS) <= 360


def test_no_row_stands_twice() -> None:
    keys = [(row["metric"], row["date"], row["model"]) for row in ROWS]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("metric", sorted({row["metric"] for row in ROWS}))
def test_every_row_is_sourced_dated_and_in_range(metric: str) -> None:
    low, high = RANGES[BY_ID[metric].scale]
    for row in (row for row in ROWS if row["metric"] == metric):
        assert row["source"].startswith("https://"), row
        assert re.search(r"CC BY 4\.0|Apache-2\.0", row["credit"]), row
        assert row["organisation"], row
        assert row["licence"], row
        assert "2024-06-01" <= row["date"] <= "2026-05-31", row
        assert date.fromisoformat(row["date"]), row
        assert not row["released"] or date.fromisoformat(row["released"]) <= date.fromisoformat(
            row["date"]
        ), row
        assert NUMBER.fullmatch(row["value"]), row
        assert low < Decimal(row["value"]) < high, row
        if row["low"] or row["high"]:
            assert Decimal(row["low"]) <= Decimal(row["value"]) <= Decimal(row["high"]), row


def test_weights_are_known_and_agree_with_the_licence() -> None:
    for row in ROWS:
        assert row["weights"] == ("closed" if row["licence"] == "Proprietary" else "open"), row


def test_every_snapshot_lists_both_groups_so_that_its_gap_can_be_computed() -> None:
    for key, rows in snapshots().items():
        assert {row["weights"] for row in rows} == {"open", "closed"}, key


def test_a_board_has_one_vintage_on_a_date_and_vintages_follow_each_other_in_order() -> None:
    spans = defaultdict(list)
    for metric, day, vintage in snapshots():
        spans[metric].append((day, vintage))
    for metric, days in spans.items():
        in_order = [vintage for _, vintage in sorted(days)]
        assert in_order == sorted(in_order), metric
        assert len({day for day, _ in days}) == len(days), metric


@pytest.mark.parametrize("word", ["maverick-03-26-experimental", "+", "finix"])
def test_withdrawn_mixed_and_undecided_entries_are_left_out(word: str) -> None:
    assert [row["model"] for row in ROWS if word in row["model"].lower()] == []


@pytest.mark.parametrize(
    ("day", "closed", "open_", "difference", "percent"),
    [
        ("2025-01-16", "gemini-exp-1206", "deepseek-v3", 55, 4.2),
        ("2025-01-24", "gemini-2.0-flash-thinking-exp-01-21", "deepseek-r1", 25, 1.8),
    ],
    ids=["the week before", "with DeepSeek R1"],
)
def test_deepseek_r1_more_than_halved_the_gap_on_24_january_2025(
    day: str, closed: str, open_: str, difference: int, percent: float
) -> None:
    found = gap("lmarena.text.overall", day)
    assert found.percent is not None
    assert (found.closed, found.open) == (closed, open_)
    assert (found.difference, round(found.percent, 1)) == (difference, percent)


@pytest.mark.parametrize(
    ("metric", "day", "difference", "lag"),
    [
        ("lmarena.text.overall", "2026-05-29", 30, 192),
        ("lmarena.style.overall", "2026-05-29", 28, 192),
        ("lmarena.text.coding", "2026-05-29", 37, 186),
        ("lmarena.text.math", "2026-05-29", 41, 113),
        ("aider.polyglot", "2025-10-04", 13.8, 171),
        ("vectara.hallucination", "2026-03-10", 0.4, 266),
        ("bfcl.overall", "2025-04-14", -6.61, None),
    ],
)
def test_the_last_snapshots_give_the_gap_and_lag_of_the_whole_board(
    metric: str, day: str, difference: float, lag: float | None
) -> None:
    last = gap(metric, day)
    assert last.difference == pytest.approx(difference)
    assert last.strict == lag


def test_the_source_yields_every_row_under_its_own_date_with_what_is_known_of_its_model() -> None:
    assert SOURCE.archive
    assert SOURCE.bundled is not None
    records, follows, _ = read(SOURCE, SOURCE.bundled())
    figures = {(r.metric, r.subject, r.at, r.value) for r in records if isinstance(r, Observation)}
    assert follows == []
    assert figures == {(r["metric"], r["model"], at_midnight(r), Decimal(r["value"])) for r in ROWS}
    facts = {(r.subject, r.at, r.field, r.value) for r in records if isinstance(r, ModelFact)}
    for row in ROWS:
        assert (row["model"], at_midnight(row), "weights", row["weights"]) in facts


def at_midnight(row: Row) -> datetime:
    return datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("metric", "lmarena.text.humour"),
        ("weights", "ajar"),
        ("value", "13O2"),
        ("date", "June"),
        ("n", "many"),
    ],
)
def test_a_row_that_was_spoiled_is_a_parse_error(column: str, value: str) -> None:
    row = {**ROWS[0], column: value}
    body = ",".join(row) + "\n" + ",".join(row.values()) + "\n"
    with pytest.raises(ParseError, match=r"^starter: "):
        read(SOURCE, Payload("package:gapwatch/db/starter.csv", body.encode(), at_midnight(ROWS[0])))


@cache
def library() -> Any:
    """The recorded payloads; a skip with the reason where there are none."""
    if not (FOLDER / "replay.py").is_file():
        pytest.skip("the recorded web is not beside this checkout")
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    from replay import Library  # type: ignore[import-not-found, unused-ignore]

    return Library(FOLDER / "data")


def pages(url: str, day: str) -> list[str]:
    """Every recorded version of a page of one day."""
    pack = library().packs[url]
    return [pack.body(i).decode() for i, stamp in enumerate(pack.stamps) if stamp.startswith(day)]


def arena(row: Row) -> bool:
    """Whether LMArena's record of the row's day holds all of its figures and its licence."""
    _, family, category = row["metric"].split(".")
    dataset, config = library().datasets[ARENA], CONFIGS[family]
    days = [stamp[:10] for stamp in dataset.packs[config].stamps]
    names = list(dataset.columns(config))
    for listed in dataset.board(config, days.index(row["date"])):
        said = dict(zip(names, listed, strict=True))
        if (said["model_name"], said["category"]) == (row["model"], category):
            figures = [said[name] for name in ("rating", "rating_lower", "rating_upper", "vote_count")]
            ours = [Decimal(row[name]) if row[name] else None for name in ("value", "low", "high", "n")]
            return [None if f is None else Decimal(str(f)) for f in figures] == ours and (
                row["licence"] == said["license"]
            )
    return False


def aider(row: Row, page: str) -> bool:
    runs = re.split(r"(?m)^ *- ", page)
    model, rate = re.escape(row["model"]), re.escape(row["value"])
    return any(
        re.search(rf"(?m)^ *model: {model}$", run) and re.search(rf"(?m)^ *pass_rate_2: {rate}$", run)
        for run in runs
    )


def bfcl(row: Row, page: str) -> bool:
    listed = csv.DictReader(page.splitlines())
    said = {(r["Model"], r["Overall Acc"]): r["License"] for r in listed}
    return said.get((row["model"], f"{row['value']}%")) == row["licence"]


def evalplus(row: Row, page: str) -> bool:
    said = json.loads(page, parse_float=Decimal).get(row["model"], {})
    old, new = said.get("pass@1_plus", {}).get("humaneval"), said.get("pass@1", {}).get("humaneval+")
    return bool(Decimal(row["value"]) == (old if new is None else new))


def vectara(row: Row, page: str) -> bool:
    return (
        re.search(rf"(?m)^\|\s*{re.escape(row['model'])}\s*\|\s*{re.escape(row['value'])} ?%", page)
        is not None
    )


STATED = {"aider": aider, "bfcl": bfcl, "evalplus": evalplus, "vectara": vectara}


@pytest.mark.parametrize("board", ["lmarena", *STATED])
def test_every_row_stands_in_the_recorded_page_of_its_date(board: str) -> None:
    rows = [row for row in ROWS if row["metric"].startswith(board)]
    assert rows
    for row in rows:
        if board == "lmarena":
            assert arena(row), row
        else:
            assert any(STATED[board](row, page) for page in pages(row["source"], row["date"])), row
