"""Which task a metric speaks for: as the user's gapwatch.toml says, of shipped metrics and of own places."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.database import BOARD
from tracker.catalog.metrics import BY_ID, METRICS
from tracker.collect.grouping import measured
from tracker.config import Settings, load
from tracker.domain import Metric
from tracker.errors import UsageError

OWN = replace(BOARD, metrics=(Metric("my.score", "My score", "My board", "chat", "%", "percent"),))


def settings(folder: Path, text: str) -> Settings:
    config = folder / "gapwatch.toml"
    config.write_text(text, encoding="utf-8")
    return load(db=folder / "gapwatch.db", config=config, environ={})


def grouped(folder: Path, text: str) -> dict[str, Metric]:
    return {metric.id: metric for metric in measured(settings(folder, text), [OWN])}


def test_without_a_word_metrics_are_as_shipped_and_own_ones_as_their_places_say(tmp_path: Path) -> None:
    assert grouped(tmp_path, "") == BY_ID | {"my.score": OWN.metrics[0]}


def test_a_shipped_metric_speaks_for_another_task(tmp_path: Path) -> None:
    found = grouped(tmp_path, '[metrics."lmarena.text.coding"]\ntask = "agentic coding"')
    assert found["lmarena.text.coding"].task == "agentic coding"
    assert found["lmarena.text.coding"].name == BY_ID["lmarena.text.coding"].name
    assert len(found) == len(METRICS) + 1


def test_an_own_metric_has_another_name_and_task(tmp_path: Path) -> None:
    found = grouped(tmp_path, '[metrics."my.score"]\ntask = "vision"\nname = "Ours"')
    assert (found["my.score"].task, found["my.score"].name) == ("vision", "Ours")


WRONG = {
    "a metric that there is not": (
        '[metrics."lmarena.text.codin"]\ntask = "coding"',
        r'\[metrics\."lmarena\.text\.codin"\].*no such leaderboard metric; did you mean lmarena\.text\.cod',
    ),
    "an id without quotes": ("[metrics.my.score]\ntask = 'coding'", "whole id in quotes"),
    "a price": ('[metrics."price.input"]\ntask = "coding"', "no such leaderboard metric"),
    "a task that there is not": (
        '[metrics."my.score"]\ntask = "codin"',
        "there is no task 'codin'; tasks are chat, instruction following",
    ),
    "a key that means nothing": ('[metrics."my.score"]\nscale = "elo"', "it takes task and name"),
    "a task that is no text": ('[metrics."my.score"]\ntask = 3', "it takes task and name, each a text"),
    "no table": ('[metrics]\n"my.score" = "chat"', "must be a table with task or name"),
}


@pytest.mark.parametrize(("text", "error"), WRONG.values(), ids=WRONG.keys())
def test_what_is_wrong_is_told(text: str, error: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=error):
        grouped(tmp_path, text)


def test_metrics_must_be_a_table(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\[metrics\] must be a table"):
        settings(tmp_path, "metrics = 3")
