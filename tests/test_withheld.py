"""Figures whose terms forbid publishing stay out of a digest, unless it is for one's own use and says so."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.database import (
    BOARD,
    CODING,
    NEWS,
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
from tracker.config import Editing, load
from tracker.digest.build import build
from tracker.digest.model import Digest
from tracker.digest.render import FORMS, render
from tracker.digest.weeks import parse_week
from tracker.domain import Kind, Observation, Record
from tracker.errors import UsageError
from tracker.store import weekly
from tracker.store.query import happened
from tracker.store.reading import reading

ON = "2025-01-26T23:59:59Z"
KEPT_BOARD = place("kept", Kind.LEADERBOARD, title="The Kept Board", authority=True, publishable=False)
KEPT = (
    KEPT_BOARD,
    replace(PRICES, name="keptprices", title="Kept Prices", publishable=False),
    replace(NEWS, name="keptblog", title="Kept Blog", vendor="openai", publishable=False),
)
_, KEPT_PRICES, KEPT_NEWS = KEPT


LICENCES: list[Record] = [
    fact(model, "licence", licence)
    for model, licence in (("gpt-4o", "Proprietary"), ("deepseek-v3", "MIT"), ("deepseek-r1", "MIT"))
]


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A board that may be told of chat; a board of coding, a price list and a blog that may not."""
    path = tmp_path_factory.mktemp("withheld") / "g.db"
    with Built(path, (BOARD, NEWS, *KEPT)) as built:
        models: list[Observation] = [score("gpt-4o", "1365"), score("deepseek-v3", "1299")]
        for day in ("2025-01-10", "2025-01-21"):
            models += [score("deepseek-r1", "1357")] if day == "2025-01-21" else []
            listed: list[Record] = [*models, *LICENCES]
            built.captured(BOARD, day, listed)
            kept: list[Record] = [replace(one, metric=CODING) for one in models]
            built.captured(KEPT_BOARD, day, [*kept, *LICENCES])
        built.captured(KEPT_PRICES, "2025-01-10", offer("deepseek-r1", "deepseek", "0.55", "2.19"))
        built.captured(KEPT_PRICES, "2025-01-21", offer("deepseek-r1", "deepseek", "0.27", "1.10"))
        gone: list[Record] = [
            story("k", "A note on DeepSeek R1", "2025-01-21"),
            fact("gpt-4o", "retires", "2025-03-01"),
        ]
        built.captured(KEPT_NEWS, "2025-01-22", gone)
    return path


@pytest.fixture
def known(db: Path) -> Iterator[Any]:
    with reading(db) as connection:
        yield connection


Question = Callable[..., Any]
# Each question of a digest, as what it tells of the places that are withheld.
ASKED: dict[str, Question] = {
    "the panel": lambda c, own: weekly.panel(c, ON, own=own).get(CODING),
    "the panel of a licence class": lambda c, own: weekly.panel(c, ON, "permissive", own=own).get(CODING),
    "events": lambda c, own: weekly.steps(c, ON, own=own).get(CODING),
    "changes": lambda c, own: [
        x for x in weekly.changes(c, "2025-01-20T00:00:00Z", ON, own=own) if x.source.startswith("kept")
    ],
    "offers": lambda c, own: weekly.offers(c, ON, own=own),
    "scores": lambda c, own: weekly.scores(c, CODING, ON, own=own),
    "news": lambda c, own: happened.news(c, ON, own=own),
    "what is switched off": lambda c, own: weekly.retirements(c, "2025-01-26", "9999", ON, own=own),
}


@pytest.mark.parametrize("question", ASKED.values(), ids=ASKED)
def test_a_withheld_figure_is_told_for_ones_own_use_alone(known: Any, question: Question) -> None:
    assert not question(known, False)
    assert question(known, True)


def test_what_may_be_told_is_told_either_way(known: Any) -> None:
    for own in (False, True):
        assert weekly.panel(known, ON, own=own)[OVERALL]
        assert weekly.scores(known, OVERALL, ON, own=own)


def test_the_best_score_is_the_better_one_of_the_newest_vintage(tmp_path: Path) -> None:
    less = "vectara.hallucination"
    with Built(tmp_path / "g.db", (BOARD,)) as built:
        older = [score("gpt-4o", "0.1", metric=less), score("deepseek-r1", "0.2", metric=less)]
        built.captured(BOARD, "2025-01-10", older)
        newer = [("gpt-4o", "1.5"), ("gpt-4o-high", "4.1"), ("deepseek-r1", "3.9")]
        listed = [score(name, value, metric=less, vintage="2024-08-05") for name, value in newer]
        built.captured(BOARD, "2025-01-20", [*listed, *LICENCES])
    with reading(tmp_path / "g.db") as known:
        assert weekly.scores(known, less, ON) == {"gpt-4o": 1.5, "deepseek-r1": 3.9}


def digest(known: Any, editing: Editing) -> Digest:
    return build(known, parse_week("2025-W04", ZoneInfo("UTC")), at("2025-01-27"), editing=editing)


def test_a_task_that_only_withheld_boards_measure_says_so(known: Any) -> None:
    made = digest(known, Editing())
    rows = {row.task: row for row in made.board}
    assert rows["coding"].note == (
        "measured by The Kept Board, whose terms keep its figures out of what is published; "
        "`gapwatch gap coding` shows them"
    )
    assert rows["vision"].note == "no public measure yet"
    assert "ept" not in json.dumps([row.credit for row in made.credits])


@pytest.mark.parametrize("form", FORMS)
def test_a_digest_for_ones_own_use_has_the_figures_and_says_what_it_is(known: Any, form: str) -> None:
    said = render(digest(known, Editing(own_use=True)), form)
    assert "For your own use; not for publishing." in said
    assert "The Kept Board" in said
    assert "For your own use" not in render(digest(known, Editing()), form)


def test_the_configuration_says_whose_use_and_which_vendors(tmp_path: Path) -> None:
    file = tmp_path / "gapwatch.toml"
    file.write_text('[digest]\nown_use = true\nvendors = ["groq", "openai"]\n')
    assert load(config=file).digest == Editing(own_use=True, vendors=("groq", "openai"))
    file.write_text("[digest]\nown_uses = true\n")
    with pytest.raises(UsageError, match=r"\[digest\]: unknown key 'own_uses'; known are own_use, vendors"):
        load(config=file)
