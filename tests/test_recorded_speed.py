"""Recorded pages of Artificial Analysis and thefastest.ai: every figure is stored as it stands there.

Skips where the recorded web is not beside the project.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.recorded import recorded_web
from tracker.collect import passes
from tracker.config import Settings
from tracker.domain import Outcome

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ANALYSIS = "https://artificialanalysis.ai/api/v2/data/llms/models"
FASTEST = "https://thefastest.ai/data/latest.json"
KEY = "ARTIFICIAL_ANALYSIS_API_KEY"


class Watched:
    """A database in the recorded web, and what the web has at a URL."""

    def __init__(self, web: Any, folder: Path) -> None:
        self.web, self.folder = web, folder

    def poll(self, name: str, day: str) -> Outcome:
        self.web.set_date(day)
        now = datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=UTC)
        (report,) = passes.run(Settings(self.folder / "g.db", self.folder, now=now), [name])
        return report.outcome

    def recorded(self, url: str) -> Any:
        page = self.web.library.page(url, self.web.date, {"x-api-key": "any"})
        return json.loads(page.body, parse_float=Decimal)

    def figures(self, metric: str) -> dict[tuple[str, str, str], Decimal]:
        """{(spelling, provider, condition): figure} in force."""
        with closing(sqlite3.connect(self.folder / "g.db")) as connection:
            rows = connection.execute(
                "SELECT s.subject, s.provider, s.condition, p.value FROM series s JOIN point p ON p.id ="
                " (SELECT id FROM point WHERE series = s.id ORDER BY at DESC LIMIT 1)"
                " WHERE s.metric = ? AND p.value IS NOT NULL",
                (metric,),
            )
            return {(row[0], row[1], row[2]): Decimal(row[3]) for row in rows}


@pytest.mark.parametrize("day", ["2026-04-10", "2026-05-13", "2026-05-14", "2026-05-31"])
def test_the_analysts_figures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    with recorded_web(day) as web:
        for name, value in {**web.env, KEY: "a-key-of-the-recorded-web"}.items():
            monkeypatch.setenv(name, value)
        watched = Watched(web, tmp_path)
        assert watched.poll("artificial_analysis", day) is Outcome.NEW
        models = watched.recorded(ANALYSIS)["data"]
        for field, metric in (("gpqa", "aa.gpqa"), ("tau2", "aa.tau2")):
            shares = {m["name"].strip(): m["evaluations"][field] for m in models}
            assert watched.figures(metric) == {
                (name, "", ""): share * 100 for name, share in shares.items() if share is not None
            }
        speeds = {m["name"].strip(): m["median_output_tokens_per_second"] for m in models}
        assert watched.figures("speed.throughput") == {(n, "", "p50"): v for n, v in speeds.items() if v}
        assert not watched.figures("price.input")


def test_without_a_key_the_analyst_is_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with recorded_web("2026-05-31") as web:
        for name, value in web.env.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv(KEY, raising=False)
        assert Watched(web, tmp_path).poll("artificial_analysis", "2026-05-31") is Outcome.PAUSED
        assert not [asked for asked in web.requests if "artificialanalysis" in asked["url"]]


@pytest.mark.parametrize("day", ["2024-04-17", "2024-04-22", "2024-05-03"])
def test_the_runs_of_the_hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    with recorded_web(day) as web:
        for name, value in web.env.items():
            monkeypatch.setenv(name, value)
        watched = Watched(web, tmp_path)
        assert watched.poll("thefastest", day) is Outcome.NEW
        runs = watched.recorded(FASTEST)
        recorded = sorted(
            result["tps"] for run in runs for result in run["results"] if 0 < result["tps"] < 999
        )
        assert sorted(watched.figures("speed.throughput").values()) == recorded
