"""What a digest asks of the database, as it stood at a moment: plain SQL, read-only.

Every question takes `on`, the end of what may be known, and goes by `capture.observed`. Figures whose terms
forbid publishing are among the answers only for the user's `own` use.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from tracker.store.holding import Held, quarantine
from tracker.store.query import STANDING_ON, WATCHED_ON, marks
from tracker.store.query import scores as query
from tracker.store.query.steps import Stories
from tracker.store.rows import ChangeRow, Offer, PanelRow, Retiring, SourceRow
from tracker.trends.importance import importance

# A source `w` whose figures may be told: in what is published those alone that its terms do not withhold, for
# one's own use (one parameter) all.
TOLD = "(w.publishable OR ?)"

_PANEL = (
    "SELECT g.metric, g.vintage, k.task, k.board, k.name, k.scale, g.date, g.open_model,"
    " coalesce(o.name, g.open_model), coalesce(o.licence, ''), g.open_value, g.closed_model,"
    " coalesce(c.name, g.closed_model), g.closed_value, g.difference, g.percent, g.win_probability, g.noise,"
    " g.lag_strict, g.n_open, g.n_closed, g.n_unknown, g.capture, g.source"
    " FROM gap g JOIN capture p ON p.id = g.capture JOIN metric k ON k.id = g.metric"
    " JOIN source w ON w.name = g.source"
    " LEFT JOIN model o ON o.id = g.open_model LEFT JOIN model c ON c.id = g.closed_model"
    f" WHERE g.licence_class = ? AND g.difference IS NOT NULL AND p.observed <= ? AND {WATCHED_ON} AND {TOLD}"
)


def panel(
    connection: sqlite3.Connection, on: str, licence: str = "any", *, own: bool = True
) -> dict[str, list[PanelRow]]:
    """The panel of each metric up to `on`, one row a date, oldest first, of the latest vintage only.

    Where a shipped archive and the board itself speak of the same day, the board counts. `licence` is the
    class that the open side is of.
    """
    order = "ORDER BY g.date, p.origin = 'poll', p.observed"
    rows = connection.execute(f"{_PANEL} {order}", (licence, on, on, own))
    by_date: dict[str, dict[str, PanelRow]] = defaultdict(dict)
    for row in (PanelRow(*columns) for columns in rows):
        by_date[row.metric][row.date] = row
    return {metric: _latest_vintage(list(days.values())) for metric, days in by_date.items()}


def _latest_vintage(rows: list[PanelRow]) -> list[PanelRow]:
    return [row for row in rows if row.vintage == rows[-1].vintage]


def withheld(connection: sqlite3.Connection, on: str) -> dict[str, list[str]]:
    """The boards of each task whose figures are not told: {task: names of sources}."""
    rows = connection.execute(
        "SELECT DISTINCT k.task, w.title FROM gap g JOIN capture p ON p.id = g.capture"
        " JOIN metric k ON k.id = g.metric JOIN source w ON w.name = g.source"
        " WHERE g.difference IS NOT NULL AND p.observed <= ?"
        f" AND {WATCHED_ON} AND NOT {TOLD} ORDER BY k.task, w.title",
        (on, on, False),
    )
    found: dict[str, list[str]] = defaultdict(list)
    for task, title in rows:
        found[task].append(title)
    return found


_END = "instr(e.replaced || ' ', ' ')"  # of the model's id, before its snapshot
_CHANGES = (
    "SELECT x.id, x.at, x.kind, x.source, x.metric, coalesce(k.name, ''), coalesce(k.task, ''),"
    " coalesce(k.board, ''), coalesce(k.scale, ''), x.model, coalesce(m.name, x.model), x.provider,"
    " coalesce(v.name, x.provider), coalesce(v.role, ''), x.before, x.after, x.detail, x.importance,"
    f" {STANDING_ON}, x.capture, substr(coalesce(nullif(c.as_of, ''), x.at), 1, 10), coalesce(m.licence, ''),"
    " coalesce(m.weights, 'unknown'), coalesce(m.organisation = v.id, 0), x.variant,"
    f" coalesce(coalesce(r.name, substr(e.replaced, 1, {_END} - 1)) || substr(e.replaced, {_END}), '')"
    " FROM change x JOIN capture c ON c.id = x.capture JOIN source w ON w.name = x.source"
    " LEFT JOIN metric k ON k.id = x.metric"
    " LEFT JOIN model m ON m.id = x.model LEFT JOIN provider v ON v.spelling = x.provider"
    f" LEFT JOIN event e ON e.id = x.id LEFT JOIN model r ON r.id = substr(e.replaced, 1, {_END} - 1)"
)


def changes(connection: sqlite3.Connection, since: str, on: str, *, own: bool = True) -> list[ChangeRow]:
    """What moved after `since`, up to `on`, the most important first."""
    rows = connection.execute(
        f"{_CHANGES} WHERE x.at > ? AND x.at <= ? AND {TOLD} ORDER BY x.at DESC, x.id", (on, since, on, own)
    )
    return sorted((_change(row) for row in rows), key=lambda change: -change.importance)


def _change(columns: Sequence[Any]) -> ChangeRow:
    """A row whose stored weight becomes its importance, given how far it was believed."""
    row = ChangeRow(*columns)
    return replace(row, importance=importance(row.importance, row.standing))


def states(
    connection: sqlite3.Connection, panel: Mapping[str, Sequence[PanelRow]], on: str
) -> dict[str, str]:
    """The state of each metric's gap in its last snapshot up to `on`."""
    stories = Stories(connection, list(panel), "any", on)
    return {
        metric: stories.of(metric, rows[-1].vintage).state(rows[-1].date) for metric, rows in panel.items()
    }


