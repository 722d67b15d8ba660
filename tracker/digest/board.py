"""The gap board: one row a task, by the metric that speaks for it first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from tracker.catalog.metrics import METRICS, TASKS
from tracker.digest import words
from tracker.digest.evidence import Evidence
from tracker.digest.model import BoardRow, Side, Spark
from tracker.digest.weeks import day
from tracker.domain import Standing
from tracker.store.weekly import ChangeRow, PanelRow
from tracker.trends import events

FRESH = timedelta(days=60)
YEAR = timedelta(days=365)

Panel = Mapping[str, Sequence[PanelRow]]
Steps = Mapping[str, Sequence[ChangeRow]]


def rows(panel: Panel, steps: Steps, on: date, evidence: Evidence) -> tuple[BoardRow, ...]:
    """A row for every task; a task that nothing here measures says so."""
    by_task: dict[str, list[PanelRow]] = {task: [] for task in TASKS}
    for metric in METRICS:
        if metric.task in by_task and panel.get(metric.id):
            by_task[metric.task].append(panel[metric.id][-1])
    return tuple(_row(task, latest, panel, steps, on, evidence) for task, latest in by_task.items())


def state_of(row: PanelRow, steps: Steps) -> str:
    """The state of a gap in the snapshot of a row, from the confirmed events of its metric."""
    confirmed = [
        (date.fromisoformat(step.date), step.detail.split(" ", 1)[0])
        for step in steps.get(row.metric, ())
        if step.standing == Standing.CONFIRMED and step.date <= row.date
    ]
    return events.state(confirmed, row.difference, row.noise, date.fromisoformat(row.date))


def first(latest: Sequence[PanelRow], on: date) -> PanelRow:
    """The row that speaks for a task: the first registered of the fresh ones, else the newest."""
    fresh = [row for row in latest if on - date.fromisoformat(row.date) <= FRESH]
    return fresh[0] if fresh else max(latest, key=lambda row: row.date)


def _row(
    task: str, latest: Sequence[PanelRow], panel: Panel, steps: Steps, on: date, evidence: Evidence
) -> BoardRow:
    if not latest:
        return BoardRow(task, note="no public measure watched yet")
    row = first(latest, on)
    others = [other for other in latest if other is not row]
    return BoardRow(
        task,
        row.metric_name,
        Side(row.open_name, words.score(row.open_value, row.scale), row.open_licence),
        Side(row.closed_name, words.score(row.closed_value, row.scale)),
        _gap(row),
        words.lag(row.lag_strict),
        state_of(row, steps),
        _spark(panel[row.metric]),
        day(row.date, on),
        _others(row, others, steps, on),
        "" if row.noise is not None else "no interval published: no test is claimed",
        evidence(row.capture, *(other.capture for other in others)),
    )


def _gap(row: PanelRow) -> str:
    """`25 points, 1.8 %`; `12 points ahead`."""
    if row.difference < 0:
        return f"{words.points(row.difference, row.scale)} ahead"
    share = f", {words.percent(row.percent)}" if row.percent is not None and row.scale == "elo" else ""
    return words.points(row.difference, row.scale) + share


def _spark(history: Sequence[PanelRow]) -> Spark:
    """The gap over the year before its last snapshot."""
    since = (date.fromisoformat(history[-1].date) - YEAR).isoformat()
    shown = [row for row in history if row.date >= since]
    start, end = shown[0], shown[-1]
    scale = end.scale
    label = (
        f"{words.points(start.difference, scale)} on {day(start.date)}, "
        f"{words.points(end.difference, scale)} on {day(end.date)}"
    )
    return Spark(tuple((row.date, round(row.difference, 2)) for row in shown), label)


def _others(row: PanelRow, others: Sequence[PanelRow], steps: Steps, on: date) -> str:
    """What the task's other metrics say, and whether they agree on behind, tied or ahead."""
    if not others:
        return ""
    said = [
        f"{other.metric_name}{_dated(other, on)}: {words.standing(other, state_of(other, steps))}"
        for other in others
    ]
    verdicts = {_verdict(other, steps) for other in (row, *others)}
    lead = "Metrics agree" if len(verdicts) == 1 else "Metrics disagree"
    return f"{lead}. {'; '.join(said)}."


def _dated(row: PanelRow, on: date) -> str:
    return "" if on - date.fromisoformat(row.date) <= FRESH else f" ({date.fromisoformat(row.date):%B %Y})"


def _verdict(row: PanelRow, steps: Steps) -> str:
    state = state_of(row, steps)
    return state if state in ("tied", "overtaken") else "behind" if row.difference > 0 else "ahead"
