"""Price tiers: what the level of an earlier leader in chat costs, now or as a series, open and closed."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import date

from tracker.store.query import WATCHED_ON, Row
from tracker.store.query.capability import series
from tracker.store.query.prices import Ask
from tracker.store.query.scores import scores
from tracker.trends.tiers import tiers

CHAT = "lmarena.text.overall"
_LED = (
    "SELECT g.date, g.closed_model FROM gap g JOIN capture c ON c.id = g.capture JOIN source w"
    " ON w.name = g.source WHERE g.metric = ? AND g.licence_class = 'any' AND g.difference IS NOT NULL"
    f" AND c.observed <= ? AND {WATCHED_ON} ORDER BY g.date, c.origin <> 'bundled', c.observed"
)


def tiers_at(connection: sqlite3.Connection, ask: Ask, without: Collection[str] = ()) -> list[Row]:
    """The steps of every tier by side; without `since` the one in force. Models asked for do not narrow it.

    `tier` names the earlier leader, when it led and its score today, which is the level.
    """
    found = scores(connection, CHAT, ask.on)
    rows: list[Row] = []
    for tier in tiers(_led(connection, ask.on), found, date.fromisoformat(ask.on[:10])):
        models = sorted(model for model, score in found.items() if score >= tier.score)
        said = {"model": tier.model, "name": _name(connection, tier.model), "led": tier.day}
        reached = {**said, "metric": CHAT, "score": tier.score}
        asked = ask._replace(models=models, since=ask.since or ask.on)
        rows += [{"tier": reached, **row} for row in series(connection, asked, ("open", "closed"), without)]
    return rows


def _led(connection: sqlite3.Connection, on: str) -> list[tuple[str, str]]:
    """(day, leader) of the closed side on every day, whatever the scale was; the board's own word counts."""
    return list(dict(connection.execute(_LED, (CHAT, on, on)).fetchall()).items())


def _name(connection: sqlite3.Connection, model: str) -> str:
    row = connection.execute("SELECT name FROM model WHERE id = ?", (model,)).fetchone()
    return str(row[0]) if row else model
