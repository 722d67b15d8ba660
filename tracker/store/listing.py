"""Which models a board lists: in the newest vintage of any of its metrics, a model at a date once."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from tracker.catalog.metrics import COMPARED
from tracker.store.query import dated
from tracker.trends.changes import Listed


class Listings:
    """What boards list at times, of those that have been looked at; the same listing is kept once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, str], Listed] = {}
        self._same: dict[Listed, Listed] = {}

    def note(self, source: str, at: str, models: Iterable[tuple[str, str]]) -> Listed:
        """Keep that a board lists these models, each with the date of its snapshot."""
        found = frozenset(models)
        self._known[source, at] = self._same.setdefault(found, found)
        return self._known[source, at]

    def at(self, source: str, at: str) -> Listed:
        """(model, date of its snapshot) of everything that a board lists; empty for a price list."""
        found = self._known.get((source, at))
        return self.note(source, at, _listed(self._connection, source, at)) if found is None else found


def _listed(connection: Connection, source: str, at: str) -> list[tuple[str, str]]:
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
    return [(row[0], dated(row[1])) for row in rows]
