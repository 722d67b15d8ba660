"""The gap board: one row a task, by the metric that speaks for it first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from shlex import quote
from types import MappingProxyType

from tracker.catalog.metrics import BY_ID, TASKS
from tracker.digest import words
from tracker.digest.evidence import Evidence
from tracker.digest.model import BoardRow, Side, Spark
from tracker.digest.style import month
from tracker.digest.weeks import day
from tracker.store.rows import PanelRow
from tracker.trends.agreement import (
    AGREE,
    DISAGREE,
    NONE,
    SAID,
    SINGLE,
    Agreement,
    Measure,
    agreement,
    is_fresh,
)
from tracker.trends.states import UNKNOWN, compared

YEAR, WEEK = timedelta(days=365), timedelta(days=7)
NAMED = 2  # metrics named of those that say the same, where a task's metrics disagree
IN_WORDS = {
    AGREE: "metrics agree",
    DISAGREE: "metrics differ",
    SINGLE: "one sure metric",
    NONE: "no noise told",
}

Panel = Mapping[str, Sequence[PanelRow]]
States = Mapping[str, str]  # of each metric's gap in its last snapshot


def rows(
    panel: Panel,
    states: States,
    on: date,
    evidence: Evidence,
    withheld: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> tuple[BoardRow, ...]:
    """A row for every task; a task that nothing here measures, or nothing that may be told, says so.

    `withheld` are the boards of each task whose figures may not be published.
    """
    return tuple(
        _row(latest, panel, states, on, evidence)
        if latest
        else BoardRow(task, note=unmeasured(task, withheld))
        for task, latest in by_task(panel).items()
    )


def unmeasured(task: str, withheld: Mapping[str, Collection[str]]) -> str:
    """Why there is no figure for a task."""
    if boards := withheld.get(task):
        whose = "its" if len(boards) == 1 else "their"
        kept = f"whose terms keep {whose} figures out of what is published"
        return f"measured by {words.listed(sorted(boards))}, {kept}; `gapwatch gap {quote(task)}` shows them"
    return "no public measure yet"


def by_task(panel: Panel) -> dict[str, list[PanelRow]]:
    """The last snapshot of each of a task's metrics, in the order of the table; the user's own come last."""
    found: dict[str, list[PanelRow]] = {task: [] for task in TASKS}
    own = sorted(panel.keys() - BY_ID.keys())
    for rows in (panel[metric] for metric in (*BY_ID, *own) if panel.get(metric)):
        found.setdefault(rows[-1].task, []).append(rows[-1])
    return found


def first(latest: Sequence[PanelRow], on: date) -> PanelRow:
    """The row that speaks for a task: the first registered of the fresh ones, else the newest."""
    found = [row for row in latest if fresh(row, on)]
    return found[0] if found else max(latest, key=lambda row: row.date)


def leading(panel: Panel, on: date) -> list[PanelRow]:
    """The row that speaks for each measured task."""
    return [first(latest, on) for latest in by_task(panel).values() if latest]


def summary(rows: Sequence[PanelRow], on: date, *, quiet: bool) -> str:
    """Where open models stand on each board, over its tasks: the least and the most, ties apart."""
    boards: dict[str, list[PanelRow]] = {}
    for row in rows:
        if fresh(row, on) and _verdict(row) == "behind":
            boards.setdefault(row.board, []).append(row)
    said = [
        f"{_range(behind, named=not place)} behind on {board}"
        for place, (board, behind) in enumerate(boards.items())
    ]
    for state, word in (
        ("tied", "tied"),
        ("overtaken", "ahead"),
        ("ahead", "ahead by a board without noise"),
    ):
        tasks = [row.task + _dated(row, on) for row in rows if _verdict(row) == state]
        said += [f"{word} in {words.listed(tasks)}"] if tasks else []
    return words.sentence(f"open models {'stay' if quiet else 'are'} {words.listed(said)}") if said else ""


def _range(rows: Sequence[PanelRow], *, named: bool) -> str:
    """`30 (chat) to 44 points (coding)`; `6.5 to 18.5 points` where the tasks are not named."""
    ends = sorted(rows, key=lambda row: row.difference)
    if len(ends) == 1:
        return f"{words.points(ends[0].difference, ends[0].scale)} ({ends[0].task})"
    least, most = ends[0], ends[-1]
    first, last = words.points(least.difference, least.scale), words.points(most.difference, most.scale)
    if not named:
        return f"{first.partition(' ')[0]} to {last}"
    return f"{first.partition(' ')[0]} ({least.task}) to {last} ({most.task})"


def _row(latest: Sequence[PanelRow], panel: Panel, states: States, on: date, evidence: Evidence) -> BoardRow:
    row = first(latest, on)
    found = agreement([_measure(one) for one in latest], on)
    others = _disagreeing(found) if found.verdict == DISAGREE else {}
    cited = [row, *(one for one in latest if any(one.metric in named for named in others.values()))]
    return BoardRow(
        row.task,
        row.metric_name,
        Side(row.open_name, words.score(row.open_value, row.scale), row.open_licence),
        Side(row.closed_name, words.score(row.closed_value, row.scale)),
        _gap(row),
        words.lag(row.lag_strict),
        states.get(row.metric, UNKNOWN),
        _spark(panel[row.metric]),
        day(row.date, on),
        _others(found, others, {one.metric: one.metric_name for one in latest}),
        "" if row.noise is not None else "no interval published: no test is claimed",
        tuple(dict.fromkeys(ref for r in cited for ref in evidence(r.capture, board=r.board))),
        IN_WORDS[found.verdict],
        on - date.fromisoformat(row.date) < WEEK,
    )


def _disagreeing(found: Agreement) -> dict[str, Sequence[str]]:
    """The metrics that are named of each that says something else."""
    return {name: found.groups[name][:NAMED] for name in SAID if found.groups[name]}


def _others(found: Agreement, others: Mapping[str, Sequence[str]], names: Mapping[str, str]) -> str:
    """`open is tied on Aider polyglot, behind on LMArena coding, BigCodeBench and 2 more`."""
    said = []
    for name, metrics in others.items():
        more = len(found.groups[name]) - len(metrics)
        told = [*(names[metric] for metric in metrics), *([f"{more} more"] if more else [])]
        said.append(f"{SAID[name]} on {words.listed(told)}")
    return words.sentence(f"open is {'; '.join(said)}") if said else ""


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


def _measure(row: PanelRow) -> Measure:
    return Measure(row.metric, date.fromisoformat(row.date), row.open_name, row.difference, row.noise)


def fresh(row: PanelRow, on: date) -> bool:
    """Whether a snapshot still says where things stand."""
    return is_fresh(date.fromisoformat(row.date), on)


def _dated(row: PanelRow, on: date) -> str:
    return "" if fresh(row, on) else f" ({month(date.fromisoformat(row.date))})"


def _verdict(row: PanelRow) -> str:
    """`tied`, `overtaken` or `behind`; where the noise is unknown `behind` or `ahead`."""
    seen = compared(row.difference, row.noise)
    return seen if seen != UNKNOWN else "behind" if row.difference > 0 else "ahead"
