"""Where sources contradict each other on a model's weights or licence, with who says what."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable

from tracker.catalog.reference import Reference, load_reference
from tracker.catalog.weights import BOARD, LAB, RESELLER, Claim, Conflict, place
from tracker.catalog.weights import conflicts as disagreements
from tracker.domain import LicenceClass, Model, Weights
from tracker.store.query import Row

_Said = dict[str, list[tuple[Claim, int]]]


def conflicts(connection: sqlite3.Connection, on: str) -> list[Row]:
    """The models of which sources say what cannot all be true.

    `between` is "authorities" (boards, weights URLs, a lab on its own model), whose word decides, or
    "resellers" where one of them is alone against the rest. First the former, then by number of claims.
    """
    reference = load_reference()
    said = _said(connection, on, reference)
    rows = connection.execute("SELECT id, name, organisation, weights, licence, licence_class FROM model")
    found = [
        _row(model, conflict, said[model.id], reference)
        for row in rows
        for model in [Model(row[0], row[1], row[2], Weights(row[3]), row[4], LicenceClass(row[5]))]
        for conflict in disagreements(model, (claim for claim, _ in said[model.id]), reference)
    ]
    return sorted(found, key=lambda row: (row["between"] != "authorities", -len(row["claims"]), row["model"]))


def _row(model: Model, conflict: Conflict, said: Iterable[tuple[Claim, int]], reference: Reference) -> Row:
    captures = {place(claim): capture for claim, capture in said}
    return {
        "model": model.id,
        "name": model.name,
        "field": conflict.field,
        "held": str(model.weights) if conflict.field == "weights" else model.licence,
        "ruled": model.id in reference.rulings,
        "between": "authorities" if conflict.counts else "resellers",
        "claims": [{"by": by, "says": says, "evidence": f"c{captures[by]}"} for by, says in conflict.claims],
    }


def _said(connection: sqlite3.Connection, on: str, reference: Reference) -> _Said:
    """The last word of each place on each model by `on`, and the capture that it stands in."""
    rows = connection.execute(
        "SELECT l.model, s.metric, p.value, s.source, s.provider, s.subject, w.kind, p.capture FROM series s"
        " JOIN source w ON w.name = s.source"
        " JOIN spelling l ON l.source = s.source AND l.subject = s.subject JOIN point p ON p.id = (SELECT id"
        " FROM point WHERE series = s.id AND at <= ? AND value IS NOT NULL ORDER BY at DESC LIMIT 1)"
        " WHERE s.metric IN ('fact.weights', 'fact.weights_url', 'fact.licence') AND l.model IS NOT NULL"
        " ORDER BY s.source, s.provider, s.subject",
        (on,),
    )
    found: _Said = defaultdict(list)
    for model, metric, value, source, provider, subject, kind, capture in rows:
        board = kind == "leaderboard" or metric == "fact.weights_url"
        rank = BOARD if board else LAB if reference.provider(provider).role == "lab" else RESELLER
        claim = Claim(metric.removeprefix("fact."), value, source, provider, subject, rank)
        found[model].append((claim, capture))
    return found
