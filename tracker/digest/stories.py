"""Which announcements are one story; docs/news.md says what a story is.

Two steps. Items of one page are one story, whatever they are called and however they are dated. Then pages
are joined by what their titles and texts say, each with *every* page already in the story (complete linkage),
so that a chain of likenesses never joins what is unlike. Pure; rapidfuzz judges likeness.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from tracker.digest.wording import COMMUNITY, LEAST_WORDS, said, same_words
from tracker.store.rows import NewsRow

Story = list[NewsRow]
WINDOW = 7  # days between tellings of one story under different addresses


@dataclass
class Page:
    """The items of one address, the first telling first, and the story that they are part of."""

    rows: list[NewsRow] = field(default_factory=list)
    story: list[Page] = field(default_factory=list)

    @property
    def last(self) -> str:
        """When it was told, or seen, the last time."""
        return max(max(row.at, row.first_seen) for row in self.rows)

    @cached_property
    def day(self) -> int:
        """The day of its first telling, as a number."""
        return date.fromisoformat(self.rows[0].at[:10]).toordinal()


def stories(rows: Iterable[NewsRow], since: str = "") -> list[Story]:
    """The rows by story: each story's lead first, the stories by when they were first told.

    What nothing was told of after `since` (RFC 3339) is left out.
    """
    found: list[list[Page]] = []
    recent = Recent()
    start = _days_before(since) if since else ""
    for page in (page for page in _pages(rows) if page.last >= start):
        near = (other.story for other in recent.near(page))
        page.story = next((story for story in near if all(_alike(one, page) for one in story)), [])
        if not page.story:
            found.append(page.story)
        page.story.append(page)
        recent.add(page)
    return [sorted((row for page in story for row in page.rows), key=_lead) for story in found]


def _days_before(since: str) -> str:
    """The day, in ISO form, from which a telling may be of a story that is told after `since`."""
    return date.fromordinal(max(1, date.fromisoformat(since[:10]).toordinal() - WINDOW)).isoformat()


def first_told(story: Story) -> str:
    """When a story was first told (RFC 3339); "" where that was before anybody can say."""
    return "" if any(row.old for row in story) else min(row.at for row in story)


class Recent:
    """The pages of the last days, by what a story's tellings have in common."""

    def __init__(self) -> None:
        self._by: dict[str, list[Page]] = defaultdict(list)

    def add(self, page: Page) -> None:
        for key in _shelves(page):
            self._by[key].append(page)

    def near(self, page: Page) -> Iterator[Page]:
        """The pages that may tell the same story, as far as a look at what they have in common says."""
        for key in _shelves(page, looking=True):
            self._by[key] = [one for one in self._by[key] if abs(one.day - page.day) <= WINDOW]
            yield from self._by[key]


def _shelves(page: Page, looking: bool = False) -> Iterator[str]:
    """Where a page is put, or looked for: by its title, its address, and its vendor with the versions named.

    What others report is compared with all vendors' pages, and those with it.
    """
    others = _of_others(page)
    wider = (["own", "others"] if others else ["others"]) if looking else ["others" if others else "own"]
    for row in page.rows:
        title, numbers = said(row.title), " ".join(sorted(said(row.title).numbers))
        yield f"title {title.line}"
        yield f"address {row.source} {page_of(row.url).rpartition('/')[2]}"
        yield f"vendor {row.vendor} {numbers}"
        yield from (f"{whose} {numbers}" for whose in wider)


def _of_others(page: Page) -> bool:
    return any(COMMUNITY in row.topics.split("\n") for row in page.rows)


def _lead(row: NewsRow) -> tuple[bool, bool, str, int]:
    """A maker's own words before those of others, then the first."""
    return COMMUNITY in row.topics.split("\n"), *_order(row)


def _order(row: NewsRow) -> tuple[bool, str, int]:
    """What nobody can date was there before what is dated."""
    return not row.old, row.at, row.id


def _pages(rows: Iterable[NewsRow]) -> list[Page]:
    """The rows by page, the pages by their first tellings."""
    ordered = sorted(rows, key=_order)
    lists = _lists(ordered)
    pages: list[Page] = []
    at_address: dict[str, list[Page]] = defaultdict(list)
    for row in ordered:
        address = page_of(row.url)
        same = at_address[address] if address and address not in lists else []
        page = next((one for one in same if all(_may_share(row, other) for other in one.rows)), None)
        if page is None:
            page = Page()
            pages.append(page)
            same.append(page)
        page.rows.append(row)
    return pages


@lru_cache(maxsize=50_000)
def page_of(url: str) -> str:
    """A URL as a page's identity: without scheme, `www.`, query and closing slash; "" for a front page."""
    bare = re.sub(r"^https?://(www\.)?|\?[^#]*", "", url.casefold()).rstrip("/")
    return bare if "/" in bare else ""


def _lists(rows: Sequence[NewsRow]) -> set[str]:
    """The pages on which one feed tells several things: a changelog is nobody's story."""
    told = Counter((row.source, page_of(row.url)) for row in rows if page_of(row.key) != page_of(row.url))
    return {page for (_, page), items in told.items() if items > 1}


def _may_share(row: NewsRow, other: NewsRow) -> bool:
    """Whether two items at one address may be one story; of one feed, where it knows them by the address."""
    if row.source == other.source and page_of(row.key) != page_of(other.key):
        return False
    return not _other_models(row, other)


def _other_models(row: NewsRow, other: NewsRow) -> bool:
    return bool(row.models and other.models) and set(row.models.split("\n")) != set(other.models.split("\n"))


def _alike(page: Page, other: Page) -> bool:
    """Whether two pages tell the same: some item of the one what some item of the other tells."""
    pairs = [(a, b) for a in page.rows for b in other.rows]
    if any(_other_models(a, b) for a, b in pairs):
        return False
    if any(a.source == b.source for a, b in pairs):
        return any(_moved(a, b) for a, b in pairs)
    return any(same_words(a, b) for a, b in pairs)


def _moved(row: NewsRow, other: NewsRow) -> bool:
    """Whether a feed tells an item again at another address that ends alike: its site has moved."""
    one, two = page_of(row.url), page_of(other.url)
    end = one.rpartition("/")[2]
    same = end == two.rpartition("/")[2] and end.count("-") >= LEAST_WORDS - 1
    return same and one != two and row.source == other.source
