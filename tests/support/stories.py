"""Announcements for the tests of what becomes of them, as short as they can be told."""

from __future__ import annotations

from itertools import count

from tracker.store.rows import NewsRow

_NUMBERS = count(1)


def told(
    title: str,
    source: str = "blog",
    day: str = "2026-05-20",
    *,
    vendor: str = "lab",
    url: str = "",
    key: str = "",
    text: str = "",
    topics: str = "",
    models: str = "",
    seen: str = "",
    at_first: bool = False,
    number: int = 0,
) -> NewsRow:
    """A piece of news that a feed told on a day ("" for no date), by default at an address of its own."""
    number = number or next(_NUMBERS)
    url = url or f"https://{source}.example/{number}"
    published = f"{day}T09:00:00Z" if day else None
    return NewsRow(
        id=number,
        source=source,
        source_title=source.title(),
        key=key or url,
        url=url,
        title=title,
        vendor=vendor,
        published=published,
        first_seen=f"{seen or day or '2026-05-20'}T10:00:00Z",
        text=text,
        topics=topics,
        models=models,
        capture=1,
        at_first=at_first,
    )
