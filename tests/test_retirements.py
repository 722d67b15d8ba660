"""What is switched off: how vendors write it, how it is told, and what the digest makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.support.database import Built, place
from tracker.digest.evidence import Evidence
from tracker.digest.retiring import MOST, NAMED, retirements
from tracker.domain import Announcement, Kind, ModelFact
from tracker.retirements import Retirement, day, since
from tracker.store import weekly
from tracker.store.reading import reading

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


def off(model: str, when: str, provider: str = "") -> list[ModelFact]:
    use = ModelFact(model, "replacement", f"{model}-next", provider)
    return [ModelFact(model, "retires", when, provider), use]


def going_away(path: Path) -> list[tuple[str, str]]:
    with reading(path) as known:
        evidence = Evidence(known, weekly.sources(known))
        items = retirements(known, date(2026, 5, 31), "2026-05-31T12:00:00Z", evidence)
        return [(item.when, item.text) for item in items]


def test_the_digest_says_who_switches_what_off_when_soonest_first(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    with Built(path, (CLOUD, LAB)) as built:
        cloud = [
            *off("b", "2026-06-10", "azure"),
            *off("a", "2026-06-10", "azure"),
            *off("a", "2026-06-02", "aws"),
        ]
        built.captured(CLOUD, "2026-05-30", [*cloud, *off("past", "2026-05-30"), *off("far", "2026-08-30")])
        built.captured(LAB, "2026-05-30", off("a", "2026-06-10"))
        built.captured(LAB, "2026-06-01", off("a", "2026-06-03"))  # not known yet
    assert going_away(path) == [
        ("2 June", "At Amazon Bedrock, a (a-next instead) is switched off."),
        ("10 June", "At Azure, a (a-next instead) and b (b-next instead) are switched off."),
        ("10 June", "At OpenAI, a (a-next instead) is switched off."),
    ]


def test_a_flood_is_cut_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    crowd = [fact for n in range(NAMED + 2) for fact in off(f"m{n}", "2026-06-01")]
    later = [fact for n in range(2, MOST + 5) for fact in off(f"d{n}", f"2026-06-{n:02}")]
    with Built(path, (LAB,)) as built:
        built.captured(LAB, "2026-05-30", [*crowd, *later])
    told = going_away(path)
    assert "m5 (m5-next instead) and 2 more are switched off." in told[0][1]
    assert len(told) == MOST + 1
    assert told[-1] == ("16 June", "4 more models by then: `gapwatch news --topic deprecation`.")
