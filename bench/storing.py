"""Store a models.dev-sized payload: 5,000 offers in the real shape, a tenth of which have changed since.

    python bench/storing.py ours FILE     parse, store and settle the changed payload
    python bench/storing.py bare FILE     the same rows by executemany into one indexed table

Prints the seconds of the changed payload alone. The offers are made up.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tracker.catalog.metrics import METRICS
from tracker.catalog.reference import load_reference
from tracker.collect import registry
from tracker.collect.parse import read
from tracker.domain import ModelFact, Record
from tracker.source import Payload
from tracker.store import database, health, writer
from tracker.store.settle import settle
from tracker.store.writer import Arrival, KeptPage

PROVIDERS, EACH = 100, 50
FIRST = datetime(2026, 5, 30, 8, tzinfo=UTC)
SOURCE = registry.find().sources["modelsdev"]


def offer(number: int, price: float) -> dict[str, Any]:
    """One model of one provider, in the shape of models.dev."""
    return {
        "id": f"model-{number}",
        "name": f"Model {number}",
        "release_date": "2026-02-05",
        "last_updated": "2026-03-13",
        "attachment": True,
        "reasoning": False,
        "temperature": True,
        "tool_call": True,
        "knowledge": "2025-05-31",
        "open_weights": number % 2 == 0,
        "cost": {"input": price, "output": price * 4, "cache_read": price / 10},
        "limit": {"context": 200000, "output": 64000},
        "modalities": {"input": ["text", "image"], "output": ["text"]},
    }


def payload(observed: datetime, share: float) -> Payload:
    """Every offer, of which a share has another price."""
    places = {
        f"provider-{p}": {
            "id": f"provider-{p}",
            "name": f"Provider {p}",
            "models": {
                f"model-{n}": offer(n, 2.5 if (p * EACH + n) % 100 < share * 100 else 3.0)
                for n in range(EACH)
            },
        }
        for p in range(PROVIDERS)
    }
    return Payload(SOURCE.urls[0], json.dumps(places).encode(), observed, "application/json")


def arrival(page: Payload) -> Arrival:
    """What a visit that brought this page hands to the store."""
    records = read(SOURCE, page)[0]
    kept = KeptPage(page.url, hashlib.sha256(page.body).hexdigest(), page.body, page.media_type)
    return Arrival(SOURCE, page.observed, page.observed, [kept], records)


def ours(path: Path) -> float:
    """Seconds for the changed payload on a database that holds the first."""
    reference = load_reference()
    with database.writing(path) as connection:
        health.register(connection, [SOURCE], METRICS, [("acme", "acme", "Acme", "host")])
        writer.store(connection, arrival(payload(FIRST, 0)))
        settle(connection, {SOURCE.name: SOURCE}, reference)
        changed = payload(FIRST + timedelta(days=1), 0.1)
        started = time.perf_counter()
        writer.store(connection, arrival(changed))
        settle(connection, {SOURCE.name: SOURCE}, reference)
        return time.perf_counter() - started


def bare(path: Path) -> float:
    """Seconds for the rows of the changed payload, written as they come."""
    changed = payload(FIRST + timedelta(days=1), 0.1)
    rows = [row(record) for record in read(SOURCE, changed)[0]]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE figure (metric, subject, provider, condition, at, value)")
        connection.execute("CREATE UNIQUE INDEX one ON figure (metric, subject, provider, condition, at)")
        started = time.perf_counter()
        with connection:
            connection.executemany("INSERT OR REPLACE INTO figure VALUES (?, ?, ?, ?, ?, ?)", rows)
        return time.perf_counter() - started


def row(record: Record) -> tuple[str, ...]:
    """A record as one flat row."""
    at = FIRST.isoformat()
    if isinstance(record, ModelFact):
        return (record.field, record.subject, record.provider, "", at, record.value)
    assert not hasattr(record, "title")
    return (record.metric, record.subject, record.provider, record.condition, at, str(record.value))


if __name__ == "__main__":
    print({"ours": ours, "bare": bare}[sys.argv[1]](Path(sys.argv[2])))
