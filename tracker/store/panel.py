"""The gap panel: one row per metric, vintage, licence class and snapshot, of the snapshots that news concern.

A new capture concerns every metric of its board; a model newly understood concerns the snapshots of the
metrics that list it, as long as they do.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from tracker.catalog.metrics import COMPARED
from tracker.domain import Metric
from tracker.store.listing import Listings

# What each source measures that a gap is made of.
BOARDS = (
    "SELECT w.name AS source, k.id AS metric FROM source w CROSS JOIN metric k WHERE EXISTS"
    f" (SELECT 1 FROM series WHERE source = w.name AND metric = k.id) AND k.scale IN {COMPARED}"
    " ORDER BY w.name, k.id"
)

Work = Mapping[str, Mapping[str, Collection[int]]]  # source -> metric -> captures


class News(NamedTuple):
    """What a settling brings: captures with their sources, and the models that it understands anew."""

    captures: Collection[tuple[int, str]]
    models: Collection[str]


def update(
    connection: Connection,
    news: News,
    measures: Mapping[str, Metric],
    listings: Listings,
    archives: Collection[str],
) -> set[str]:
    """Compute the rows that news concern; returns the metrics of them.

    What new captures list is noted in `listings`. A date of an archive speaks only of the metrics that
    changed on it.
    """
    touched: set[str] = set()
    for source, metrics in concerned(connection, news).items():
        from tracker.store import boards, measured  # numpy takes 90 ms, and most passes find nothing new

        place = measured.place(connection, source, archive=source in archives)
        new = [capture for capture, own in news.captures if own == source]
        shown = boards.Shown([one.observed for one in measured.snapshots(connection, new)])
        for metric, captures in metrics.items():
            wanted = measured.snapshots(connection, captures)
            if measured.write(connection, place, measures[metric], wanted, shown):
                touched.add(metric)
        shown.note(source, listings)
    return touched


def concerned(connection: Connection, news: News) -> Work:
    """Which captures are to be computed, by source and metric."""
    work: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    metrics = _metrics(connection)
    for capture, source in news.captures:
        for metric in metrics.get(source, ()):
            work[source][metric].add(capture)
    for (source, metric), span in _spans(connection, news.models).items():
        rows = connection.exec_driver_sql(
            "SELECT id FROM capture WHERE source = ? AND outcome = 'new' AND observed >= ? AND observed < ?",
            (source, *span),
        )
        work[source][metric].update(rows.scalars())
    return work


def _metrics(connection: Connection) -> dict[str, list[str]]:
    """What each source measures that a gap is made of: nothing for a price list of thousands of captures."""
    found: dict[str, list[str]] = defaultdict(list)
    for source, metric in connection.exec_driver_sql(BOARDS):
        found[source].append(metric)
    return found


def _spans(connection: Connection, models: Iterable[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """From when and until when the metrics of sources list any of these models.

    A series is found by its metric: a price list has 38,000 of them, and no index on subjects.
    """
    rows = connection.exec_driver_sql(
        f"WITH board AS MATERIALIZED ({BOARDS}) SELECT s.source, s.metric,"
        " (SELECT min(at) FROM point WHERE series = s.id),"
        " (SELECT CASE WHEN value IS NULL THEN at ELSE '9999' END FROM point WHERE series = s.id"
        " ORDER BY at DESC LIMIT 1) FROM json_each(?) w CROSS JOIN spelling l ON l.model = w.value"
        " CROSS JOIN board b ON b.source = l.source"
        " CROSS JOIN series s ON s.source = b.source AND s.metric = b.metric AND s.subject = l.subject",
        (json.dumps(list(models)),),
    )
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for source, metric, since, until in rows:
        if since:
            first, last = found.get((source, metric), (since, until))
            found[source, metric] = min(first, since), max(last, until)
    return found
