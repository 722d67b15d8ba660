"""Which models a board lists: in the newest vintage of any of its metrics, a model at a date once."""

from __future__ import annotations

from sqlalchemy import Connection

from tracker.catalog.metrics import COMPARED


def listed(connection: Connection, source: str, at: str) -> frozenset[tuple[str, str]]:
    """(model, date of its snapshot) of everything that a board lists at a time; empty for a price list."""
    rows = connection.exec_driver_sql(
        "WITH current AS (SELECT s.metric, max(s.vintage) AS vintage FROM series s JOIN metric k"
        f" ON k.id = s.metric AND k.scale IN {COMPARED} WHERE s.source = ? AND EXISTS"
        " (SELECT 1 FROM point WHERE series = s.id AND at <= ?) GROUP BY s.metric)"
        " SELECT DISTINCT coalesce(l.model, s.subject), coalesce(l.variant, '') FROM current"
        " JOIN series s ON s.source = ? AND s.metric = current.metric AND s.vintage = current.vintage"
        " LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
        " WHERE (SELECT value FROM point WHERE series = s.id AND at <= ? ORDER BY at DESC LIMIT 1)"
        " IS NOT NULL",
        (source, at, source, at),
    )
    return frozenset((row[0], dated(row[1])) for row in rows)


def dated(variant: str) -> str:
    """The date in a variant, which efforts, tiers and quantisations of one snapshot share."""
    return "-".join(part for part in variant.split("-") if part.isdigit())
