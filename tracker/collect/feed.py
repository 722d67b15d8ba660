"""Any RSS, Atom or JSON feed becomes announcements: one parser for every entry of feeds.toml.

A feed is foreign text, so the engine never lets it open anything (only `BytesIO` reaches feedparser,
which would take bytes that spell a path for that file), looks at its markup first (feedscan.py), and keeps
plain text alone.
"""

from __future__ import annotations

import calendar
import hashlib
import html
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from tracker.collect import feedscan
from tracker.collect.extract import EXTRACT_LIMIT, HTML_LIMIT, encodable, extract, plain_text
from tracker.domain import Announcement, Unread
from tracker.errors import ParseError
from tracker.source import Payload

TITLE_LIMIT = 300
URL_LIMIT = 2000
ITEM_LIMIT = 1000
# What a feed calls its items: foreign words, marked so that none is taken for what the whole feed is about.
CATEGORY, CATEGORIES, CATEGORY_LIMIT = "#", 8, 40
AHEAD = timedelta(days=2)
NEVER = datetime.min.replace(tzinfo=UTC)
TRACKING = re.compile(r"utm_\w+|fbclid|gclid")
INCIDENT = "incident"


class Entry(NamedTuple):
    """An item as its feed has it, markup and all."""

    guid: str
    link: str
    title: str
    summary: str
    body: str
    published: datetime | None
    categories: Sequence[str]

    @property
    def text(self) -> str:
        """What it is known by where it has neither guid nor link; its extract would change with the rule."""
        return self.summary or self.body


def parse_feed(
    payload: Payload, vendor: str, topics: tuple[str, ...] = (), about: tuple[str, ...] = ()
) -> Iterator[Announcement | Unread]:
    """Yield the feed's items, one per identity; ParseError where the body is no feed.

    `topics` are what the whole feed is about; the feed's own categories of an item follow them, each after
    a "#". With `about` only items that name one of these words or phrases count. Of more than 1,000 items
    the newest are read.
    """
    entries = _entries(payload)
    if len(entries) > ITEM_LIMIT:
        left = len(entries) - ITEM_LIMIT
        yield Unread(f"{left:,} items of {payload.url} older than its newest {ITEM_LIMIT:,}")
        entries = sorted(entries, key=lambda entry: entry.published or NEVER, reverse=True)[:ITEM_LIMIT]
    seen = set()
    for entry in entries:
        item = _announcement(entry, vendor, topics, payload.observed)
        if item.title and item.key not in seen and _names(entry, about):
            seen.add(item.key)
            yield item


def feed_title(payload: Payload) -> str:
    """What a feed calls itself; "" where it does not say."""
    if _is_json(payload.body):
        return plain_text(html.escape(str(payload.json().get("title", ""))), TITLE_LIMIT)
    import feedparser

    feed = feedparser.parse(io.BytesIO(payload.body), sanitize_html=False, resolve_relative_uris=False)
    return plain_text(dict.get(feed.get("feed") or {}, "title", "") or "", TITLE_LIMIT)


