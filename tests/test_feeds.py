"""The frozen digests as Atom (RFC 4287) and JSON Feed 1.1, by rule and by a reader."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree

from tests.support import digests
from tracker.digest import feeds
from tracker.digest.feeds import Issue
from tracker.digest.model import Digest
from tracker.digest.render import Layout

URL = "https://example.org/gap"
ATOM = "{http://www.w3.org/2005/Atom}"
ISSUES = [
    Issue("2025-02-03T06:00:00Z", replace(digests.QUIET, week="2025-W05")),
    Issue("2025-01-27T06:00:00Z", digests.RICH),
]
SITUATIONS: dict[str, list[Issue]] = {
    "two weeks": ISSUES,
    "no digest yet": [],
    **{
        f"hostile: {name}": [Issue("2025-01-27T06:00:00Z", digests.hostile(title))]
        for name, title in digests.TITLES.items()
    },
}
every_situation = pytest.mark.parametrize("issues", SITUATIONS.values(), ids=SITUATIONS)
anywhere = pytest.mark.parametrize("url", ["", URL, f"{URL}/"])


def atom(issues: list[Issue], url: str = URL) -> str:
    return feeds.atom(feeds.feed(issues, url, Layout(None)), Layout(None))


def as_json(issues: list[Issue], url: str = URL) -> Any:
    return json.loads(feeds.json_feed(feeds.feed(issues, url, Layout(None))))


def is_time(text: str) -> bool:
    return datetime.fromisoformat(text).utcoffset() is not None


@every_situation
@anywhere
def test_an_atom_feed_has_what_the_standard_asks_for(issues: list[Issue], url: str) -> None:
    root = etree.fromstring(atom(issues, url).encode())
    assert root.tag == f"{ATOM}feed"
    for holder in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(holder.findall(f"{ATOM}{name}")) == 1, name
        assert is_time(holder.findtext(f"{ATOM}updated"))
        assert re.fullmatch(r"tag:[a-z.]+,\d{4}-\d\d-\d\d:gapwatch/[\w-]+", holder.findtext(f"{ATOM}id"))
        kinds = [(link.get("rel"), link.get("type")) for link in holder.findall(f"{ATOM}link")]
        assert len(kinds) == len(set(kinds))
        assert all(urlsplit(link.get("href")).scheme == "https" for link in holder.findall(f"{ATOM}link"))
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert len({entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")}) == len(issues)


@every_situation
@anywhere
def test_a_json_feed_has_what_its_version_asks_for(issues: list[Issue], url: str) -> None:
    feed = as_json(issues, url)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(feed["title"], str)
    assert all(urlsplit(feed[key]).scheme == "https" for key in ("feed_url", "home_page_url") if key in feed)
    assert len({item["id"] for item in feed["items"]}) == len(issues)
    for item in feed["items"]:
        assert item["content_html"]
        assert all(is_time(item[key]) for key in ("date_published", "date_modified"))


@every_situation
def test_a_reader_finds_every_digest_and_nothing_that_runs(issues: list[Issue]) -> None:
    read = feedparser.parse(atom(issues).encode(), sanitize_html=False, resolve_relative_uris=False)
    assert not read.bozo
    assert len(read.entries) == len(issues)
    for entry in read.entries:
        content = etree.HTML(entry.content[0].value)
        assert not content.xpath("//script|//img|//iframe|//style|//form|//@style|//@onerror")
        assert all(re.match(r"https?://", href) for href in content.xpath("//@href"))


def test_both_feeds_say_the_same() -> None:
    read, items = feedparser.parse(atom(ISSUES).encode(), sanitize_html=False), as_json(ISSUES)["items"]
    assert [(e.id, e.title, e.link, e.updated) for e in read.entries] == [
        (i["id"], i["title"], i["url"], i["date_modified"]) for i in items
    ]


def test_an_entry_keeps_its_id_and_its_time_when_others_follow() -> None:
    before, after = as_json(ISSUES[1:])["items"], as_json(ISSUES)["items"]
    assert after[1:] == before
    assert after[0]["id"] == "tag:example.org,2025-01-27:gapwatch/2025-W05"
    assert re.search(r"<updated>(.*?)<", atom(ISSUES))[1] == "2025-02-03T06:00:00Z"  # type: ignore[index]


@pytest.mark.parametrize(
    ("url", "own"), [("", None), (URL, f"{URL}/feed.xml"), (f"{URL}/", f"{URL}/feed.xml")]
)
def test_a_feed_links_to_itself_where_its_place_is_known(url: str, own: str | None) -> None:
    links = feedparser.parse(atom(ISSUES, url).encode()).feed.get("links", [])
    assert next((link.href for link in links if link.rel == "self"), None) == own
    assert as_json(ISSUES, url).get("feed_url") == (f"{URL}/feed.json" if url else None)


def test_an_entry_holds_the_whole_digest() -> None:
    content = as_json(ISSUES)["items"][1]["content_html"]
    for part in ("1,357", "DeepSeek-R1-Distill-Llama-70B now runs", "withdrawn by its editors", "CC BY 4.0"):
        assert part in content


def test_a_feed_of_a_digest_without_a_summary_still_has_one() -> None:
    bare: Digest = replace(digests.RICH, summary="")
    assert as_json([Issue("2025-01-27T06:00:00Z", bare)])["items"][0]["summary"] == bare.headline
