"""The metrics as they are measured here: shipped ones and those of own places, grouped as the user says.

[metrics."lmarena.text.coding"]     # in gapwatch.toml
task = "agentic coding"
name = "Arena, code"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from tracker.catalog.metrics import COMPARED, METRICS, TASKS
from tracker.config import Settings
from tracker.domain import Metric
from tracker.errors import UsageError
from tracker.source import Source

KEYS = ("task", "name")


def measured(settings: Settings, sources: Iterable[Source]) -> list[Metric]:
    """Every metric, grouped as the settings say. UsageError for a metric, key or task that there is not."""
    known = {metric.id: metric for metric in (*(m for s in sources for m in s.metrics), *METRICS)}
    for id, said in settings.metrics.items():
        metric, checked = _metric(id, known), _checked(id, said)
        known[id] = replace(
            metric, task=checked.get("task", metric.task), name=checked.get("name", metric.name)
        )
    return list(known.values())


def _metric(id: str, known: Mapping[str, Metric]) -> Metric:
    compared = [name for name, metric in known.items() if metric.scale in COMPARED]
    if id in compared:
        return known[id]
    from difflib import get_close_matches  # only where something went wrong

    near = get_close_matches(id, compared, n=4, cutoff=0.5)
    hint = (
        f"; did you mean {', '.join(near)}?"
        if near
        else '; write its whole id in quotes: [metrics."my.score"]'
    )
    raise UsageError(f'gapwatch.toml: [metrics."{id}"]: there is no such leaderboard metric{hint}')


def _checked(id: str, said: Any) -> dict[str, str]:
    """What is said of a metric, each of its keys a text."""
    where = f'gapwatch.toml: [metrics."{id}"]'
    if not isinstance(said, dict):
        raise UsageError(f"{where} must be a table with {' or '.join(KEYS)}")
    for key, value in said.items():
        if key not in KEYS or not isinstance(value, str) or not value:
            raise UsageError(f"{where} has {key} = {value!r}; it takes {' and '.join(KEYS)}, each a text")
    if said.get("task", TASKS[0]) not in TASKS:
        raise UsageError(f"{where}: there is no task {said['task']!r}; tasks are {', '.join(TASKS)}")
    return said
