"""What the digest's sections say: headline, builder's questions, vendor watch, a quiet week, references."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support import digests
from tests.support.database import (
    BOARD,
    NEWS,
    OTHER_NEWS,
    OVERALL,
    PRICES,
    Built,
    at,
    fact,
    offer,
    place,
    score,
    story,
)
from tracker.config import Editing
from tracker.digest import answers, editions, happened, headline, prices, questions, words
from tracker.digest.answers import Said
from tracker.digest.build import build
from tracker.digest.causes import Causes
from tracker.digest.model import Digest, Item
from tracker.digest.once import licences_once
from tracker.digest.render import FORMS, render
from tracker.digest.tidy import cited, numbered
from tracker.digest.weeks import parse_week
from tracker.domain import Kind, Observation
from tracker.store.reading import reading
from tracker.store.rows import ChangeRow, PanelRow

SPEEDS = place("timed", Kind.SPEED, title="The Stopwatch")
GROQ = replace(NEWS, name="groqblog", title="Groq blog", vendor="groq")


def panel_row(difference: float, noise: float | None, percent: float | None = None) -> PanelRow:
    """A row of the panel, with a gap between GLM-5 and Opus."""
    named = {"open_name": "GLM-5", "closed_name": "Opus", "board": "LMArena", "task": "chat", "scale": "elo"}
    figures = {"difference": difference, "noise": noise, "percent": percent, "lag_strict": 61.0}
    row = dict.fromkeys((field.name for field in dataclasses.fields(PanelRow)), "")
    return PanelRow(**row | named | figures | {"date": "2025-01-24"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("gap", "noise", "state", "verdict"),
    [
        pytest.param(-20, 8, "overtaken", "move", id="open leads beyond the noise"),
        pytest.param(-5, 8, "tied", "choose by price", id="open is ahead within the noise"),
        pytest.param(5, 8, "tied", "choose by price", id="behind within the noise"),
        pytest.param(12, 8, "widening", "test it", id="hardly beyond the noise"),
        pytest.param(33, 8, "closing", "stay for now", id="behind and closing"),
        pytest.param(33, 8, "steady", "stay", id="behind"),
        pytest.param(33, None, "not enough data", "no verdict", id="no noise"),
    ],
)
def test_a_verdict_follows_from_the_gap_its_noise_and_its_state(
    gap: float, noise: float | None, state: str, verdict: str
) -> None:
    assert questions.verdict(panel_row(gap, noise), state) == verdict


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (panel_row(33, 8, 2.24), "GLM-5 is 33 points behind Opus in chat (2.2\u00a0%, 2 months)"),
        (panel_row(1, 0.5), "GLM-5 is 1 point behind Opus in chat (2 months)"),
        (panel_row(-12, 8), "GLM-5 is 12 points ahead of Opus in chat"),
        (panel_row(5, 8), "GLM-5 and Opus are tied in chat"),
        (
            replace(panel_row(33, 8), date="2024-10-01"),
            "GLM-5 is 33 points behind Opus in chat (2 months, October 2024)",
        ),
    ],
    ids=("behind", "one point", "ahead", "tied", "of long ago"),
)
def test_a_gap_is_told_in_words(row: PanelRow, said: str) -> None:
    assert questions.against(row, date(2025, 1, 26)) == said


@pytest.mark.parametrize(
    ("commercial", "said"),
    [
        ([], ""),
        ([panel_row(33, 8)], ""),
        (
            [replace(panel_row(20, 8), open_name="Kimi", open_licence="Modified MIT")],
            " With conditions on commercial use: Kimi (Modified MIT licence), 20 points behind.",
        ),
    ],
    ids=("nobody", "the same", "a better one"),
)
def test_a_better_model_with_conditions_is_told_beside_the_permissive_one(
    commercial: list[PanelRow], said: str
) -> None:
    assert questions.conditional(panel_row(33, 8), commercial) == said


def change(before: str, after: str, detail: str, over: str = "") -> ChangeRow:
    """A step of the gap in chat, made by DeepSeek R1."""
    row = dict.fromkeys((field.name for field in dataclasses.fields(ChangeRow)), "")
    told = {
        "metric": OVERALL,
        "task": "chat",
        "scale": "elo",
        "before": before,
        "after": after,
        "detail": detail,
        "over": over,
    }
    return ChangeRow(**row | told)  # type: ignore[arg-type]


R1, V3, IN_CHAT = "DeepSeek R1 (MIT licence)", "DeepSeek V3", "in chat"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        pytest.param(
            change("55", "25", "closing by open"),
            f"{R1} closes more than half of the remaining gap in chat: 25 points are left",
            id="more than half",
        ),
        pytest.param(
            change("51", "33", "closing by open"),
            "DeepSeek R1 (MIT licence) closes the gap in chat by 18 points: 33 points are left",
            id="less",
        ),
        pytest.param(
            change("4", "1", "closing by open"),
            "DeepSeek R1 (MIT licence) closes more than half of the remaining gap in chat: 1 point is left",
            id="one point",
        ),
        pytest.param(
            change("10", "-12", "closing by open"),
            "DeepSeek R1 (MIT licence) closes the gap in chat: it is 12 points ahead",
            id="and overtakes",
        ),
        pytest.param(
            change("51", "33", "closing by closed"),
            "the gap in chat narrows by 18 points, since DeepSeek R1 (MIT licence) lost ground: 33 points",
            id="the proprietary side lost",
        ),
        pytest.param(
            change("33", "51", "widening by closed"),
            "DeepSeek R1 (MIT licence) widens the gap in chat by 18 points: open models are 51 points behind",
            id="wider",
        ),
        # The week before may have shown another gap: scores settle, and leaders change within the noise.
        pytest.param(
            change("55", "25", "closing by open", V3),
            f"{R1} closes more than half of the gap in chat that DeepSeek V3 left: 25 points are left",
            id="more than half, over the leader before",
        ),
        pytest.param(
            change("51", "33", "closing by open", V3),
            f"{R1} closes the gap in chat by 18 points over DeepSeek V3: 33 points are left",
            id="less, over the leader before",
        ),
        pytest.param(
            change("33", "51", "widening by closed", V3),
            f"{R1} widens the gap in chat by 18 points over DeepSeek V3: open models are 51 points behind",
            id="wider, over the leader before",
        ),
        pytest.param(
            change("33", "51", "widening by open", V3),
            f"{R1} widens the gap in chat by 18 points as it loses ground: open models are 51 points behind",
            id="wider, as the leader lost ground",
        ),
    ],
)
def test_the_headline_tells_a_step_as_a_person_would(step: ChangeRow, said: str) -> None:
    assert headline.step(step, R1, IN_CHAT, None) == said


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks of January 2025: a quiet one, and the one of DeepSeek R1."""
    path = tmp_path_factory.mktemp("sections") / "g.db"
    with Built(path, (BOARD, PRICES, NEWS, OTHER_NEWS, SPEEDS, GROQ)) as built:
        first = [score("gpt-4o", "1365"), score("deepseek-v3", "1310")]
        licences = [fact("gpt-4o", "licence", "Proprietary"), fact("deepseek-v3", "licence", "MIT")]
        for day in ("2025-01-03", "2025-01-08", "2025-01-15"):
            built.captured(BOARD, day, [*first, *licences])
        licences.append(fact("deepseek-r1", "licence", "MIT"))
        built.captured(BOARD, "2025-01-22", [*first, score("deepseek-r1", "1357"), *licences])
        cheap = [*offer("deepseek-v3", "groq", "0.50", "0.50"), *offer("gpt-4o", "openai", "2.50", "10")]
        built.captured(PRICES, "2025-01-08", [*cheap, *offer("gpt-4-turbo", "openai", "10", "30")])
        cut = [*offer("deepseek-v3", "groq", "0.30", "0.30"), *offer("gpt-4o", "openai", "2.50", "10")]
        built.captured(PRICES, "2025-01-21", [*cut, *offer("gpt-4-turbo", "openai", "10", "30")])
        built.captured(GROQ, "2025-01-08", [])
        launch = story("g", "Introducing DeepSeek R1 on Groq", "2025-01-22")
        errors = story("i", "Elevated errors", "2025-01-23", topics=("incident",))
        built.captured(GROQ, "2025-01-23", [launch, errors])
        retiring = fact("gpt-4-turbo", "retires", "2025-03-01")
        built.captured(NEWS, "2025-01-23", [story("o", "Introducing Sky 2", "2025-01-23"), retiring])
    return path


