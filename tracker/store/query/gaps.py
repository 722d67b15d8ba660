"""The gap panel, read: open against closed, now or as a series."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from typing import Any, NamedTuple

from tracker.catalog.metrics import BY_ID, COMPARED, TASKS
from tracker.domain import Standing
from tracker.errors import NothingFound, UsageError
from tracker.store.query import OWN, WATCHED_ON, Row, close_to, fold, shown
from tracker.store.query.lags import as_published
from tracker.store.query.steps import Stories, Story, latest
from tracker.trends.agreement import Agreement, Measure, agreement, sentence
from tracker.trends.states import UNKNOWN

QUARTER = timedelta(days=91)
YEAR = timedelta(days=365)
WIDEST = "any"


class Ask(NamedTuple):
    """Which rows of the panel: the licence class, what was known by `on`, and days for a series."""

    on: str
    licence: str = WIDEST
    since: str = ""
    until: str = ""
    published: bool = False  # whether the lag as published is wanted, too

    @property
    def series(self) -> bool:
        """Whether a series is asked for, rather than the latest snapshot."""
        return bool(self.since or self.until)


def metrics_named(connection: sqlite3.Connection, name: str) -> list[str]:
    """The ids of the metrics that a name means: an id, a metric's name, a board or a task; "" is all.

    UsageError for an unknown name; NothingFound for a task that nothing watched here measures.
    """
    rows = connection.execute(
        f"SELECT id, name, board, task FROM metric WHERE scale IN {COMPARED}"
    ).fetchall()
    found = [(row[3], row[0]) for row in rows if not name or fold(name) in map(fold, row)]
    if found:
        return [metric for _, metric in sorted(found, key=_rank)]
    if fold(name) in map(fold, TASKS):
        raise NothingFound(f"{name}: no public measure of this task is watched yet")
    known = sorted({*TASKS, *(part for row in rows for part in row)})
    hint = close_to(name, known) or f"; tasks are {', '.join(TASKS)}"
    raise UsageError(f"{name}: no such metric or task{hint}")


def _rank(named: tuple[str, str]) -> tuple[int, int, str]:
    """Where a metric of a task stands: tasks, and metrics within them, in the order of their tables."""
    task, metric = named
    known = list(BY_ID)
    return (
        TASKS.index(task) if task in TASKS else len(TASKS),
        known.index(metric) if metric in BY_ID else len(known),
        metric,
    )


_PANEL = (
    "SELECT g.*, c.observed, k.task, k.board, k.name AS metric_name, k.scale, k.higher_is_better,"
    " coalesce(o.name, g.open_model) AS open_name, coalesce(m.name, g.closed_model) AS closed_name"
    " FROM gap g JOIN capture c ON c.id = g.capture"
    " JOIN source w ON w.name = g.source"
    " JOIN metric k ON k.id = g.metric LEFT JOIN model o ON o.id = g.open_model"
    " LEFT JOIN model m ON m.id = g.closed_model"
    " WHERE g.metric = ? AND g.licence_class = ? AND c.observed <= ?"
)


def gaps(connection: sqlite3.Connection, metrics: list[str], ask: Ask) -> list[Row]:
    """The panel of the metrics: each one's latest snapshot, or with days given every one, oldest first."""
    cursor = connection.cursor()
    cursor.row_factory = sqlite3.Row
    rows = [row for metric in metrics for row in _rows(cursor, metric, ask)]
    stories = Stories(connection, metrics, ask.licence, ask.on)
    found = [_answer(cursor, row, stories.of(row["metric"], row["vintage"]), ask) for row in rows]
    return found if ask.series else agreed(found, date.fromisoformat(ask.on[:10]))


def agreed(rows: list[Row], on: date) -> list[Row]:
    """The rows, each with what all of its task say together where they are the metrics of a task."""
    by_task: dict[str, list[Row]] = {}
    for row in rows:
        by_task.setdefault(row["task"], []).append(row)
    found = {task: agreement([_measure(row) for row in same], on) for task, same in by_task.items()}
    return [{**row, "agreement": _told(found[row["task"]])} for row in rows]


def _measure(row: Row) -> Measure:
    name = shown(row["open"]["name"], row["open"]["variant"]) if row["open"] else ""
    return Measure(row["metric"], date.fromisoformat(row["date"]), name, row["difference"], row["noise"])


