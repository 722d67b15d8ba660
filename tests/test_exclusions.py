"""Entries that are no measure of a model: a reviewed list, applied where every source is read."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tracker import paths
from tracker.catalog.aliases import BadReference
from tracker.catalog.exclusions import load_exclusions
from tracker.collect.parse import read
from tracker.collect.registry import find
from tracker.domain import Kind, ModelFact, Observation
from tracker.source import Payload, Source

SHIPPED = tomllib.loads((paths.shipped("db") / "excluded.toml").read_text())["excluded"]
GROUP = '[[excluded]]\nsource = "board"\nentries = ["Trick"]\nreason = "fools the judge"\n'


def board(name: str, *subjects: str) -> Source:
    """A source that lists these entries with a figure and a fact each."""

    def parse(page: Payload) -> list[Observation | ModelFact]:
        figures = [Observation(subject, "alpaca_eval.lc_win_rate", Decimal(80)) for subject in subjects]
        return [*figures, *(ModelFact(subject, "licence", "MIT") for subject in subjects)]

    return Source(kind=Kind.LEADERBOARD, parse=parse, licence="mine", credit="me", name=name)


PAGE = Payload("https://board.example/data", b"", datetime(2026, 5, 31, tzinfo=UTC))


@pytest.mark.parametrize("entry", ["NullModel (adversarial)", "NULLMODEL (ADVERSARIAL)"])
def test_an_entry_on_the_list_is_left_out_and_told_with_its_reason_once(entry: str) -> None:
    said = read(board("alpaca_eval", "GPT-4", entry), PAGE)
    assert [row.subject for row in said.records if isinstance(row, Observation)] == ["GPT-4"]
    assert len(said.records) == 2
    assert said.unread == [f"{entry}, made to fool the judge"]


def test_the_same_name_in_another_source_is_none_of_the_lists_business() -> None:
    said = read(board("elsewhere", "NullModel (adversarial)"), PAGE)
    assert (len(said.records), said.unread) == (2, [])


def test_every_entry_of_the_list_is_of_a_source_that_there_is_and_says_why() -> None:
    assert SHIPPED
    for group in SHIPPED:
        assert group["source"] in find().sources
        assert 0 < len(group["reason"]) < 60, "the reason is printed with every visit"
        assert len(group["told"]) > 60, "what it is, and where that is known from"


@pytest.mark.parametrize(
    "text",
    [
        GROUP.replace("fools the judge", " "),
        GROUP.replace("reason", "why"),
        GROUP.replace('["Trick"]', "[1]"),
        "excluded = 1",
        "[[",
    ],
)
def test_a_list_without_reasons_or_in_another_shape_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "excluded.toml").write_text(text)
    with pytest.raises(BadReference, match=r"excluded\.toml"):
        load_exclusions(tmp_path / "excluded.toml")
