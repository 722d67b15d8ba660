"""The metrics as the database knows them: the shipped ones, and those that the user's own places bring."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from tracker.domain import Metric

COLUMNS = "id, name, board, task, unit, scale, higher_is_better, questions"


def keep(connection: Connection, metrics: Iterable[Metric]) -> None:
    """Bring the table of metrics up to these; a metric that is no longer measured stays for its history."""
    rows = [
        (m.id, m.name, m.board, m.task, m.unit, m.scale, m.higher_is_better, m.questions) for m in metrics
    ]
    connection.exec_driver_sql(
        f"INSERT OR REPLACE INTO metric ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows
    )


def load(connection: Connection) -> dict[str, Metric]:
    """Every metric by its id."""
    rows = connection.exec_driver_sql(f"SELECT {COLUMNS} FROM metric")
    return {
        id: Metric(id, name, board, task, unit, scale, bool(up), questions)
        for id, name, board, task, unit, scale, up, questions in rows
    }
