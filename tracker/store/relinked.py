"""Which spellings lead elsewhere since they were last looked at, and which captures speak of them.

A board may name a model only after a price list has sold it for weeks: what was told of the spelling is
told of the model then, as if that had always been known.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection


class Relinked(NamedTuple):
    """The captures in which a spelling moved that leads elsewhere now, and the models it leads to."""

    captures: set[int]
    models: list[str]


def remember(connection: Connection) -> None:
    """Keep where every spelling leads, until `since` is asked within the same transaction."""
    connection.exec_driver_sql("DROP TABLE IF EXISTS temp.led")
    connection.exec_driver_sql(
        "CREATE TEMP TABLE led AS SELECT source, subject, model, variant FROM spelling"
    )


def since(connection: Connection) -> Relinked:
    """What leads elsewhere than it did; a spelling that is new does not."""
    connection.exec_driver_sql(
        "CREATE TEMP TABLE elsewhere AS SELECT n.source, n.subject, n.model FROM led o JOIN spelling n"
        " ON n.source = o.source AND n.subject = o.subject"
        " WHERE n.model IS NOT o.model OR n.variant <> o.variant"
    )
    captures = connection.exec_driver_sql(
        "WITH moved AS (SELECT s.id FROM elsewhere e JOIN series s ON +s.source = e.source"
        " AND s.subject = e.subject) SELECT p.capture FROM moved m JOIN point p ON p.series = m.id"
        " UNION SELECT h.capture FROM moved m JOIN held h ON h.series = m.id"
    ).fetchall()
    models = connection.exec_driver_sql(
        "SELECT DISTINCT model FROM elsewhere WHERE model IS NOT NULL ORDER BY model"
    ).fetchall()
    for table in ("led", "elsewhere"):
        connection.exec_driver_sql(f"DROP TABLE temp.{table}")
    return Relinked({row[0] for row in captures}, [row[0] for row in models])