def made(db: Path, week: str, *vendors: str) -> Digest:
    editing = Editing(vendors=vendors or ("groq", "cerebras"))
    with reading(db) as known:
        return build(known, parse_week(week, ZoneInfo("UTC")), at("2025-02-01"), editing=editing)


def test_vendor_watch_tells_prices_launches_incidents_and_what_ends(db: Path) -> None:
    digest = made(db, "2025-W04")
    said = {one.vendor: [(line.text, line.when) for line in one.lines] for one in digest.vendors}
    assert said["Groq"][0] == ("prices fell: DeepSeek V3 \u221240\u00a0%", "21 January")
    assert ("Introducing DeepSeek R1 on Groq", "launch, 22 January") in said["Groq"]
    assert ("Elevated errors", "incident, 23 January") in said["Groq"]
    assert said["OpenAI"] == [("to be switched off: GPT-4 Turbo", "1 March")]
    assert digest.no_news == "Cerebras could not be read."
    assert all(line.refs for one in digest.vendors for line in one.lines)
    assert [(one.vendor, [s.title for s in one.stories]) for one in digest.news] == [
        ("OpenAI", ["Introducing Sky 2"])  # what vendor watch tells is not told again
    ]


def test_the_leader_before_is_named_as_people_name_it(db: Path) -> None:
    digest = made(db, "2025-W04")
    over = "DeepSeek R1 (MIT licence) closes more than half of the gap in chat that DeepSeek V3 left"
    assert digest.headline.startswith(over)
    assert any("by 47 points over DeepSeek V3, to 8 points" in item.text for item in digest.happened)


