"""Weeks of 2026 in the recorded web: the figures are those of the boards, and asking again costs nothing.

What the boards say is read here straight from the recorded rows, by a rule of one line, and held against
what `gapwatch gap` answers after polling. Skips where the recorded web is not beside the project.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.prose import prose
from tests.support.recorded import recorded_web
from tracker.collect.registry import find

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

WEEKS = ("2026-03-08", "2026-04-12", "2026-05-31")
CATEGORIES = ("overall", "coding", "math", "hard_prompts", "instruction_following")
CONFIGS = {"text": "text", "style": "text_style_control"}
DATASET = "lmarena-ai/leaderboard-dataset"


class Replayed:
    """One database that has lived through the weeks, and the web that it lived in."""

    def __init__(self, web: Any, db: Path) -> None:
        self.web, self.db = web, db

    def run(self, day: str, *words: str) -> Any:
        """A command's JSON, run as a process on a day."""
        done = self._ran(day, *words, "--json")
        assert done.returncode in (0, 3), done.stderr
        return json.loads(done.stdout)

    def _ran(self, day: str, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tracker", "--db", str(self.db), "--now", day, *words],
            capture_output=True,
            text=True,
            env={"PATH": "", "HOME": str(self.db.parent), **self.web.env},
            cwd=Path(__file__).parents[1],
            timeout=200,
        )

    def text(self, day: str, *words: str) -> str:
        """What a command prints, run as a process on a day."""
        done = self._ran(day, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def board(self, day: str, family: str, category: str) -> list[dict[str, Any]]:
        """The recorded rows of a category, as the record holds them."""
        dataset = self.web.library.datasets[DATASET]
        _, rows = dataset.rows(CONFIGS[family], "latest", self.web.date)
        listed = [dict(zip(dataset.COLUMNS, row, strict=True)) for row in rows]
        return [row for row in listed if row["category"] == category]


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replayed]:
    """Gapwatch, run on three Sundays."""
    with recorded_web(WEEKS[0]) as web:
        yield Replayed(web, tmp_path_factory.mktemp("weeks") / "gapwatch.db")


@pytest.mark.parametrize("day", WEEKS)
def test_the_gap_is_that_of_the_board_and_a_second_run_transfers_nothing(
    replayed: Replayed, day: str
) -> None:
    replayed.web.set_date(day)
    first = replayed.run(day, "run", "--all")
    assert Path(first["digest"]["html"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    answers = {row["metric"]: row for row in replayed.run(day, "gap")}
    for family in CONFIGS:
        for category in CATEGORIES:
            rows = replayed.board(day, family, category)
            closed = max(row["rating"] for row in rows if row["license"] == "Proprietary")
            opened = max(row["rating"] for row in rows if row["license"] not in ("Proprietary", None))
            answer = answers[f"lmarena.{family}.{category}"]
            assert (answer["closed"]["value"], answer["open"]["value"]) == (closed, opened)
            assert answer["difference"] == closed - opened

    before = replayed.run(day, "changes", "--limit", "5000")
    replayed.web.clear_requests()
    second = replayed.run(day, "run", "--all")
    good = [row["outcome"] for row in second["outcomes"] if row["outcome"] not in ("failed", "blocked")]
    assert set(good) == {"unchanged", "paused"}  # the recorded web has no key for what wants one
    well = [row["name"] for row in second["outcomes"] if row["outcome"] == "unchanged"]
    pages = {url for name in well for url in find().sources[name].urls}
    assert {asked["status"] for asked in replayed.web.requests if asked["url"] in pages} == {304}
    assert replayed.run(day, "changes", "--limit", "5000") == before


def test_a_week_is_read_in_three_minutes(tmp_path: Path) -> None:
    with recorded_web("2026-05-24") as web:
        weekly = Replayed(web, tmp_path / "gapwatch.db")
        for day in ("2026-05-24", WEEKS[-1]):  # a week apart, as a reader has it
            web.set_date(day)
            weekly.run(day, "run")
        text = weekly.text(WEEKS[-1], "digest", "--week", "2026-W22")
    assert all(f"\n{title}" in text for title in ("WHAT HAPPENED", "BUILDER'S", "THE GAP", "PRICES", "NEWS"))
    assert len(text.splitlines()) <= 122
    assert len(prose(text)) <= 600


def test_every_open_leader_is_a_model_whose_weights_are_known_to_be_open(replayed: Replayed) -> None:
    replayed.web.set_date(WEEKS[-1])
    replayed.run(WEEKS[-1], "run")  # the weeks above may have been another process's
    for row in replayed.run(WEEKS[-1], "gap"):
        models = replayed.run(WEEKS[-1], "models", row["open"]["model"])
        assert [model["weights"] for model in models if model["model"] == row["open"]["model"]] == ["open"]
