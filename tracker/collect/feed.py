"""Any RSS or Atom feed becomes announcements: one parser for every entry of feeds.toml.

A feed is foreign text, so the engine never lets it open anything (only `BytesIO` reaches feedparser,
which would take bytes that spell a path for that file), walks its markup once with bare expat to refuse
what would cost minutes, and keeps plain text alone.
"""

from __future__ import annotations

import calendar
import hashlib
import html
import io
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.parsers import expat

from tracker.domain import Announcement
from tracker.errors import ParseError
from tracker.source import Payload

TITLE_LIMIT = 300
EXTRACT_LIMIT = 400
URL_LIMIT = 2000
ITEM_LIMIT = 1000
# The largest vendor feed seen has 11,000 tags; feedparser takes 20 microseconds for each.
DEPTH_LIMIT = 500
TAG_LIMIT = 50_000
# nh3 takes quadratic time on nested blocks, 49 s for 100,000 of them; an extract needs only the beginning.
HTML_LIMIT = 4000
AHEAD = timedelta(days=2)
BLOCK = re.compile(r"(?i)</?(?:p|div|br|li|ul|ol|tr|td|h[1-6]|blockquote|pre)\b")
TRACKING = re.compile(r"utm_\w+|fbclid|gclid")


def parse_feed(payload: Payload, vendor: str) -> Iterator[Announcement]:
    """Yield the feed's items, newest or not, one per identity; ParseError where the body is no feed."""
    import feedparser  # 78 ms, so only where a feed is read

    _refuse_bombs(payload)
    feed = feedparser.parse(io.BytesIO(payload.body), sanitize_html=False, resolve_relative_uris=False)
    if not feed.get("version"):
        raise ParseError(f"{payload.url} is not an RSS or Atom feed")
    seen = set()
    for entry in islice(feed.entries, ITEM_LIMIT):
        item = _announcement(entry, vendor, payload.observed)
        if item.title and item.key not in seen:
            seen.add(item.key)
            yield item


def feed_title(payload: Payload) -> str:
    """What a feed calls itself; "" where it does not say."""
    import feedparser

    feed = feedparser.parse(io.BytesIO(payload.body), sanitize_html=False, resolve_relative_uris=False)
    return plain_text(dict.get(feed.get("feed") or {}, "title", "") or "", TITLE_LIMIT)


def _refuse_bombs(payload: Payload) -> None:
    """Raise ParseError for markup nested, repeated or self-referring beyond what any feed needs."""
    depth = tags = 0

    def start(_name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth, tags
        depth, tags = depth + 1, tags + 1
        if depth > DEPTH_LIMIT or tags > TAG_LIMIT:
            raise ParseError(
                f"{payload.url} has markup nested {depth} deep and {tags} tags: no feed needs that"
            )

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def entity(name: str, _parameter: bool, value: str | None, *_: str | None) -> None:
        if value is None or "&" in value or "%" in value:
            raise ParseError(f"{payload.url} declares the entity {name[:40]} by another one or by a file")

    scan = expat.ParserCreate()
    scan.StartElementHandler, scan.EndElementHandler, scan.EntityDeclHandler = start, end, entity
    try:
        scan.Parse(payload.body.lstrip(), True)
    except (expat.ExpatError, ValueError, LookupError):  # not well-formed, or in an unheard-of encoding
        if payload.body.count(b"<") > TAG_LIMIT:
            raise ParseError(f"{payload.url} is not well-formed, and too large to be guessed at") from None


def _announcement(entry: Any, vendor: str, observed: datetime) -> Announcement:
    title = plain_text(entry.get("title", ""), TITLE_LIMIT)
    content = entry.get("content") or [{}]
    text = plain_text(entry.get("summary") or content[0].get("value", ""), EXTRACT_LIMIT)
    url = _safe_url(entry.get("link", ""))
    return Announcement(
        key=_key(entry.get("id", ""), url, title, text),
        url=url,
        title=title or text[:80],
        vendor=vendor,
        published=_published(entry, observed),
        text=text,
    )


def plain_text(markup: str, limit: int) -> str:
    """One line of plain text without tags or control characters, cut at a word to at most `limit`."""
    import nh3

    spaced = BLOCK.sub(lambda tag: " " + tag.group(), _encodable(markup[:HTML_LIMIT]))
    text = _encodable(html.unescape(nh3.clean(spaced, tags=set())))
    # Category C: control, format (text direction, zero width), surrogate and unassigned characters.
    printable = (
        "" if unicodedata.category(c) == "Cf" else " " if unicodedata.category(c)[0] == "C" else c
        for c in text
    )
    line = " ".join("".join(printable).split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut) + "…"


def _encodable(text: str) -> str:
    """The text without lone surrogates, which neither nh3 nor a database takes."""
    return text.encode("utf-8", "ignore").decode()


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
    guid = _encodable(" ".join(guid.split())[:URL_LIMIT])
    if guid:
        return re.sub(r"(?i)^http://", "https://", guid)
    if url:
        return canonical_url(url)
    return "sha256:" + hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()


def canonical_url(url: str) -> str:
    """The URL as https, without fragment and tracking parameters, its query in order."""
    from w3lib.url import canonicalize_url

    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, True) if not TRACKING.fullmatch(name)]
    bare = parts._replace(scheme="https", query=urlencode(query), fragment="")
    return str(canonicalize_url(bare.geturl()))


def _published(entry: Any, observed: datetime) -> datetime | None:
    """When the item says it was published, unless that cannot be read or lies in the future."""
    # dict.get, since feedparser's own gives one for the other with a warning.
    stamp = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    try:
        moment = datetime.fromtimestamp(calendar.timegm(stamp), UTC) if stamp else None
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment and moment <= observed + AHEAD else None