def test_a_vendor_without_news_stands_in_one_sentence(db: Path) -> None:
    digest = made(db, "2025-W03", "groq", "openai")
    assert digest.vendors == ()
    assert digest.no_news == "No news from Groq and OpenAI."


def test_the_questions_are_five_and_each_has_an_answer_with_its_evidence(db: Path) -> None:
    digest = made(db, "2025-W04")
    said = {answer.question: answer.text for answer in digest.questions}
    assert list(said) == [
        "Cutting-edge reasoning",
        "Consistent output",
        "On premises or regulated",
        "Cost at scale",
        "Latency",
    ]
    assert said["Cutting-edge reasoning"] == (
        "Reasoning: no public measure yet; agentic coding: no public measure yet."
    )
    assert said["On premises or regulated"].startswith("Under a permissive licence DeepSeek R1")
    assert said["Latency"].startswith("Not measured in 30 days; `gapwatch speed")
    assert all(answer.refs for answer in digest.questions if "points" in answer.text)


def test_latency_is_answered_by_the_fastest_hosts_at_a_level(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    timed = [
        Observation(subject, metric, Decimal(value), provider, "p50")
        for subject, provider, *values in (
            ("deepseek-r1", "groq", "300", "0.2"),
            ("deepseek-r1", "together", "90", "0.4"),
            ("gpt-4o", "openai", "120", "0.5"),
            ("llama-3-8b-instruct", "groq", "900", "0.1"),
        )
        for metric, value in zip(("speed.throughput", "speed.ttft"), values, strict=True)
    ]
    facts = [
        fact("gpt-4o", "licence", "Proprietary"),
        fact("deepseek-r1", "licence", "MIT"),
        fact("llama-3-8b-instruct", "licence", "Llama 3"),
    ]
    with Built(path, (BOARD, SPEEDS)) as built:
        ranked = [score("gpt-4o", "1365"), score("deepseek-r1", "1380"), score("llama-3-8b-instruct", "1150")]
        built.captured(BOARD, "2025-01-08", [*ranked, *facts])
        built.captured(BOARD, "2025-01-22", [*ranked, *facts])
        built.captured(SPEEDS, "2025-01-22", timed)
    latency = {answer.question: answer for answer in made(path, "2025-W04").questions}["Latency"]
    assert latency.text == (
        "At the level of GPT-4o, fastest open: DeepSeek R1 at Groq, 300 tokens a second, 0.2 seconds to"
        " the first token; fastest proprietary: GPT-4o at OpenAI, 120 tokens a second, 0.5 seconds to the"
        " first token."
    )
    assert latency.refs


def test_a_quiet_week_says_so_in_a_line_and_is_short(db: Path) -> None:
    digest = made(db, "2025-W03")
    assert digest.quiet
    assert digest.headline == "Nothing moved beyond the noise this week."
    assert digest.summary == "Open models stay 55 points (chat) behind on LMArena."
    assert len(render(digest, "text").splitlines()) <= 60


def test_a_quiet_week_tells_the_answers_of_last_week_in_one_line(db: Path) -> None:
    (same,) = made(db, "2025-W03").questions
    assert same.question == "As last week"
    assert same.text == (
        "Cutting-edge reasoning: not measured; consistent output: not measured; on premises or regulated:"
        " DeepSeek V3 (55 points behind in chat); cost at scale: no open model"
        " reaches the level of GPT-4o; latency: not measured."
    )
    assert same.refs


@pytest.mark.parametrize(
    ("then", "told"),
    [
        pytest.param(Said("Cost", "x", (1,), "y", ("a",)), ["As last week"], id="the same core"),
        pytest.param(Said("Cost", "x", (1,), "y", ("b",)), ["Cost"], id="another core"),
        pytest.param(Said("Cost", "x", (1,), "y"), ["Cost"], id="no core then"),
        pytest.param(None, ["Cost"], id="nothing then"),
    ],
)
def test_an_answer_is_as_last_week_where_its_core_is(then: Said | None, told: list[str]) -> None:
    now = Said("Cost", "In full.", (2,), "in brief", ("a",))
    assert [one.question for one in answers.told([now], [then] if then else [])] == told


def listed(model: str, source: str, when: str, importance: float = 1.0) -> ChangeRow:
    """A board's first listing of a model under the MIT licence."""
    row = dict.fromkeys((field.name for field in dataclasses.fields(ChangeRow)), "")
    known = {"model": model, "model_name": model, "source": source, "date": when}
    told = known | {"kind": "listed", "importance": importance, "capture": 1, "weights": "closed"}
    return ChangeRow(**row | told)  # type: ignore[arg-type]


def test_all_newcomers_are_one_item_by_where_they_are_listed(db: Path) -> None:
    new = [
        listed("Kimi", "a", "2025-01-22", 3),
        listed("Kimi", "b", "2025-01-23"),
        listed("Qwen", "a", "2025-01-24", 2),
        listed("GLM", "a", "2025-01-22"),
        *(listed(f"M{n}", "b", "2025-01-22", 0) for n in range(5)),
    ]
    with reading(db) as known:
        said = Causes(known, "2025-02-01T00:00:00Z")
        (item,) = happened.items(new, {"a": "Arena", "b": "Bench"}, said, date(2025, 1, 26), lambda *c: (1,))  # type: ignore[arg-type]
    assert (
        item.text
        == "New on Arena and Bench: Kimi; on Arena: Qwen and GLM; on Bench: M0, M1 and M2; and 2 more."
    )
    assert item.when == "22 to 24 January"


def test_hosts_stand_with_the_row_that_names_their_model_first() -> None:
    row = digests.RICH.tiers[1]
    assert [one.also for one in prices.hosts_once([row, row, replace(row, open_model="o")])] == [
        row.also,
        "",
        row.also,
    ]


def test_what_vendor_watch_tells_is_not_told_again_as_going_away(db: Path) -> None:
    said = {one.vendor: [line.text for line in one.lines] for one in made(db, "2025-W04").vendors}
    assert said["OpenAI"] == ["to be switched off: GPT-4 Turbo"]
    assert made(db, "2025-W04").deprecations == ()
    assert [item.text for item in made(db, "2025-W05").deprecations] == ["OpenAI: GPT-4 Turbo"]


def test_a_week_without_any_capture_is_told(tmp_path: Path) -> None:
    path = tmp_path / "g.db"
    with Built(path):
        pass
    digest = made(path, "2025-W03")
    assert digest.headline == "No board has been read yet."
    assert all(answer.text for answer in digest.questions)
    for form in FORMS:
        assert render(digest, form)


def test_references_are_numbered_as_a_reader_meets_them(db: Path) -> None:
    digest = made(db, "2025-W04")
    numbers = [reference.number for reference in digest.references]
    assert numbers == list(range(1, len(numbers) + 1))
    assert cited(replace(digest, references=())) == set(numbers)
    assert digest.headline_refs == (1,)
    assert {one.source for one in digest.credits} == {one.source for one in digest.references}


def test_numbering_again_changes_nothing() -> None:
    once = numbered(digests.RICH)
    assert numbered(once) == once


@pytest.mark.parametrize(
    ("licence", "said"),
    [("MIT", " (MIT licence)"), ("Gemma license", " (Gemma licence)"), ("Licence", ""), ("", "")],
)
def test_a_licence_stands_after_its_model_with_the_word_once(licence: str, said: str) -> None:
    assert words.licensed(licence) == said


def test_a_licence_is_told_the_first_time_alone() -> None:
    items = tuple(
        Item(text, "", "", ())
        for text in ("Kimi K2 (MIT licence) is new.", "Kimi K2 (MIT licence) and K2 (MIT licence) lead.")
    )
    licences = {"Kimi K2": "MIT", "K2": "MIT", "DeepSeek R1": "MIT"}
    told = licences_once(replace(digests.RICH, headline="A week.", happened=items), licences)
    assert [item.text for item in told.happened] == [items[0].text, "Kimi K2 and K2 (MIT licence) lead."]
    sides = [row.open.licence for row in told.board if row.open and row.open.name == "DeepSeek R1"]
    assert sides == ["MIT", ""]


NEW = ("questions", "vendors", "no_news", "own_use", "agreement", "also", "topic", "source")


def older(value: Any) -> Any:
    """A frozen edition's JSON as it was before the fields of today."""
    if isinstance(value, dict):
        return {
            name: older(part)
            for name, part in value.items()
            if name not in NEW or (name == "also" and isinstance(part, list)) or (name == "source" and part)
        }
    return [older(part) for part in value] if isinstance(value, list) else value


@pytest.mark.parametrize("form", FORMS)
def test_an_edition_that_was_frozen_before_still_loads_and_is_laid_out(form: str) -> None:
    kept = older(json.loads(json.dumps(dataclasses.asdict(digests.RICH))))
    loaded = editions.load(json.dumps(kept))
    assert (loaded.questions, loaded.vendors, loaded.own_use) == ((), (), False)
    said = render(loaded, form)
    assert "25 points" in said
    assert "Vendor watch" not in said
