"""The week's news: each story told once under its vendor, what matters most to a reader first.

A story's weight is a sum (docs/news.md): of its topic, of who tells it, of the models that it names, and
above all of whether one of those moved a gap or its price this week. The same news is always ranked the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from tracker.catalog.reference import load_reference
from tracker.digest import model
from tracker.digest.evidence import Evidence
from tracker.digest.mentions import Names, mentioned
from tracker.digest.signs import OTHER
from tracker.digest.stories import Story, first_told, stories
from tracker.digest.topics import topics_of
from tracker.digest.weeks import day
from tracker.store.query import listed
from tracker.store.rows import NewsRow

SHOWN, STORIES = 5, 2  # stories in all, and of one vendor
LEAST = 10  # of weight: what is about nothing in particular, and names no model, is left out
LATE = timedelta(days=3)  # by which a feed may be late, and its item still be of the week of its first sight
TOPIC = MappingProxyType(
    {
        "weights": 30,
        "price": 30,
        "launch": 25,
        "licence": 25,
        "speed": 18,
        "incident": 12,
        "deprecation": 10,  # the digest tells what goes away in a section of its own
        "research": 10,
        "funding": 8,
        "other": 0,
    }
)
KNOWN_VENDOR, KNOWN_MODEL, IN_PLAY, EACH_FEED, FEEDS = 6, 6, 20, 2, 3
MOVED = 100  # more than everything else together


@dataclass(frozen=True, slots=True)
class Week:
    """What news is held against: the week's span (RFC 3339), and the ids of models.

    `leading` are those that lead a board, `moved` those that moved a gap or whose price moved.
    """

    since: str
    until: str
    leading: Collection[str]
    moved: Collection[str]


def of_the_week(rows: Iterable[NewsRow], week: Week, names: Names) -> list[Story]:
    """The stories of a week that have some weight, the weightiest first."""
    told = stories(rows, week.since)
    ranked = rank((story for story in told if week.since < learnt(story) <= week.until), week, names)
    return [story for story in ranked if weight(story, week, names) >= LEAST]


def by_vendor(ranked: Sequence[Story], on: date, evidence: Evidence) -> tuple[model.VendorNews, ...]:
    """The weightiest stories, each under its vendor, the vendor with the weightiest first."""
    theirs: dict[str, list[Story]] = defaultdict(list)
    for story in ranked:
        theirs[_name(story[0])].append(story)
    told = {id(story) for story in [s for s in ranked if s in theirs[_name(s[0])][:STORIES]][:SHOWN]}
    return tuple(
        model.VendorNews(vendor, tuple(_story(one, on, evidence) for one in shown), len(own) - len(shown))
        for vendor, own in theirs.items()
        if (shown := [story for story in own if id(story) in told])
    )


def learnt(story: Story) -> str:
    """When a story became news here (RFC 3339); "" where it was known before anybody can say.

    That is when it was first told; but what a feed shows a little late is news when it is seen, since the
    edition of the week before is out by then.
    """
    return "" if any(row.old for row in story) else min(map(_learnt, story))


def _learnt(row: NewsRow) -> str:
    if row.at_first or row.at >= row.first_seen:
        return row.at
    late = datetime.fromisoformat(row.first_seen) - datetime.fromisoformat(row.at)
    return row.first_seen if late <= LATE else row.at


def rank(told: Iterable[Story], week: Week, names: Names) -> list[Story]:
    """The stories, weightiest first; of equal weight the latest first."""
    latest = sorted(told, key=lambda story: (first_told(story), story[0].id), reverse=True)
    return sorted(latest, key=lambda story: -weight(story, week, names))


def weight(story: Story, week: Week, names: Names) -> int:
    """How much a story matters to a reader in a week: a sum of documented weights."""
    about = models_of(story, names)
    more_feeds = len({row.source for row in story}) - 1
    return (
        TOPIC[topics_of(story[0])[0]]
        + EACH_FEED * min(FEEDS, more_feeds)
        + KNOWN_VENDOR * _is_known(story[0].vendor)
        + KNOWN_MODEL * bool(about)
        + IN_PLAY * (not about.isdisjoint(week.leading))
        + MOVED * (not about.isdisjoint(week.moved))
    )


def models_of(story: Story, names: Names) -> set[str]:
    """The ids of the models that a story names, in its titles or by its sources' word."""
    said = (one for row in story for one in [row.title, *listed(row.models)])
    return {found for text in said for found in mentioned(text, names)}


def _is_known(vendor: str) -> bool:
    """Whether a vendor is a lab or a seller that the catalogue knows."""
    reference = load_reference()
    return vendor in reference.organisations or reference.provider(vendor).role != "unknown"


def _name(row: NewsRow) -> str:
    """The vendor as people write it."""
    reference = load_reference()
    known = reference.organisations.get(row.vendor) or reference.provider(row.vendor).name
    return known if known != row.vendor else row.source_title.removesuffix(" blog").removesuffix(" news")


def _story(story: Story, on: date, evidence: Evidence) -> model.Story:
    lead, topic = story[0], topics_of(story[0])[0]
    also = tuple(dict.fromkeys(row.source_title for row in story if row.source != lead.source))
    return model.Story(
        lead.title,
        lead.url,
        day(first_told(story), on),
        lead.source_title,
        also,
        evidence(lead.capture),
        "" if topic == OTHER else topic,
    )
