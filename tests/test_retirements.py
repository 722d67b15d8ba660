"""What is switched off: how vendors write it, how it is told, and what the digest makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.support.database import Built, offer, place
from tracker.digest.evidence import Evidence
from tracker.digest.retiring import MOST, NAMED, retirements
from tracker.domain import Announcement, Kind, ModelFact
from tracker.retirements import Retirement, day, since
from tracker.source import Source
from tracker.store import weekly
from tracker.store.reading import reading
from tracker.store.rows import Retiring

NOW = datetime(2026, 5, 31, tzinfo=UTC)
CLOUD = place("cloud", Kind.NEWS, title="A cloud's page", vendor="azure", listing=False)
LAB = place("lab", Kind.NEWS, title="A lab's page", vendor="openai", listing=False)
ROW = Retirement("k", "https://x.example/", "openai", "OpenAI", "gpt-1", ("gpt-1",), "2026-06-10", "gpt-2")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param("2026-06-10", "2026-06-10", id="ISO"),
        pytest.param("July 15th, 2025 (all Regions)", "2025-07-15", id="an ordinal, and where it holds"),
        pytest.param("Mar 1, 2026 (us-east-1, us-east-2)", "2026-03-01", id="a short month"),
        pytest.param("Not sooner than May 14, 2026", "", id="a promise"),
        pytest.param("February 2026", "", id="a month"),
        pytest.param("N/A", "", id="nothing"),
        pytest.param("June 31, 2026", "", id="no day of the calendar"),
    ],
)
def test_a_day_is_read_as_vendors_write_it(written: str, read: str) -> None:
    assert day(written) == read


def test_a_day_to_come_is_no_day_of_publishing() -> None:
    assert since("May 31, 2026", NOW) == NOW
    assert since("June 1, 2026", NOW) is None


@pytest.mark.parametrize(
    ("row", "title", "facts"),
    [
        pytest.param(
            ROW,
            "OpenAI retires gpt-1 on 2026-06-10; use gpt-2",
            {"retires": "2026-06-10", "replacement": "gpt-2"},
            id="a model and its day",
        ),
        pytest.param(
            replace(ROW, use=""),
            "OpenAI retires gpt-1 on 2026-06-10",
            {"retires": "2026-06-10"},
            id="nothing to use instead",
        ),
        pytest.param(
            replace(ROW, when="at the earliest in June"),
            "OpenAI retires gpt-1 (at the earliest in June); use gpt-2",
            {},
            id="no day",
        ),
        pytest.param(
            replace(ROW, subject="/v1/edits", models=()),
            "OpenAI ends /v1/edits on 2026-06-10; use gpt-2",
            {},
            id="no model",
        ),
    ],
)
def test_a_row_is_told_in_one_way(row: Retirement, title: str, facts: dict[str, str]) -> None:
    said, *rest = row.records()
    assert isinstance(said, Announcement)
    assert (said.title, said.topics, said.vendor) == (title, ("deprecation",), "openai")
    assert {fact.field: fact.value for fact in rest if isinstance(fact, ModelFact)} == facts


LISTED = place("pricelist", Kind.PRICES)
MODELS = ("gpt-4o", "gpt-4-turbo", "o3", "claude-3-opus", "whisper-1")


def off(model: str, when: str, provider: str = "") -> list[ModelFact]:
    use = ModelFact(model, "replacement", "gpt-4o", provider)
    return [ModelFact(model, "retires", when, provider), use]


def going_away(path: Path, *told: tuple[Source, list[ModelFact]]) -> list[tuple[str, str]]:
    """The section of the 31st of May, of what was told the day before by places that price lists bear out."""
    with Built(path, (LISTED, *(source for source, _ in told))) as built:
        prices = [one for model in MODELS for one in offer(model, "openai", "1", "2")]
        built.captured(LISTED, "2026-05-29", prices)
        for source, facts in told:
            built.captured(source, "2026-05-30", facts)
    with reading(path) as known:
        evidence = Evidence(known, weekly.sources(known))
        rows = weekly.retirements(known, "2026-05-31", "9999", "2026-05-31T12:00:00Z")
        items = retirements(rows, date(2026, 5, 31), evidence)
        assert all(item.refs for item in items)
        return [(item.when, item.text) for item in items]


def test_the_digest_says_who_switches_what_off_when_soonest_first(tmp_path: Path) -> None:
    cloud = [
        *off("o3", "2026-06-10", "azure"),
        *off("gpt-4-turbo", "2026-06-10", "azure"),
        *off("gpt-4-turbo", "2026-06-02", "aws"),
        *off("claude-3-opus", "2026-05-30"),
        *off("gpt-4o", "2026-08-30"),
    ]
    assert going_away(tmp_path / "g.db", (CLOUD, cloud), (LAB, off("gpt-4-turbo", "2026-06-10"))) == [
        ("2 June", "Amazon Bedrock: GPT-4 Turbo (use GPT-4o)"),
        ("10 June", "Azure: GPT-4 Turbo (use GPT-4o) and o3 (use GPT-4o)"),
        ("10 June", "OpenAI: GPT-4 Turbo (use GPT-4o)"),
    ]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        pytest.param(off("a-model-of-nobody", "2026-06-10", "azure"), [], id="no board or list knows it"),
        pytest.param(off("whisper-1", "2026-06-10", "azure"), [], id="it makes no text"),
        pytest.param(off("o3", "2026-06-10", "openrouter"), [], id="a reseller passes it on"),
        pytest.param(off("o3", "2026-08-10", "azure"), [], id="more than two months ahead"),
        pytest.param(
            [*off("o3", "2026-06-20", "azure"), *off("o3-2025-04-16", "2026-06-10", "azure")],
            [("10 June", "Azure: o3 (use GPT-4o)")],
            id="several days of one model: the first",
        ),
    ],
)
def test_what_goes_away_is_told_of_models_that_a_reader_may_use(
    tmp_path: Path, facts: list[ModelFact], told: list[tuple[str, str]]
) -> None:
    assert going_away(tmp_path / "g.db", (CLOUD, facts)) == told


def test_a_flood_is_cut_and_counted() -> None:
    def row(day: str, name: str) -> Retiring:
        return Retiring(day, "Azure", name, "", 1, name, name, "cloud", True)

    crowd = [row("2026-06-01", f"m{n}") for n in range(NAMED + 2)]
    later = [row(f"2026-06-{n:02}", f"d{n}") for n in range(2, MOST + 5)]
    told = retirements([*crowd, *later], date(2026, 5, 31), lambda *captures: captures)  # type: ignore[arg-type]
    assert told[0].text == "Azure: m0, m1, m2 and 2 more"
    assert len(told) == MOST + 1
    assert told[-1].text == "4 more models by 7 June: `gapwatch news --topic deprecation`"
