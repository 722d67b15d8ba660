"""The words of a name after its family's, in the order and form that the maker uses, whatever a source does.

    opus 45              opus 4.5             the point that a version lost
    pro 1.5              1.5 pro              the version's place
    3.1 instruct 8b      3.1 8b instruct      the size before the ending
    2507 reasoning       thinking 2507        which of a date's two deliveries it is

What the fields of a family mean is told in db/organisations.toml.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.catalog.spelling import Words, is_date, month

if TYPE_CHECKING:
    from tracker.catalog.reference import Family, Reference

SIZE = re.compile(r"(?:\d+x)?\d+(?:\.\d+)?[bm]|a\d+(?:\.\d+)?b|e\d+b|\d+e")
VERSION = re.compile(r"v?((?:0|[1-9]\d*)(?:\.\d+)?)")
ENDINGS = frozenset({"instruct", "chat", "it", "base"})
_TIERS = frozenset({"small", "medium", "large", "mini", "nano", "lite", "pro", "plus", "ultra"})
_APART = re.compile(r"([a-z]{3,})(\d(?:\.\d)?)")
_NO_POINT = re.compile(r"([km]?[1-9]|v0)([1-9])")
_NO_LETTER = re.compile(r"[1-9](?:\.\d+)?")
_YEAR_MONTH = re.compile(r"(?:20)?(2[3-9])[-.](0[1-9]|1[0-2])(?:-\d\d)?")


def arrange(words: Words, family: Family, reference: Reference) -> Words:
    """The words after the family's as its maker writes them."""
    if not words:
        return words
    words = _mended(words, family, reference)
    if not ENDINGS.isdisjoint(words):
        words = _ending_last(words)
    if family.says:
        words = tuple(family.says.get(word, word) for word in words)
    if family.paired:
        words = _paired(words, family, reference)
    if family.keeps_dates:
        words = _dated(words)
    if family.order == "version":
        words = _version_in_place(words, family)
    elif family.plain:
        words = (_plain(words[0], family), *words[1:])
    if family.fillers and len(words) > 1 and words[0] in family.fillers and VERSION.fullmatch(words[1]):
        words = words[1:]
    if family.letter and _NO_LETTER.fullmatch(words[0]):
        words = (family.letter + words[0], *words[1:])
    return words


def _mended(words: Words, family: Family, reference: Reference, start: int = 0) -> Words:
    """The words from `start` on with versions apart from tiers and with their points; both end in a digit."""
    for at, word in enumerate(words[start:], start):
        if word[-1] not in "0123456789" or len(word) == 1:
            continue
        if word[:3].isalpha():
            parts = _apart(word, family, reference)
        elif len(word) < 4 and (at == 0 or word[0] == "v" or (at == 1 and _is_tier(words[0], family))):
            parts = _pointed(word, family)
        else:
            continue
        if parts != (word,):
            return _mended((*words[:at], *parts, *words[at + 1 :]), family, reference, at + len(parts))
    return words


def _is_tier(word: str, family: Family) -> bool:
    return word in _TIERS or word in family.tiers


def _pointed(word: str, family: Family) -> Words:
    """A version with the point that it lost: "gpt 52", "opus 45", "minimax m25", "v03". None is at 10."""
    found = None if family.pointless else _NO_POINT.fullmatch(word)
    return (f"{found[1]}.{found[2]}",) if found else (word,)


def _apart(word: str, family: Family, reference: Reference) -> Words:
    """A tier or another family's name and a version that are written as one word: "opus4.5", "llama3"."""
    found = _APART.fullmatch(word)
    if found is None:
        return (word,)
    named = reference.families.get(found[1])
    if _is_tier(found[1], family) or (named and not named.glued):
        return found[1], found[2]
    return (word,)


def _ending_last(words: Words) -> Words:
    """The size before the ending: "llama 3.1 instruct 8b", "gemma instruct 7b"."""
    for at, word in enumerate(words[:-1]):
        if word in ENDINGS and _is_weight(words[at + 1]):
            end = at + 2
            while end < len(words) and (_is_weight(words[end]) or words[end] == "vision"):
                end += 1
            return (*words[:at], *words[at + 1 : end], word, *words[end:])
    return words


def _is_weight(word: str) -> bool:
    """Whether a word is a number of parameters, in billions: "1m" may be a context."""
    return word[-1] == "b" and SIZE.fullmatch(word) is not None


def _paired(words: Words, family: Family, reference: Reference) -> Words:
    """Before a date with two deliveries, which of them it is: "2507", "2507 thinking", "instruct 2507"."""
    date = next((word for word in family.paired if word in words), "")
    if not date or not any(SIZE.fullmatch(word) for word in words):
        return words
    telling = {*reference.variants["modes"], *reference.variants["answers"], "instruct"}
    first = last = words.index(date)
    while words[first - 1] in telling:
        first -= 1
    while words[last + 1 : last + 2] and words[last + 1] in telling:
        last += 1
    thinks = not reference.variants["modes"].isdisjoint(words[first : last + 1])
    return (*words[:first], "thinking" if thinks else "instruct", date, *words[last + 1 :])


def _dated(words: Words) -> Words:
    """Year and month without a sign, and no "instruct" before them, which only a repository's name has."""
    short = tuple(map(_short_date, words))
    following = (*short[1:], "")
    return tuple(
        w for w, after in zip(short, following, strict=True) if w != "instruct" or not is_date(after)
    )


def _short_date(word: str) -> str:
    """A month as Mistral writes it: "jul-2025", "25.07" and "2025-07" are 2507."""
    found = _YEAR_MONTH.fullmatch(word)
    if found:
        return found[1] + found[2]
    name, _, year = word.partition("-20")
    return f"{year}{month(name):02}" if year and name.isalpha() else word


def _plain(word: str, family: Family) -> str:
    """A version without its v, and without ".0" where the maker has dropped that."""
    found = VERSION.fullmatch(word)
    if found is None:
        return word
    whole = found[1].endswith(".0") and family.whole_from and float(found[1]) >= family.whole_from
    return found[1][:-2] if whole else found[1]


def _version_in_place(words: Words, family: Family) -> Words:
    """The version first, or after the tier from `tier_first_from` on."""
    at = next((n for n, word in enumerate(words[:3]) if VERSION.fullmatch(word) and not is_date(word)), None)
    if at is None:
        return words
    version, rest = _plain(words[at], family), (*words[:at], *words[at + 1 :])
    if family.tier_first_from and float(version) >= family.tier_first_from and rest:
        return (rest[0], version, *rest[1:])
    return (version, *rest)
