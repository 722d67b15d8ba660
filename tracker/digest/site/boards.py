"""The board of all tasks, what their metrics say together, and every metric."""

from __future__ import annotations

from collections import defaultdict

from tracker.digest import words
from tracker.digest.model import BoardRow
from tracker.digest.site.citing import Cites
from tracker.digest.site.facts import Facts
from tracker.digest.site.names import metric_page
from tracker.digest.site.page import SHORT, Cell, Column, Page, Section, Table
from tracker.digest.weeks import day
from tracker.trends.states import compared

BOARD = (
    Column("Task"),
    Column("Best open"),
    Column("Best proprietary"),
    Column("Gap", SHORT),
    Column("Lag", SHORT),
    Column("State", SHORT),
    Column("12 months"),
)


def board_page(facts: Facts, cites: Cites) -> Page:
    """Where every task stands, and what its other metrics say."""
    table = Table("Best open against best proprietary model, one row a task", BOARD, rows(facts, cites))
    others = Table(
        "What the metrics of a task say together", (Column("Task"), Column("Agreement")), _told(facts)
    )
    sections = [Section("gap", "The gap", _unmeasured(facts), table=table)]
    sections += [Section("agreement", "Agreement", table=others)] if others.rows else []
    sections += [Section("metrics", "Every metric", table=_metrics(facts, cites))] if facts.panel else []
    lead = "Nothing has been measured yet." if not facts.panel else ""
    return Page(
        "board.html",
        "Board",
        "The gap, task by task",
        lead,
        sections=tuple(sections),
        credits=cites.credits(),
    )


def _unmeasured(facts: Facts) -> str:
    """The tasks without a figure here, by the reason."""
    by_note: dict[str, list[str]] = defaultdict(list)
    for row in facts.board:
        if not row.metric:
            by_note[row.note].append(row.task)
    return " ".join(words.sentence(f"{words.listed(tasks)}: {note}") for note, tasks in by_note.items())


def rows(facts: Facts, cites: Cites) -> tuple[tuple[Cell, ...], ...]:
    """The rows of the board's tasks that have a measure."""
    pages = {rows[-1].metric_name: metric_page(metric) for metric, rows in facts.panel.items()}
    return tuple(_task(row, facts, pages.get(row.metric, ""), cites) for row in facts.board if row.metric)


def _task(row: BoardRow, facts: Facts, page: str, cites: Cites) -> tuple[Cell, ...]:
    captures = [int(facts.cited[ref].capture[1:]) for ref in row.refs]
    size, _, share = row.gap.partition(", ")
    head = f"{row.metric}, {row.as_of}" if row.as_of else row.metric
    return (
        Cell(row.task[:1].upper() + row.task[1:], page, under=head, evidence=cites.all(captures)),
        Cell(row.open.value, under=", ".join(filter(None, (row.open.name, row.open.licence))), tone="open")
        if row.open
        else Cell("none"),
        Cell(row.closed.value, under=row.closed.name, tone="closed") if row.closed else Cell("none"),
        Cell(size, under=share),
        Cell(row.lag or "unknown"),
        Cell(row.state, tone="state"),
        Cell("", spark=row.spark),
    )


def _told(facts: Facts) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (Cell(row.task[:1].upper() + row.task[1:]), Cell(row.others)) for row in facts.board if row.others
    )


def _metrics(facts: Facts, cites: Cites) -> Table:
    """Every metric in its last snapshot, by task."""
    columns = (
        Column("Metric"),
        Column("Task"),
        Column("Gap", SHORT),
        Column("State", SHORT),
        Column("Figures of", SHORT),
    )
    latest = sorted((rows[-1] for rows in facts.panel.values()), key=lambda row: (row.task, row.metric_name))
    cells = tuple(
        (
            Cell(row.metric_name, metric_page(row.metric), evidence=cites.all([row.capture])),
            Cell(row.task),
            Cell(words.standing(row, compared(row.difference, row.noise))),
            Cell(facts.stories[row.metric].state(row.date), tone="state"),
            Cell(day(row.date)),
        )
        for row in latest
    )
    return Table("The last snapshot of every metric", columns, cells)
