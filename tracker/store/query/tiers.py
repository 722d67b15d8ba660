"""Price tiers: what the level of an earlier leader in chat costs, now or as a series, open and closed."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from tracker.store.query import OWN, WATCHED_ON, Row
from tracker.store.query.capability import series
from tracker.store.query.prices import Ask
from tracker.store.query.scores import scores
from tracker.trends.tiers import tiers

CHAT = "lmarena.text.overall"


class Leader(NamedTuple):
    """Who led the closed side on a day, as published then."""

    day: str
    model: str
    name: str


_LED = (
    "SELECT g.date, g.closed_model, coalesce(m.name, g.closed_model) FROM gap g"
    " JOIN capture c ON c.id = g.capture JOIN source w ON w.name = g.source"
    " LEFT JOIN model m ON m.id = g.closed_model"
    " WHERE g.metric = ? AND g.licence_class = 'any' AND g.difference IS NOT NULL AND c.observed <= ?"
    f" AND {WATCHED_ON} ORDER BY g.date, {OWN}, c.observed"
)


def tiers_at(connection: sqlite3.Connection, ask: Ask, without: Collection[str] = ()) -> list[Row]:
    """The steps of every tier by side; without `since` the one in force. Models asked for do not narrow it.

    `tier` names the earlier leader, when it led and its score today, which is the level.
    """
    found = scores(connection, CHAT, ask.on)
    rows: list[Row] = []
    leaders = led(connection, ask.on)
    names = {one.model: one.name for one in leaders}
    pairs = [(one.day, one.model) for one in leaders]
    for tier in tiers(pairs, found, date.fromisoformat(ask.on[:10])):
        models = sorted(model for model, score in found.items() if score >= tier.score)
        said = {"model": tier.model, "name": names[tier.model], "led": tier.day}
        reached = {**said, "metric": CHAT, "score": tier.score}
        asked = ask._replace(models=models, since=ask.since or ask.on)
        rows += [{"tier": reached, **row} for row in series(connection, asked, ("open", "closed"), without)]
    return rows


def led(connection: sqlite3.Connection, on: str) -> list[Leader]:
    """The leader in chat of every day, oldest first, whatever the scale was; the board's own word counts."""
    rows = connection.execute(_LED, (CHAT, on, on)).fetchall()
    return list({row[0]: Leader(*row) for row in rows}.values())
