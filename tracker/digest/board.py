"""The gap board: one row a task, by the metric that speaks for it first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from tracker.catalog.metrics import BY_ID, TASKS
from tracker.digest import words
from tracker.digest.evidence import Evidence
from tracker.digest.model import BoardRow, Side, Spark
from tracker.digest.style import month
from tracker.digest.weeks import day
from tracker.store.rows import PanelRow
from tracker.trends.agreement import AGREE, DISAGREE, NONE, SINGLE, Measure, agreement, is_fresh
from tracker.trends.states import UNKNOWN, compared

YEAR = timedelta(days=365)
OTHERS = 3  # metrics told beside the one that speaks for a task
LEADS = {
    AGREE: "Metrics agree",
    DISAGREE: "Metrics disagree",
    SINGLE: "Only one fresh metric tells its noise",
    NONE: "No fresh metric tells its noise",
}

Panel = Mapping[str, Sequence[PanelRow]]
States = Mapping[str, str]  # of each metric's gap in its last snapshot


def rows(panel: Panel, states: States, on: date, evidence: Evidence) -> tuple[BoardRow, ...]:
    """A row for every task; a task that nothing here measures says so."""
    return tuple(_row(task, latest, panel, states, on, evidence) for task, latest in _by_task(panel).items())


def _by_task(panel: Panel) -> dict[str, list[PanelRow]]:
    """The last snapshot of each of a task's metrics, in the order of the table; the user's own come last."""
    found: dict[str, list[PanelRow]] = {task: [] for task in TASKS}
    own = sorted(panel.keys() - BY_ID.keys())
    for rows in (panel[metric] for metric in (*BY_ID, *own) if panel.get(metric)):
        found.setdefault(rows[-1].task, []).append(rows[-1])
    return found


def first(latest: Sequence[PanelRow], on: date) -> PanelRow:
    """The row that speaks for a task: the first registered of the fresh ones, else the newest."""
    fresh = [row for row in latest if _is_fresh(row, on)]
    return fresh[0] if fresh else max(latest, key=lambda row: row.date)


def leading(panel: Panel, on: date) -> list[PanelRow]:
    """The row that speaks for each measured task."""
    return [first(latest, on) for latest in _by_task(panel).values() if latest]


def summary(panel: Panel, on: date) -> str:
    """Where open models stand on each board, over its tasks: the least and the most, ties apart."""
    rows = leading(panel, on)
    boards: dict[str, list[PanelRow]] = {}
    for row in rows:
        if _is_fresh(row, on) and _verdict(row) == "behind":
            boards.setdefault(row.board, []).append(row)
    said = [f"on {board} open models are {_range(behind)} behind" for board, behind in boards.items()]
    for state, verb in (("tied", "tied"), ("overtaken", "ahead")):
        tasks = [row.task + _dated(row, on) for row in rows if _verdict(row) == state]
        said += [f"they are {verb} in {words.listed(tasks)}"] if tasks else []
    return words.sentence("; ".join(said)) if said else ""


def _range(rows: Sequence[PanelRow]) -> str:
    """`30 points (chat) to 44 points (coding)`."""
    ends = sorted(rows, key=lambda row: row.difference)
    ends = [ends[0], ends[-1]] if len(ends) > 1 else ends
    return " to ".join(f"{words.points(row.difference, row.scale)} ({row.task})" for row in ends)


def _row(
    task: str, latest: Sequence[PanelRow], panel: Panel, states: States, on: date, evidence: Evidence
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
        states.get(row.metric, UNKNOWN),
        _spark(panel[row.metric]),
        day(row.date, on),
        _others(row, others, on),
        "" if row.noise is not None else "no interval published: no test is claimed",
        tuple(dict.fromkeys(ref for r in (row, *others) for ref in evidence(r.capture, board=r.board))),
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
    ends = [shown[0], shown[-1]] if len(shown) > 1 else shown
    label = ", ".join(f"{words.points(row.difference, row.scale)} on {day(row.date)}" for row in ends)
    return Spark(tuple((row.date, round(row.difference, 2)) for row in shown), label)


def _others(row: PanelRow, others: Sequence[PanelRow], on: date) -> str:
    """What the task's other metrics say, other boards first, and whether the fresh ones agree."""
    if not others:
        return ""
    shown = sorted(others, key=lambda other: (other.board == row.board, not _is_fresh(other, on)))
    said = [
        f"{r.metric_name}{_dated(r, on)}: {words.standing(r, compared(r.difference, r.noise))}"
        for r in shown[:OTHERS]
    ]
    more = f"; {len(shown) - OTHERS} more" if len(shown) > OTHERS else ""
    verdict = agreement([_measure(r) for r in (row, *others)], on).verdict
    return f"{LEADS[verdict]}. {'; '.join(said)}{more}."


def _measure(row: PanelRow) -> Measure:
    return Measure(row.metric, date.fromisoformat(row.date), row.open_name, row.difference, row.noise)


def _is_fresh(row: PanelRow, on: date) -> bool:
    return is_fresh(date.fromisoformat(row.date), on)


def _dated(row: PanelRow, on: date) -> str:
    return "" if _is_fresh(row, on) else f" ({month(date.fromisoformat(row.date))})"


def _verdict(row: PanelRow) -> str:
    """`tied`, `overtaken` or `behind`; where the noise is unknown `behind` or `ahead`."""
    seen = compared(row.difference, row.noise)
    return seen if seen != UNKNOWN else "behind" if row.difference > 0 else "ahead"