def _told(found: Agreement) -> Row:
    """An agreement as an answer: under each word the metrics that say it."""
    groups = {name.replace(" ", "_"): list(metrics) for name, metrics in found.groups.items()}
    return {"verdict": found.verdict, **groups, "stale": list(found.stale), "said": sentence(found)}


def _rows(cursor: sqlite3.Cursor, metric: str, ask: Ask) -> list[Any]:
    asked = (metric, ask.licence, ask.on)
    if not ask.series:
        return cursor.execute(
            f"{_PANEL} AND {WATCHED_ON} ORDER BY g.date DESC, {OWN} DESC, c.observed DESC LIMIT 1",
            (*asked, ask.on),
        ).fetchall()
    rows = cursor.execute(
        f"{_PANEL} AND g.date >= ? AND g.date <= ? ORDER BY g.date, {OWN}, c.observed",
        (*asked, ask.since, ask.until or "9999"),
    )
    return list({(row["vintage"], row["date"]): row for row in rows}.values())


def _answer(cursor: sqlite3.Cursor, row: Any, story: Story, ask: Ask) -> Row:
    event = latest(story.by(row["date"]), row["date"])
    day = date.fromisoformat(row["date"])
    return {
        "metric": row["metric"],
        "metric_name": row["metric_name"],
        "board": row["board"],
        "task": row["task"],
        "date": row["date"],
        "vintage": row["vintage"],
        "licence": ask.licence,
        "open": _side(row, "open"),
        "closed": _side(row, "closed"),
        "difference": row["difference"],
        "percent": row["percent"],
        "win_probability": row["win_probability"],
        "noise": row["noise"],
        "lag": _lag(cursor, row, ask),
        "state": UNKNOWN if row["difference"] is None else story.state(row["date"]),
        "change_3m": _moved(cursor, row, ask, day - QUARTER),
        "change_12m": _moved(cursor, row, ask, day - YEAR),
        "event": event,
        "n": row["n_open"] + row["n_closed"],
        "n_unknown": row["n_unknown"],
        "span_days": (day - _first_day(cursor, row, ask)).days,
        "standing": _standing(event, row),
        "source": row["source"],
        "scale": row["scale"],
        "evidence": [f"c{row['capture']}"],
    }


def _lag(cursor: sqlite3.Cursor, row: Any, ask: Ask) -> Row:
    """Days under each definition; with the matched one, how many records were matched, and not yet."""
    found = {name: row[f"lag_{name}"] for name in ("strict", "tied", "matched", "area")}
    found |= {"matched_n": row["matched_n"], "censored_n": row["censored_n"]}
    return found | ({"published": as_published(cursor, row, ask.on)} if ask.published else {})


def _side(row: Any, side: str) -> Row | None:
    if not row[f"{side}_model"]:
        return None
    figures = {part: row[f"{side}_{part}"] for part in ("model", "variant", "name", "value", "low", "high")}
    return {**figures, "point": f"p{row[f'{side}_point']}"}


def _standing(event: Row | None, row: Any) -> str:
    """Provisional while the event that made this gap is, confirmed otherwise."""
    leads = event and row[f"{event['side']}_model"] == event["model"]
    if event and leads and event["standing"] == Standing.PROVISIONAL:
        return str(Standing.PROVISIONAL)
    return str(Standing.CONFIRMED)


_SPAN = (
    " FROM gap g JOIN capture c ON c.id = g.capture WHERE g.metric = ? AND g.licence_class = ?"
    " AND g.vintage = ? AND c.observed <= ? AND g.difference IS NOT NULL"
)


def _moved(cursor: sqlite3.Cursor, row: Any, ask: Ask, day: date) -> float | None:
    """The difference now minus that in force on a day, in one vintage; None where none is known."""
    before = cursor.execute(
        f"SELECT g.difference {_SPAN} AND g.date <= ? ORDER BY g.date DESC, {OWN} DESC, c.observed DESC"
        " LIMIT 1",
        (row["metric"], ask.licence, row["vintage"], ask.on, day.isoformat()),
    ).fetchone()
    if before is None or row["difference"] is None:
        return None
    return round(float(row["difference"] - before[0]), 6)


def _first_day(cursor: sqlite3.Cursor, row: Any, ask: Ask) -> date:
    first = cursor.execute(
        f"SELECT min(g.date) {_SPAN}", (row["metric"], ask.licence, row["vintage"], ask.on)
    ).fetchone()[0]
    return date.fromisoformat(first or row["date"])
