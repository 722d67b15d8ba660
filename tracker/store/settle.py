"""What follows from stored figures: links, models, the gap panel, changes and events.

    settle:  spelling -> model      (links.py)
             facts    -> weights    (links.py)
             prices   -> believed   (belief.py)
             boards   -> vintages   (vintages.py)
             capture  -> gap panel  (panel.py)
             capture  -> changes    (moves.py)
             panel    -> events     (happenings.py)
    changes  -> importance (weights.py)

Everything here is derived from what is stored, so it may be done again at any time and comes out the
same; a capture whose settling was cut short is settled by the next pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from tracker.catalog.reference import Reference
from tracker.source import Source
from tracker.store import (
    belief,
    corrections,
    happenings,
    links,
    measures,
    moves,
    panel,
    relinked,
    vintages,
    weights,
)
from tracker.store.database import transaction
from tracker.store.listing import Listings


def settle(connection: Connection, sources: Mapping[str, Source], reference: Reference) -> int:
    """Settle every capture that is not yet; returns how many were. One transaction."""
    with transaction(connection):
        captures = [
            (row[0], row[1])
            for row in connection.exec_driver_sql(
                "SELECT id, source FROM capture WHERE settled = 0 AND outcome = 'new' ORDER BY observed, id"
            )
        ]
        if not captures:
            return 0
        archives = {name for name, source in sources.items() if source.archive}
        relinked.remember(connection)
        learnt = links.link(connection, sources, reference)
        elsewhere = relinked.since(connection)
        doubted = belief.believe(connection)
        rescaled = vintages.find(connection, captures, archives)
        again = doubted | rescaled | elsewhere.captures
        captures += _sources(connection, again - {capture for capture, _ in captures})
        known, listings = measures.load(connection), Listings(connection)
        news = panel.News(captures, [*learnt, *elsewhere.models])
        touched = panel.update(connection, news, known, listings, archives)
        moves.derive(connection, [capture for capture, _ in captures], archives, listings)
        corrections.judge(connection, [capture for capture, _ in captures])
        for metric in sorted(touched):
            happenings.find_events(connection, known[metric], archives)
        weights.weigh(connection, [capture for capture, _ in captures], news.models)
        connection.exec_driver_sql("UPDATE capture SET settled = 1 WHERE settled = 0 AND outcome = 'new'")
        return len(captures)


def _sources(connection: Connection, captures: Iterable[int]) -> list[tuple[int, str]]:
    """Settled captures of which something else follows now, with their sources."""
    rows = connection.exec_driver_sql(
        "SELECT id, source FROM capture WHERE outcome = 'new'"
        f" AND id IN ({', '.join(map(str, sorted(captures)))}) ORDER BY observed, id"
    )
    return [(row[0], row[1]) for row in rows]