def _is_json(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def _entries(payload: Payload) -> list[Entry]:
    """The items in the feed's order."""
    payload = replace(payload, body=feedscan.by_its_mark(payload.body))
    if _is_json(payload.body):
        return _json_entries(payload)
    import feedparser  # 78 ms, so only where a feed is read

    feedscan.refuse(payload)
    feed = feedparser.parse(io.BytesIO(payload.body), sanitize_html=False, resolve_relative_uris=False)
    if not (feed.get("version") or feed.entries):
        raise ParseError(f"{payload.url} is not an RSS, Atom or JSON feed")
    return [_xml_entry(entry) for entry in feed.entries]


def _xml_entry(entry: Any) -> Entry:
    # dict.get, since feedparser's own gives one for the other with a warning.
    stamp = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    summary, body = entry.get("summary", ""), (entry.get("content") or [{}])[0].get("value", "")
    return Entry(
        guid=entry.get("id", ""),
        link=entry.get("link", ""),
        title=entry.get("title", ""),
        summary="" if summary == body else summary,  # feedparser gives the body where there is no summary
        body=body,
        published=_moment(stamp),
        categories=[tag.get("term") or "" for tag in entry.get("tags") or ()],
    )


def _moment(stamp: Any) -> datetime | None:
    """The time in UTC that feedparser has read; None where the calendar has none such."""
    try:
        return datetime.fromtimestamp(calendar.timegm(stamp), UTC) if stamp else None
    except (ValueError, OverflowError, OSError):
        return None


def _json_entries(payload: Payload) -> list[Entry]:
    """The items of a JSON Feed, by jsonfeed.org/version/1.1: an id, and text or HTML."""
    feed = payload.json()
    if "jsonfeed.org/version/" not in str(feed.get("version")) or not isinstance(feed.get("items"), list):
        raise ParseError(f"{payload.url} is JSON, but not a JSON Feed")
    return [_json_entry(item) for item in feed["items"] if isinstance(item, dict)]


def _json_entry(item: dict[str, Any]) -> Entry:
    said = {name: value for name, value in item.items() if isinstance(value, str)}
    plain = {name: html.escape(value, quote=False) for name, value in said.items()}
    tags = item.get("tags")
    return Entry(
        guid=str(item.get("id", "")),
        link=said.get("url", ""),
        title=plain.get("title", ""),
        summary=plain.get("summary", ""),
        body=plain.get("content_text") or said.get("content_html", ""),
        published=_rfc3339(said.get("date_published") or said.get("date_modified", "")),
        categories=[html.escape(tag) for tag in tags if isinstance(tag, str)]
        if isinstance(tags, list)
        else [],
    )


def _rfc3339(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _announcement(entry: Entry, vendor: str, topics: tuple[str, ...], observed: datetime) -> Announcement:
    title, url = plain_text(entry.title, TITLE_LIMIT), _safe_url(entry.link)
    text = extract(title, entry.summary, entry.body)
    one_a_page = INCIDENT in topics and urlsplit(url).path not in ("", "/")
    return Announcement(
        key=_key("" if one_a_page else entry.guid, url, title, entry.text),
        url=url,
        title=title or text[:80],
        vendor=vendor,
        published=entry.published if entry.published and entry.published <= observed + AHEAD else None,
        text=text,
        topics=(*topics, *_categories(entry)),
    )


def _categories(entry: Entry) -> list[str]:
    """The first 8, each once, without case."""
    named = (plain_text(name, CATEGORY_LIMIT).casefold() for name in entry.categories[:CATEGORIES])
    return [f"{CATEGORY}{name}" for name in dict.fromkeys(named) if name]


def _names(entry: Entry, about: Sequence[str]) -> bool:
    """Whether an item names one of the words or phrases, as whole words, however they are written."""
    if not about:
        return True
    said = plain_text(f"{entry.title} {entry.text}", HTML_LIMIT)
    return any(re.search(rf"(?i)(?<!\w){re.escape(word)}(?!\w)", said) for word in about)


def _safe_url(link: str) -> str:
    """The link where it is one that a reader may follow, else ""."""
    link = link.strip()
    try:
        parts = urlsplit(link)
    except ValueError:
        return ""
    fit = parts.scheme in ("http", "https") and parts.hostname and len(link) <= URL_LIMIT
    return link if fit and link.isprintable() and " " not in link else ""


def _key(guid: str, url: str, title: str, text: str) -> str:
    """An item's identity: its guid, else its canonical URL, else a hash of what it says.

    A guid keeps its fragment, since some feeds tell their items apart by nothing else; http and https
    are one.
    """
    guid = encodable(" ".join(guid.split())[:URL_LIMIT])
    if guid:
        return re.sub(r"(?i)^http://", "https://", guid)
    if url:
        return canonical_url(url)
    said = f"{title}\n{plain_text(text, EXTRACT_LIMIT)}"
    return "sha256:" + hashlib.sha256(said.encode()).hexdigest()


def canonical_url(url: str) -> str:
    """The URL as https, without fragment and tracking parameters, its query in order."""
    from w3lib.url import canonicalize_url

    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, True) if not TRACKING.fullmatch(name)]
    bare = parts._replace(scheme="https", query=urlencode(query), fragment="")
    return str(canonicalize_url(bare.geturl()))
