"""News as the recorded web told it, week by week, and the labels that people gave it.

A label is known by its item: the hash of its feed's address and of the item's key there. No title and no text
is kept. A third of the stories was set aside before anything was tuned: those whose id, read as a number, is
divisible by three.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.support.recorded import FOLDER
from tracker.collect.feed import parse_feed
from tracker.domain import Announcement
from tracker.source import Payload
from tracker.store.rows import NewsRow
from tracker.store.times import stamp

LABELS = Path(__file__).parents[1] / "labels" / "news.csv"
FURTHER = LABELS.with_name("topics.csv")
UNSEEN = LABELS.with_name("unseen.csv")
PROPORTION = LABELS.with_name("proportion.csv")
SUNDAYS = tuple(date(2025, 9, 7) + timedelta(weeks=week) for week in range(39))
RAW = "https://raw.githubusercontent.com"
# feed -> (vendor, what the whole feed is about), as feeds.toml tells it or would tell it
FEEDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    f"{RAW}/0xSMW/rss-feeds/main/feeds/feed_hackernews.xml": ("hackernews", ("community",)),
    f"{RAW}/0xSMW/rss-feeds/main/feeds/feed_mistral_news.xml": ("mistral", ()),
    f"{RAW}/0xSMW/rss-feeds/main/feeds/feed_xai_news.xml": ("xai", ()),
    f"{RAW}/leontloveless/ai-rss-feeds/main/feeds/anthropic.xml": ("anthropic", ()),
    f"{RAW}/leontloveless/ai-rss-feeds/main/feeds/claude-code-releases.xml": ("anthropic", ("release",)),
    f"{RAW}/leontloveless/ai-rss-feeds/main/feeds/deepmind-blog.xml": ("google", ()),
    f"{RAW}/leontloveless/ai-rss-feeds/main/feeds/groq-news.xml": ("groq", ()),
    f"{RAW}/leontloveless/ai-rss-feeds/main/feeds/stability-ai.xml": ("stability", ()),
    **{
        f"{RAW}/Olshansk/rss-feeds/main/feeds/feed_{name}.xml": (vendor, topics)
        for name, vendor, topics in (
            ("anthropic_engineering", "anthropic", ("practice",)),
            ("anthropic_news", "anthropic", ()),
            ("anthropic_research", "anthropic", ("research",)),
            ("claude", "anthropic", ()),
            ("cohere", "cohere", ()),
            ("cursor", "cursor", ()),
            ("google_ai", "google", ()),
            ("groq", "groq", ()),
            ("meta_ai", "meta", ()),
            ("mistral", "mistral", ()),
            ("ollama", "ollama", ()),
            ("openai_research", "openai", ("research",)),
            ("perplexity_hub", "perplexity", ()),
            ("the_batch", "deeplearning.ai", ("community",)),
            ("xainews", "xai", ()),
        )
    },
    "https://blog.vllm.ai/feed.xml": ("vllm", ("serving",)),
    "https://deprecations.info/v1/feed.xml": ("deprecations.info", ("deprecation",)),
}


class Label(NamedTuple):
    """What a reader said of an item: its story (the id of the story's first item) and its main topic."""

    id: str
    story: str
    topic: str

    @property
    def aside(self) -> bool:
        """Whether the story is of the third on which nothing was tuned."""
        return int(self.story, 16) % 3 == 0


def labels() -> list[Label]:
    """The labels, in the order of their items' days."""
    with LABELS.open(newline="", encoding="utf-8") as file:
        return [Label(*row) for row in csv.reader(file)][1:]


def further() -> dict[str, str]:
    """The topics of further items by id, mostly older ones: read for their topic alone, and tuned on."""
    return _topics(FURTHER)


def unseen() -> dict[str, str]:
    """The topics of items as they were drawn by hash: read by two, unseen once, and tuned on since."""
    return _topics(UNSEEN)


def as_told() -> dict[str, str]:
    """The topics of everything set aside, each feed by its share of what was recorded: never tuned on.

    The third of the labels has too little of the letter, the forum, the retirements and the version notes;
    the rest of these was drawn by hash and read by two, who agreed.
    """
    return {label.id: label.topic for label in labels() if label.aside} | _topics(PROPORTION)


def _topics(path: Path) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8") as file:
        return dict(list(csv.reader(file))[1:])


def ident(url: str, key: str) -> str:
    """The id of a feed's item: stable, and nothing of its text."""
    return hashlib.sha256(f"{url}\n{key}".encode()).hexdigest()[:12]


def told() -> dict[str, NewsRow]:
    """Every item of the recorded feeds by its id, as it was first seen on a Sunday; skips without them."""
    if not (FOLDER / "replay.py").is_file():
        pytest.skip("the recorded web is not beside this checkout")
    if str(FOLDER) not in sys.path:
        sys.path.append(str(FOLDER))
    from replay import Library  # type: ignore[import-not-found, unused-ignore]

    found: dict[str, NewsRow] = {}
    packs = Library(FOLDER / "data").packs
    for url in FEEDS:
        first: datetime | None = None
        for item, at in _items(url, packs[url]):
            first = first or at
            found.setdefault(ident(url, item.key), _row(len(found), url, item, at, at == first))
    return found


def _items(url: str, pack: Any) -> Iterator[tuple[Announcement, datetime]]:
    """What a feed showed on each Sunday on which it had changed."""
    vendor, topics = FEEDS[url]
    before = None
    for day in SUNDAYS:
        at = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)
        version = pack.at(at)
        if version is not None and version != before:
            before = version
            payload = Payload(url, pack.body(version), at)
            for item in parse_feed(payload, vendor, topics):
                if isinstance(item, Announcement):
                    yield item, at


def _row(number: int, url: str, item: Announcement, at: datetime, at_first: bool) -> NewsRow:
    return NewsRow(
        id=number,
        source=url,
        source_title=url,
        key=item.key,
        url=item.url,
        title=item.title,
        vendor=item.vendor,
        published=stamp(item.published) if item.published else None,
        first_seen=stamp(at),
        text=item.text,
        topics="\n".join(item.topics),
        models="\n".join(item.models),
        capture=0,
        at_first=at_first,
    )
