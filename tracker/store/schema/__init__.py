"""The tables, declared once. Alembic's revisions lead to exactly this (a test holds them together).

Times are RFC 3339 text in UTC, `2026-05-31T08:00:00Z`; figures are canonical decimal text, so that a
price is kept exactly as published. Nothing here that PostgreSQL could not hold as well.

A *point* is where a series changes: from `at` on it has this value, until its next point or as long as
the source's good captures go on (so `last_seen` is never rewritten). A NULL value says: no longer listed.
"""

from __future__ import annotations

from tracker.store.schema.base import APPLICATION_ID, metadata
from tracker.store.schema.derived import change, event, gap, held, model, rescale, spelling, state
from tracker.store.schema.stored import (
    announcement,
    capture,
    capture_page,
    host,
    metric,
    page,
    payload,
    point,
    provider,
    series,
    source,
)
from tracker.store.schema.told import alert, delivery, digest, digest_style, notice, slot, unsubscribed

__all__ = [
    "APPLICATION_ID",
    "alert",
    "announcement",
    "capture",
    "capture_page",
    "change",
    "delivery",
    "digest",
    "digest_style",
    "event",
    "gap",
    "held",
    "host",
    "metadata",
    "metric",
    "model",
    "notice",
    "page",
    "payload",
    "point",
    "provider",
    "rescale",
    "series",
    "slot",
    "source",
    "spelling",
    "state",
    "unsubscribed",
]
