"""What is asked of changes that announcements may explain."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from tracker.store.query import STANDING_ON


class Subject(NamedTuple):
    """A change with its model's name and lab, and who sells it where it is of a price."""

    id: str
    kind: str
    at: str
    model: str
    name: str
    organisation: str
    seller: str


def subjects(
    connection: sqlite3.Connection, ids: Collection[str], kinds: Collection[str], on: str
) -> list[Subject]:
    """Those changes of some kinds whose model is known and that are believed: what never was has no cause."""
    rows = connection.execute(
        "SELECT x.id, x.kind, x.at, x.model, m.name, m.organisation, coalesce(v.id, x.provider) FROM"
        " json_each(?) w JOIN change x ON x.id = w.value JOIN model m ON m.id = x.model"
        " LEFT JOIN provider v ON v.spelling = x.provider"
        " WHERE x.kind IN (SELECT value FROM json_each(?))"
        f" AND {STANDING_ON} NOT IN ('retracted', 'corrected', 'unconfirmed')",
        (json.dumps(list(ids)), json.dumps(list(kinds)), on),
    )
    return [Subject(*row) for row in rows]
