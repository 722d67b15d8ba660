"""Clients for loopback servers, one of them quick to give up, and a clock that a test sets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tracker.collect.fetch import Fetcher
from tracker.errors import FetchError

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)


@dataclass
class Watch:
    """A clock that stands until it is set."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def fetcher(**given: Any) -> Fetcher:
    """A Fetcher that may visit loopback, knows no proxy, and takes what else is given."""
    usual: dict[str, Any] = {
        "contact": "https://example.org/watch",
        "clock": Watch(),
        "allow_addresses": ("127.0.0.0/8",),
        "deadline": 10.0,
        "connect_timeout": 3.0,
        "environ": {},
    }
    return Fetcher(**(usual | given))


def hasty(**given: Any) -> Fetcher:
    """A Fetcher that gives up after 0.6 s, and after 0.3 s without a connection."""
    return fetcher(**({"deadline": 0.6, "connect_timeout": 0.3} | given))


def outcome(fetch: Fetcher, url: str) -> str:
    """The page's text, or what the error says."""
    try:
        return fetch.get(url).body.decode()
    except FetchError as error:
        return str(error)