def steps(connection: sqlite3.Connection, on: str, *, own: bool = True) -> dict[str, list[ChangeRow]]:
    """The events of each metric's gap up to `on`, oldest first."""
    found: dict[str, list[ChangeRow]] = defaultdict(list)
    for row in connection.execute(
        f"{_CHANGES} WHERE x.kind = 'gap' AND x.at <= ? AND {TOLD} ORDER BY x.at, x.id", (on, on, own)
    ):
        found[row[4]].append(_change(row))
    return found


def taken_back(connection: sqlite3.Connection, since: str, on: str, *, own: bool = True) -> list[ChangeRow]:
    """The events of gaps that were found not to last between `since` and `on`, oldest first."""
    rows = connection.execute(
        f"{_CHANGES} WHERE x.kind = 'gap' AND x.standing = 'retracted' AND x.judged > ? AND x.judged <= ?"
        f" AND {TOLD} ORDER BY x.at, x.id",
        (on, since, on, own),
    )
    return [_change(row) for row in rows]


def offers(connection: sqlite3.Connection, on: str, *, own: bool = True) -> list[Offer]:
    """Every paid per-token offer of a known model in force at `on`, at its base condition."""
    rows = connection.execute(
        "SELECT l.model, m.name, m.weights, coalesce(v.id, s.provider), coalesce(v.name, s.provider),"
        " coalesce(v.role, ''), s.source, s.metric, p.value, p.capture FROM series s JOIN spelling l"
        " ON l.source = s.source AND l.subject = s.subject JOIN model m ON m.id = l.model"
        " LEFT JOIN provider v ON v.spelling = s.provider JOIN point p ON p.id ="
        " (SELECT id FROM point WHERE series = s.id AND at <= ? ORDER BY at DESC LIMIT 1)"
        " JOIN source w ON w.name = s.source"
        " WHERE s.metric IN ('price.input', 'price.output') AND s.condition = '' AND p.value IS NOT NULL"
        f" AND {WATCHED_ON} AND {TOLD} ORDER BY s.id",
        (on, on, own),
    )
    sides: dict[tuple[str, str, str, str, str, str, str], dict[str, tuple[Decimal, int]]] = defaultdict(dict)
    for model, name, weights, provider, title, role, source, metric, value, number in rows:
        sides[model, name, weights, provider, title, role, source].setdefault(
            metric, (Decimal(value), number)
        )
    return [
        Offer(*key, both["price.input"][0], both["price.output"][0], both["price.input"][1])
        for key, both in sides.items()
        if len(both) == 2 and both["price.output"][0] > 0
    ]


def scores(connection: sqlite3.Connection, metric: str, on: str, *, own: bool = True) -> dict[str, float]:
    """{model: best score} on the board that speaks for a metric, in its latest snapshot up to `on`."""
    found = query.scores(connection, metric, on, own=own)
    return {model: float(value) for model, value in found.items()}


