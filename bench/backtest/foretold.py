"""The part of the report on forecasts."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from bench.backtest.table import table
from tracker.store.query import forecasts
from tracker.store.query.gaps import Ask
from tracker.trends import skill
from tracker.trends.forecast import HORIZONS
from tracker.trends.skill import Score

UNTIL = date(2026, 5, 31)
HEADS = (
    *(
        "weeks",
        "windows",
        "independent",
        "model",
        "as it is",
        "straight line",
        "skill",
        "p",
        "of single sets",
    ),
    *("outcomes within the 80 % interval", "shown"),
)


def scores(db: Path) -> str:
    """How forecasts of each horizon did, over all metrics on record."""
    with closing(sqlite3.connect(db)) as connection:
        every = forecasts.series(connection, Ask(UNTIL.isoformat()))
    return table(HEADS, [_row(skill.score(every, weeks, UNTIL)[0]) for weeks in HORIZONS])


def _row(score: Score) -> tuple[object, ...]:
    errors = (f"{error:.3f}" for error in (score.model, score.persistence, score.line))
    return (
        score.weeks,
        score.windows,
        score.independent,
        *errors,
        f"{score.skill:+.3f}",
        f"{score.p:.3f}",
        f"{min(score.sets):.2f} to {max(score.sets):.2f}" if score.sets else "",
        "" if score.held is None else f"{score.held:.2f}",
        "yes" if score.shown else "no",
    )
