"""All frozen digests as a feed: Atom (RFC 4287) and JSON Feed 1.1.

An entry never changes, since a frozen digest does not: its `updated` is when it was published, and its id a
tag URI (RFC 4151) of the site's host, the week's Monday and the week. Without a `[site] url` the host is
`gapwatch.invalid`, which nobody owns, and nothing links to where the site is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from tracker.digest.model import Digest
from tracker.digest.render import Layout, feed_content
from tracker.digest.tidy import clean

TITLE = "Gapwatch"
SUBTITLE = "Every week: how far open-weight models are behind proprietary ones, and what it costs"
NOBODYS = "gapwatch.invalid"
NEVER = "1970-01-01T00:00:00Z"  # when a feed without entries was last updated: a date there must be


class Issue(NamedTuple):
    """A frozen digest and when it was published (RFC 3339)."""

    published: str
    digest: Digest


@dataclass(frozen=True, slots=True)
class Entry:
    """One digest in a feed; `content` is HTML."""

    id: str
    url: str
    title: str
    summary: str
    published: str
    content: str


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's head and its entries, the newest first. `home` is where the site is found, or ""."""

    id: str
    home: str
    title: str
    subtitle: str
    updated: str
    entries: tuple[Entry, ...]


def feed(issues: Sequence[Issue], url: str, layout: Layout) -> Feed:
    """The feed of issues, the newest first, for a site at `url`."""
    home = f"{url.rstrip('/')}/" if url else ""
    updated = max((issue.published for issue in issues), default=NEVER)
    entries = tuple(_entry(issue, home, layout) for issue in issues)
    return Feed(tag(home, "2025-01-01", "digests"), home, TITLE, SUBTITLE, updated, entries)


def tag(home: str, day: str, name: str) -> str:
    """A tag URI: `tag:example.org,2026-05-25:gapwatch/2026-W22`."""
    return f"tag:{urlsplit(home).hostname or NOBODYS},{day}:gapwatch/{name}"


def _entry(issue: Issue, home: str, layout: Layout) -> Entry:
    digest = clean(issue.digest)
    year, week = digest.week.split("-W")
    monday = date.fromisocalendar(int(year), int(week), 1).isoformat()
    return Entry(
        tag(home, monday, digest.week),
        f"{home}digests/{digest.week}.html" if home else "",
        f"{digest.title[:1].upper()}{digest.title[1:]}: {digest.headline}",
        digest.summary or digest.headline,
        issue.published,
        feed_content(digest, layout),
    )


def atom(made: Feed, layout: Layout) -> str:
    """The feed as Atom."""
    return layout.page("feed.xml.j2", feed=made) + "\n"


def json_feed(made: Feed) -> str:
    """The feed as JSON Feed 1.1."""
    head = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": made.title,
        "description": made.subtitle,
        "language": "en",
        "authors": [{"name": TITLE}],
    }
    if made.home:
        head |= {"home_page_url": made.home, "feed_url": f"{made.home}feed.json"}
    return json.dumps(
        {**head, "items": [_item(entry) for entry in made.entries]}, ensure_ascii=False, indent=1
    )


def _item(entry: Entry) -> dict[str, str]:
    item = {
        "id": entry.id,
        "title": entry.title,
        "summary": entry.summary,
        "date_published": entry.published,
        "date_modified": entry.published,
        "content_html": entry.content,
    }
    return item | ({"url": entry.url} if entry.url else {})
