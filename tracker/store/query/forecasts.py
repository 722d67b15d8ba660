"""Where gaps may stand in some weeks, with how such forecasts have done so far."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from tracker.store.query import Row
from tracker.store.query.gaps import Ask
from tracker.trends import forecast, skill
from tracker.trends.forecast import HORIZONS, Experience, Outlook, Series
from tracker.trends.skill import Score

_SERIES = (
    "SELECT g.metric, g.vintage, g.date, g.difference FROM gap g JOIN capture c ON c.id = g.capture"
    " WHERE g.licence_class = ? AND g.difference IS NOT NULL AND c.observed <= ?"
    " ORDER BY g.metric, g.vintage, g.date, c.origin = 'bundled' DESC, c.observed"
)

TOO_LITTLE = "not enough data"


def series(connection: sqlite3.Connection, ask: Ask) -> list[Series]:
    """The gaps of every metric and vintage as they were known, one a day."""
    found: dict[tuple[str, str], dict[date, float]] = defaultdict(dict)
    for metric, vintage, day, gap in connection.execute(_SERIES, (ask.licence, ask.on)):
        found[metric, vintage][date.fromisoformat(day)] = gap
    return [Series(*key, list(gaps), list(gaps.values())) for key, gaps in found.items()]


def forecasts(connection: sqlite3.Connection, metrics: Iterable[str], ask: Ask) -> list[Row]:
    """A row for each metric and horizon: the forecast where it has been worth showing, and its scores."""
    every, until = series(connection, ask), date.fromisoformat(ask.on[:10])
    scored = {weeks: skill.score(every, weeks, until) for weeks in HORIZONS}
    latest = {one.metric: one for one in sorted(every, key=lambda one: one.days[-1])}
    return [
        _row(latest[metric], weeks, until, *scored[weeks])
        for metric in metrics
        if metric in latest
        for weeks in HORIZONS
    ]


def _row(one: Series, weeks: int, until: date, score: Score, known: Experience) -> Row:
    start = forecast.origin(one, until)
    outlook = known.outlook(start) if start and score.shown else None
    return {
        "metric": one.metric,
        "vintage": one.vintage,
        "date": one.days[-1].isoformat(),
        "difference": one.gaps[-1],
        "weeks": weeks,
        **_figures(outlook),
        "shown": outlook is not None,
        "reason": _reason(outlook, start is not None, score),
        "score": {
            "windows": score.windows,
            "independent": score.independent,
            "error": round(score.model, 3),
            "persistence": round(score.persistence, 3),
            "line": round(score.line, 3),
            "skill": round(score.skill, 3),
            "p": round(score.p, 4),
        },
    }


def _figures(outlook: Outlook | None) -> Row:
    parts = ("gap", "low", "high", "crossing")
    return {part: round(getattr(outlook, part), 3) if outlook else None for part in parts}


def _reason(outlook: Outlook | None, fresh: bool, score: Score) -> str:
    """Why nothing is forecast, or ""."""
    if outlook:
        return ""
    if not score.windows or (score.shown and not fresh):
        return TOO_LITTLE
    return "no better than the gap as it is"