def sources(connection: sqlite3.Connection) -> dict[str, SourceRow]:
    """Every watched place by name."""
    rows = connection.execute(
        "SELECT name, kind, title, url, vendor, licence, credit, publishable, outcome, note, last_success,"
        " last_attempt, paused, removed FROM source ORDER BY name"
    )
    return {row[0]: SourceRow(*row) for row in rows}


def capture(connection: sqlite3.Connection, number: int) -> tuple[str, str, str]:
    """(source, observed day, first page of the visit) of a capture."""
    row = connection.execute(
        "SELECT c.source, substr(c.observed, 1, 10), coalesce(p.url, '') FROM capture c"
        " LEFT JOIN capture_page p ON p.capture = c.id AND p.position = 0 WHERE c.id = ?",
        (number,),
    ).fetchone()
    return row[0], row[1], row[2]


def captures(connection: sqlite3.Connection, points: Sequence[str]) -> list[int]:
    """The captures that points ("p12") came with, each once."""
    numbers = [int(point[1:]) for point in points]
    rows = connection.execute(
        f"SELECT DISTINCT capture FROM point WHERE id IN ({marks(numbers)}) ORDER BY capture", numbers
    )
    return [row[0] for row in rows]


def unresolved(connection: sqlite3.Connection) -> list[str]:
    """The spellings on boards that lead to no model, those with most series first."""
    rows = connection.execute(
        "SELECT l.subject, count(*) FROM spelling l JOIN source s ON s.name = l.source JOIN series t"
        " ON t.source = l.source AND t.subject = l.subject WHERE l.model IS NULL"
        " AND s.kind = 'leaderboard' GROUP BY l.subject ORDER BY 2 DESC, 1"
    )
    return [row[0] for row in rows]


_RETIREMENTS = (
    "SELECT p.value, coalesce(v.name, u.name, nullif(s.provider, ''), nullif(w.vendor, ''), w.title),"
    " s.subject, coalesce((SELECT coalesce((SELECT n.name FROM spelling k JOIN model n ON n.id = k.model"
    " WHERE k.subject = q.value COLLATE NOCASE LIMIT 1), q.value)"
    " FROM series r JOIN point q ON q.series = r.id WHERE r.source = s.source AND r.subject = s.subject"
    " AND r.provider = s.provider"
    " AND r.metric = 'fact.replacement' AND q.at <= ? ORDER BY q.at DESC LIMIT 1), ''), p.capture,"
    " coalesce(l.model, ''), coalesce(m.name, ''), coalesce(v.role, u.role, ''), EXISTS ("
    "SELECT 1 FROM spelling k JOIN series t ON +t.source = k.source AND t.subject = k.subject"
    " WHERE k.model = l.model AND t.metric NOT LIKE 'fact.%'), p.at"
    " FROM series s JOIN source w ON w.name = s.source"
    " LEFT JOIN provider v ON v.spelling = s.provider LEFT JOIN provider u ON u.spelling = w.vendor"
    " LEFT JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
    " LEFT JOIN model m ON m.id = l.model JOIN point p ON p.id ="
    " (SELECT id FROM point WHERE series = s.id AND at <= ? ORDER BY at DESC LIMIT 1)"
    f" WHERE s.metric = 'fact.retires' AND p.value >= ? AND p.value <= ? AND {TOLD}"
    " ORDER BY p.value, 2, s.subject"
)


def retirements(
    connection: sqlite3.Connection, day: str, until: str, on: str, *, own: bool = True
) -> list[Retiring]:
    """What is switched off from `day` to `until`, soonest first; the vendor of a page is its seller."""
    rows = connection.execute(_RETIREMENTS, (on, on, day, until, own))
    return [Retiring(*row) for row in rows]


def held(connection: sqlite3.Connection, since: str, on: str) -> list[Held]:
    """What is held, oldest first: suspect captures, and prices that nobody confirms."""
    return quarantine(connection, on, since)


def watched_before(connection: sqlite3.Connection, day: str) -> bool:
    """Whether any place had been polled before `day`: otherwise the digest is a catch-up edition."""
    row = connection.execute("SELECT 1 FROM capture WHERE origin = 'poll' AND observed < ? LIMIT 1", (day,))
    return row.fetchone() is not None
