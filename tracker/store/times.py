"""How times stand in the database: RFC 3339 text in UTC, which sorts as time does."""

from __future__ import annotations

from datetime import UTC, datetime


def stamp(when: datetime) -> str:
    """`2026-05-31T08:00:00Z` for an aware datetime."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """The aware UTC datetime of a stamp."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
