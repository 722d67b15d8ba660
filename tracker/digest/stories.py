"""Which announcements are one story (docs/news.md says what a story is).

Two steps. Items of one page are one story, whatever they are called and however they are dated. Then pages are
joined by what their titles and texts say, each with *every* page already in the story (complete linkage), so
that a chain of likenesses never joins what is unlike.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from tracker.store.rows import NewsRow

Story = list[NewsRow]
Page = list[NewsRow]

WINDOW = timedelta(days=7)
TITLE = 300  # characters that are compared
LEAST_WORDS = 4  # a shorter title ("Release notes") says too little by itself
LONG_WORDS, LEAST_TEXT = 6, 80  # from which a likeness, and not only sameness, is evidence
ALIKE = 92  # of 100, by rapidfuzz
COMMUNITY = "community"
ROMAN = frozenset({"i", "ii", "iii", "iv", "v", "vi"})
# What a title says of itself, and not of its subject.
FRAME = frozenset(
    "a an and are at available by for from here in introducing announcing is its it launch launches launching"
    " meet new now of on our released releases the to today we with".split()
)


class Said(NamedTuple):
    """What a title says: its words without the frame, and those of them that tell versions apart."""

    words: frozenset[str]
    numbers: frozenset[str]
    line: str


def stories(rows: Iterable[NewsRow]) -> list[Story]:
    """The rows by story: each story's lead first, the stories by when they were first told."""
    found: list[list[Page]] = []
    recent: list[list[Page]] = []
    for page in _pages(rows):
        recent = [story for story in recent if _near(story[-1][0], page[0])]
        story = next((one for one in recent if all(_alike(other, page) for other in one)), [])
        if not story:
            found.append(story)
            recent.append(story)
        story.append(page)
    return [sorted((row for page in story for row in page), key=_lead) for story in found]


def first_told(story: Story) -> str:
    """When a story was first told (RFC 3339); "" where that was before anybody can say."""
    return "" if any(row.old for row in story) else min(row.at for row in story)


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
        page = next((one for one in same if all(_may_share(row, other) for other in one)), [])
        if not page:
            pages.append(page)
            same.append(page)
        page.append(row)
    return pages


def page_of(url: str) -> str:
    """A URL as a page's identity: without scheme, `www.`, query and closing slash; "" for a front page."""
    bare = re.sub(r"^https?://(www\.)?|\?[^#]*", "", url.casefold()).rstrip("/")
    return bare if "/" in bare else ""


def _lists(rows: Iterable[NewsRow]) -> set[str]:
    """The pages on which one feed tells several things: a changelog is nobody's story."""
    told = Counter((row.source, page_of(row.url)) for row in rows if page_of(row.key) != page_of(row.url))
    return {page for (_, page), items in told.items() if items > 1}


def _may_share(row: NewsRow, other: NewsRow) -> bool:
    """Whether two items at one address may be one story: of one feed only where the feed knows them by it."""
    if row.source == other.source and page_of(row.key) != page_of(other.key):
        return False
    return not _other_models(row, other)


def _other_models(row: NewsRow, other: NewsRow) -> bool:
    return bool(row.models and other.models) and set(row.models.split("\n")) != set(other.models.split("\n"))


def _near(row: NewsRow, other: NewsRow) -> bool:
    return abs(datetime.fromisoformat(row.at) - datetime.fromisoformat(other.at)) <= WINDOW


def _alike(page: Page, other: Page) -> bool:
    """Whether two pages tell the same: some item of the one what some item of the other tells."""
    pairs = [(a, b) for a in page for b in other]
    if any(_other_models(a, b) for a, b in pairs):
        return False
    if any(_moved(a, b) for a, b in pairs):
        return True
    return not any(a.source == b.source for a, b in pairs) and any(_same(a, b) for a, b in pairs)


def _moved(row: NewsRow, other: NewsRow) -> bool:
    """Whether a feed tells an item again at an address that ends in the same words, as a moved site does."""
    ends = {page_of(one.url).rpartition("/")[2] for one in (row, other)}
    return row.source == other.source and len(ends) == 1 and ends.pop().count("-") >= LEAST_WORDS - 1


def _same(row: NewsRow, other: NewsRow) -> bool:
    """Whether two titles, or texts, say the same of the same versions."""
    a, b = said(row.title), said(other.title)
    if a.numbers != b.numbers:
        return False
    if a.line == b.line and len(a.line.split()) >= LEAST_WORDS:
        return True
    if row.vendor != other.vendor and COMMUNITY not in f"{row.topics}\n{other.topics}".split("\n"):
        return False
    if a.words == b.words and a.words:
        return bool(a.numbers) or len(a.words) >= LEAST_WORDS
    return _like(a, b) or _like_texts(row, other)


def _like(a: Said, b: Said) -> bool:
    from rapidfuzz import fuzz  # 20 ms, and most titles are the same or clearly not

    if min(len(a.words), len(b.words)) < LONG_WORDS:
        return False
    one, two = (" ".join(sorted(said.words)) for said in (a, b))
    return fuzz.ratio(one, two, score_cutoff=ALIKE) > 0


def _like_texts(row: NewsRow, other: NewsRow) -> bool:
    if min(len(row.text), len(other.text)) < LEAST_TEXT:
        return False
    from rapidfuzz import fuzz

    return fuzz.ratio(row.text, other.text, score_cutoff=ALIKE) > 0


@lru_cache(maxsize=50_000)
def said(title: str) -> Said:
    """The words of a title, without case, marks and accents of presentation."""
    line = unicodedata.normalize("NFKC", title[:TITLE]).casefold()
    words = re.findall(r"\w+(?:[.\-]\w+)*", line)
    numbers = frozenset(word for word in words if word in ROMAN or any(c.isdigit() for c in word))
    return Said(frozenset(words) - FRAME, numbers, " ".join(words))
