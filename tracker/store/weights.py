"""What each change is worth (trends/importance.py), by what was known on its day.

A capture that arrives late, or a model that is newly understood, changes what was known from its day on: all
later changes are weighed again, so that the order of arrival does not matter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection

from tracker.catalog.metrics import METRICS, TASKS
from tracker.domain import Metric
from tracker.store.ranks import Ranks
from tracker.store.times import moment, stamp
from tracker.trends import importance
from tracker.trends.belief import WILD
from tracker.trends.changes import priced
from tracker.trends.price import SELLERS

RECENT = timedelta(days=90)  # of an offer's earlier moves
EVENTS = ("gap", "leader")  # which happenings.py weighs where it finds them
_BY_TASK = {task: [metric for metric in METRICS if metric.task == task] for task in TASKS}
SPEAKS = frozenset(metrics[0].id for metrics in _BY_TASK.values() if metrics)
SHIPPED = frozenset(metric.id for metric in METRICS)


def spoken(metric: str) -> float:
    """The reach of a metric: the first of its task, or one of the user's own, most."""
    return 1.0 if metric in SPEAKS or metric not in SHIPPED else importance.FURTHER


def weigh(connection: Connection, captures: Sequence[int], models: Iterable[str]) -> None:
    """Weigh every change since the first of these captures, or since any of these models was first seen."""
    rows = connection.exec_driver_sql(
        "SELECT x.*, coalesce(v.role, '') AS role, coalesce(m.organisation = v.id, 0) AS own FROM change x"
        " LEFT JOIN model m ON m.id = x.model LEFT JOIN provider v ON v.spelling = x.provider"
        " WHERE x.kind NOT IN (?, ?) AND x.at >= ? ORDER BY x.at, x.id",
        (*EVENTS, _since(connection, captures, models)),
    ).fetchall()
    if not rows:
        return
    known = _Known(connection, rows[0].at)
    worth = [(importance.weight(row.kind, *_measured(row, known)), row.id) for row in rows]
    connection.exec_driver_sql("UPDATE change SET importance = round(?, 4) WHERE id = ?", worth)


def _since(connection: Connection, captures: Sequence[int], models: Iterable[str]) -> str:
    """The time from which on something else is known than before."""
    return str(
        connection.exec_driver_sql(
            "SELECT coalesce(min(at), '9999') FROM (SELECT min(observed) AS at FROM capture WHERE id IN"
            " (SELECT value FROM json_each(?)) UNION ALL SELECT (SELECT min(at) FROM point WHERE series ="
            # By the subject: of a list's series by its source there are thousands.
            " s.id) FROM json_each(?) w JOIN spelling l ON l.model = w.value JOIN series s"
            " ON +s.source = l.source AND s.subject = l.subject) WHERE at IS NOT NULL",
            (json.dumps(list(captures)), json.dumps(sorted(set(models)))),
        ).scalar_one()
    )


def _measured(row: Any, known: _Known) -> tuple[float, float]:
    """Size and reach of a change; both are how far up the model stands, where nothing else tells its size."""
    if not row.model:
        return 1.0, 1.0
    stands = known.standing(row.model, row.at)
    if not row.kind.startswith("price"):
        return stands, stands
    seller = importance.of_seller(row.role, own=bool(row.own), plain=not row.detail)
    return importance.of_price(_ratio(row), known.earlier(row)), seller * importance.served(
        stands, known.sellers(row.model, row.at)
    )


def _ratio(row: Any) -> float:
    """After over before; 0 where one of them is nothing."""
    before, after = priced(row.before), priced(row.after)
    return float(after / before) if before else 0.0


class _Known:
    """What was known at times from `since` on: ranks on boards, who sold a model, how offers had moved."""

    def __init__(self, connection: Connection, since: str) -> None:
        self._connection = connection
        self._ranks = Ranks(connection, since)
        self._sold = cache(self._first_sold)
        self._listing = self._metrics()
        self._moved = self._moves(since)

    def standing(self, model: str, at: str) -> float:
        """How far up a model stood at a time: of each task on the first metric that lists it."""
        listing = self._listing.get(model, ())
        tasks = ([metric for metric in metrics if metric.id in listing] for metrics in _BY_TASK.values())
        places = (self._place(model, at, metrics) for metrics in tasks)
        return importance.standing([place for place in places if place is not None])

    def _place(self, model: str, at: str, metrics: Sequence[Metric]) -> float | None:
        for metric in metrics:
            ranked = self._ranks.at(metric, at)
            if model in ranked:
                return ranked[model]
        return None

    def sellers(self, model: str, at: str) -> int:
        """How many labs, hosts and clouds had offered a model by a time."""
        return sum(first <= at for first in self._sold(model))

    def earlier(self, row: Any) -> list[float]:
        """The moves that an offer had made in the 90 days before, as ratios; slips of a list left out."""
        start = stamp(moment(row.at) - RECENT)
        return [ratio for at, ratio in self._moved.get(_offer(row), ()) if start <= at < row.at]

    def _metrics(self) -> dict[str, set[str]]:
        """Every metric that ever listed each model."""
        found: dict[str, set[str]] = defaultdict(set)
        for model, metric in self._connection.exec_driver_sql(
            "SELECT DISTINCT l.model, s.metric FROM (SELECT DISTINCT source, metric FROM gap) g"
            " CROSS JOIN series s ON s.source = g.source AND s.metric = g.metric JOIN spelling l"
            " ON l.source = s.source AND l.subject = s.subject WHERE l.model IS NOT NULL"
        ):
            found[model].add(metric)
        return found

    def _first_sold(self, model: str) -> list[str]:
        """When each lab, host and cloud that ever sold a model was first seen to."""
        rows = self._connection.exec_driver_sql(
            "SELECT min(p.at) FROM spelling l JOIN series s ON +s.source = l.source AND s.subject = l.subject"
            " AND s.metric = 'price.input' JOIN provider v ON v.spelling = s.provider JOIN point p"
            " ON p.series = s.id WHERE l.model = ? AND v.role IN (SELECT value FROM json_each(?))"
            " GROUP BY v.id",
            (model, json.dumps(SELLERS)),
        )
        return [row[0] for row in rows]

    def _moves(self, since: str) -> dict[tuple[str, ...], list[tuple[str, float]]]:
        """When and how each offer moved, as far as it may be asked; wild moves are mostly a list's slips."""
        found: dict[tuple[str, ...], list[tuple[str, float]]] = defaultdict(list)
        for row in self._connection.exec_driver_sql(
            "SELECT source, model, variant, provider, detail, at, before, after FROM change"
            " WHERE metric = 'price' AND at >= ? ORDER BY at, id",
            (stamp(moment(since) - RECENT),),
        ):
            if 1 / WILD < (ratio := _ratio(row)) < WILD:
                found[_offer(row)].append((row.at, ratio))
        return found


def _offer(row: Any) -> tuple[str, ...]:
    return row.source, row.model, row.variant, row.provider, row.detail
