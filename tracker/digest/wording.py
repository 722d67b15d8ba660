"""Whether two announcements say the same, by the words of their titles and texts."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from tracker.store.rows import NewsRow

TITLE = 300  # characters that are compared
LEAST_WORDS = 4  # a shorter title ("Release notes") says too little by itself
LONG_WORDS, LEAST_TEXT = 6, 80  # from which a likeness, and not only sameness, is evidence
ALIKE = 92  # of 100, by rapidfuzz
COMMUNITY = "community"  # a feed of others, which tell what makers do
ROMAN = frozenset({"i", "ii", "iii", "iv", "v", "vi"})
# What a title says of itself, and not of its subject.
FRAME = frozenset(
    re.findall(
        r"\w+",
        "a an and are at available by for from here in introducing announcing is its it launch launches"
        " launching meet new now of on our released releases the to today we with"
        " changelog news note notes release update updates what s",
    )
)


class Said(NamedTuple):
    """What a title says: its words without the frame, and those of them that tell versions apart."""

    words: frozenset[str]
    numbers: frozenset[str]
    line: str


@lru_cache(maxsize=50_000)
def said(title: str) -> Said:
    """The words of a title, without case, punctuation and forms of presentation."""
    line = unicodedata.normalize("NFKC", title[:TITLE]).casefold()
    words = re.findall(r"\w+(?:[.\-]\w+)*", line)
    numbers = frozenset(word for word in words if word in ROMAN or any(c.isdigit() for c in word))
    return Said(frozenset(words) - FRAME, numbers, " ".join(words))


def same_words(row: NewsRow, other: NewsRow) -> bool:
    """Whether two feeds tell the same of the same versions.

    The same title of some length is enough. A short one, or a likeness, is evidence only among one vendor's
    own items, or where others report on it; and a short one without a version, only on one day.
    """
    a, b = said(row.title), said(other.title)
    if a.numbers != b.numbers:
        return False
    if a.line == b.line and a.line.count(" ") >= LEAST_WORDS - 1:
        return True
    if row.vendor != other.vendor and COMMUNITY not in f"{row.topics}\n{other.topics}".split("\n"):
        return False
    if a.words == b.words and a.words:
        return bool(a.numbers) or len(a.words) >= LEAST_WORDS or row.at[:10] == other.at[:10]
    return _like(a, b) or _like_texts(row.text, other.text)


def _like(a: Said, b: Said) -> bool:
    if min(len(a.words), len(b.words)) < LONG_WORDS:
        return False
    from rapidfuzz import fuzz  # only where there are two feeds of a vendor

    one, two = (" ".join(sorted(said.words)) for said in (a, b))
    return fuzz.ratio(one, two, score_cutoff=ALIKE) > 0


def _like_texts(text: str, other: str) -> bool:
    if min(len(text), len(other)) < LEAST_TEXT:
        return False
    from rapidfuzz import fuzz

    return fuzz.ratio(text, other, score_cutoff=ALIKE) > 0
