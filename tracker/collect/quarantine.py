"""What is held, listed and decided by hand: captures from their kept bytes, prices by a ruling.

A held capture is known by its number (`12`), a held price by that of its capture and series (`12.345`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from tracker.catalog.reference import Reference
from tracker.collect import patience
from tracker.errors import UsageError
from tracker.source import Source
from tracker.store import holding, reading
from tracker.store.settle import settle


def decide(
    connection: Connection,
    db: Path,
    number: str,
    sources: Mapping[str, Source],
    reference: Reference,
    now: datetime,
    *,
    release: bool,
) -> None:
    """Release or discard what is held under a number; UsageError where nothing is."""
    with reading.reading(db) as known:
        found = next((row for row in holding.quarantine(known) if row.id == number), None)
        if found is None:
            raise UsageError(f"nothing is held under {number}; see `gapwatch db quarantine`")
        if found.series:
            holding.rule(connection, found.capture, found.series, "release" if release else "discard")
        elif not release:
            holding.discard(connection, found.capture)
        elif found.source not in sources:
            raise UsageError(f"{found.source}: its source file is not installed, so its pages cannot be read")
        else:
            patience.release(connection, known, sources[found.source], found.capture, now)
    settle(connection, sources, reference)
