"""The events of gaps and their states, as they stood at a moment."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tracker.domain import Standing
from tracker.store.query import Row, marks, shown
from tracker.trends.states import UNKNOWN
from tracker.trends.vintage import own

Key = tuple[str, str]  # metric and the source's own vintage


class Story(NamedTuple):
    """What happened to a gap, oldest first: its events, and (date, state) where its state changed."""

    events: list[Row]
    states: list[tuple[str, str]]

    def by(self, day: str) -> list[Row]:
        """The events up to a day."""
        return [event for event in self.events if event["at"] <= day]

    def state(self, day: str) -> str:
        """The state on a day."""
        return next((state for since, state in reversed(self.states) if since <= day), UNKNOWN)


class Stories:
    """The stories of some metrics for one licence class, with what was known by `on`."""

    def __init__(self, connection: sqlite3.Connection, metrics: Sequence[str], licence: str, on: str) -> None:
        asked = (*metrics, licence, on)
        where = f"x.metric IN ({marks(metrics)}) AND x.licence_class = ? AND x.at <= ?"
        self._events: dict[Key, list[Row]] = defaultdict(list)
        for step in connection.execute(
            f"{_EVENTS} WHERE {where} ORDER BY x.date, x.side, x.id", (on, *asked)
        ):
            self._events[step[0], step[1]].append(_event(*step[2:]))
        self._states: dict[Key, list[tuple[str, str]]] = defaultdict(list)
        for metric, vintage, day, label in connection.execute(
            f"SELECT metric, vintage, date, label FROM state x WHERE {where} ORDER BY date, at", asked
        ):
            self._states[metric, vintage].append((day, label))

    def of(self, metric: str, vintage: str) -> Story:
        """The story of a metric in a vintage of the panel: it goes on where a scale merely shifts."""
        key = metric, own(vintage)
        return Story(self._events.get(key, []), self._states.get(key, []))


_EVENTS = (
    "SELECT x.metric, x.vintage, x.id, x.date, x.model, x.variant, coalesce(m.name, x.model),"
    " coalesce(m.released, ''), x.side, x.replaced, x.move, x.before, x.after, x.noise, x.models, x.votes,"
    f" CASE WHEN x.judged <= ? THEN x.standing ELSE '{Standing.PROVISIONAL}' END, x.capture"
    " FROM event x LEFT JOIN model m ON m.id = x.model"
)


def _event(
    id: str,
    day: str,
    model: str,
    variant: str,
    name: str,
    released: str,
    side: str,
    replaced: str,
    move: float,
    before: float,
    after: float,
    noise: float,
    models: int,
    votes: int | None,
    standing: str,
    capture: int,
) -> Row:
    return {
        "id": id,
        "at": day,
        "model": model,
        "variant": variant,
        "name": shown(name, variant),
        "released": released or None,
        "side": side,
        "direction": "closing" if after < before else "widening",
        "over": replaced,
        "move": round(after - before, 6),
        "before": round(before, 6),
        "after": round(after, 6),
        "noise": round(noise, 6),
        "n": models,
        "votes": votes,
        "standing": standing,
        "evidence": [f"c{capture}"],
    }


def latest(events: Sequence[Row], day: str) -> Row | None:
    """The last event that is not retracted, with the days that it has been watched by a day."""
    event = next((step for step in reversed(events) if step["standing"] != Standing.RETRACTED), None)
    if event is None:
        return None
    return {**event, "span_days": (date.fromisoformat(day) - date.fromisoformat(event["at"])).days}
