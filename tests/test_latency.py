"""A host whose measured speed moved beyond the noise of its own record: in vendor watch and the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.support.database import BOARD, Built, at, fact, place, score
from tracker.config import Editing
from tracker.digest.build import build
from tracker.digest.model import Digest
from tracker.digest.render import FORMS, render
from tracker.digest.weeks import parse_week
from tracker.domain import Kind, Observation
from tracker.store.reading import reading
from tracker.trends.speed import moved

SPEEDS = place("timed", Kind.SPEED, title="The Stopwatch")
KEPT = replace(SPEEDS, name="kept", publishable=False)
CALM = (200, 205, 196, 203, 199, 201)
WEATHER = (200, 120, 260, 150, 240, 180)
FIRST = date(2025, 1, 13)  # six Mondays before week 9 of 2025, which begins on 24 February
ANSWER = "At Groq DeepSeek R1 now writes 300 tokens a second, usually 201."


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        pytest.param(CALM, [300], True, id="far beyond a calm record"),
        pytest.param(CALM, [140], True, id="slower counts as well"),
        pytest.param(CALM, [230], False, id="beyond the noise, but less than a fifth"),
        pytest.param(WEATHER, [300], False, id="within what it does anyway"),
        pytest.param(WEATHER, [900, 880, 910], True, id="even a restless one can move"),
        pytest.param(CALM[:3], [300], False, id="too short a record"),
        pytest.param(CALM, [], False, id="not measured this week"),
        pytest.param((200,) * 6, [300], True, id="a record without any noise"),
        pytest.param((200,) * 6, [200], False, id="the same again"),
    ],
)
def test_a_speed_moved_where_its_own_record_did_not_foretell_it(
    before: Sequence[float], now: Sequence[float], told: bool
) -> None:
    assert (moved(before, now) is not None) is told


def test_the_usual_speeds_are_geometric_means() -> None:
    assert moved((100, 100, 100, 100), (400, 100)) == pytest.approx((100, 200))


def timed(throughput: float, ttft: str = "0.40", provider: str = "groq") -> list[Observation]:
    """What a page of speeds says of one host."""
    said = (("speed.throughput", Decimal(str(throughput))), ("speed.ttft", Decimal(ttft)))
    return [Observation("deepseek-r1", metric, value, provider, "p50") for metric, value in said]


def made(path: Path, record: Sequence[list[Observation]], *, own: bool = False, kept: bool = False) -> Digest:
    """Week 9 of 2025, from a Monday's measurement a week up to that week's."""
    ranked = [score("gpt-4o", "1365"), score("deepseek-r1", "1380")]
    facts = [fact("gpt-4o", "licence", "Proprietary"), fact("deepseek-r1", "licence", "MIT")]
    stopwatch = KEPT if kept else SPEEDS
    with Built(path, (BOARD, stopwatch)) as built:
        built.captured(BOARD, FIRST.isoformat(), [*ranked, *facts])
        built.captured(BOARD, "2025-02-25", [*ranked, *facts])
        for week, measured in enumerate(record):
            built.captured(stopwatch, (FIRST + timedelta(weeks=week)).isoformat(), measured)
    with reading(path) as known:
        editing = Editing(vendors=("groq", "cerebras"), own_use=own)
        return build(known, parse_week("2025-W09", ZoneInfo("UTC")), at("2025-03-03"), editing=editing)


def said(digest: Digest) -> tuple[list[str], str]:
    """What vendor watch tells of Groq, and the answer on latency."""
    lines = [line.text for one in digest.vendors if one.vendor == "Groq" for line in one.lines]
    return lines, next(one.text for one in digest.questions if "atency" in one.text + one.question)


@pytest.mark.parametrize(
    ("record", "line"),
    [
        pytest.param(
            [*map(timed, CALM), timed(300)],
            "DeepSeek R1 now writes 300 tokens a second, usually 201",
            id="faster",
        ),
        pytest.param(
            [
                *(timed(200, ttft) for ttft in ("0.40", "0.41", "0.39", "0.40", "0.42", "0.40")),
                timed(200, "1.2"),
            ],
            "DeepSeek R1 now takes 1.2 seconds to the first token, usually 0.4 seconds",
            id="a longer wait",
        ),
    ],
)
def test_a_host_that_moved_stands_in_vendor_watch_and_in_the_answer(
    tmp_path: Path, record: list[list[Observation]], line: str
) -> None:
    digest = made(tmp_path / "g.db", record)
    lines, answer = said(digest)
    assert lines == [line]
    assert answer.endswith(f"At Groq {line}.")
    (item,) = (item for one in digest.vendors for item in one.lines)
    assert [digest.references[number - 1].source for number in item.refs] == ["timed"] * len(item.refs)
    for form in FORMS:
        assert line in " ".join(render(digest, form).split())


@pytest.mark.parametrize(
    ("record", "kept"),
    [
        pytest.param([*map(timed, WEATHER), timed(300)], False, id="the weather of a shared machine"),
        pytest.param([*map(timed, CALM), timed(201)], False, id="as ever"),
        pytest.param([timed(200), timed(300)], False, id="measured once before"),
        pytest.param([*map(timed, CALM), timed(300, provider="")], False, id="no host is named"),
        pytest.param([*map(timed, CALM), timed(300)], True, id="whose terms keep it unpublished"),
    ],
)
def test_what_did_not_move_or_may_not_be_told_is_not_told(
    tmp_path: Path, record: list[list[Observation]], kept: bool
) -> None:
    lines, answer = said(made(tmp_path / "g.db", record, kept=kept))
    assert lines == []
    assert "usually" not in answer


def test_ones_own_use_is_told_what_may_not_be_published(tmp_path: Path) -> None:
    _, answer = said(made(tmp_path / "g.db", [*map(timed, CALM), timed(300)], own=True, kept=True))
    assert answer.endswith(ANSWER)
