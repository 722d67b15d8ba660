"""A digest made safe for every form, and cut to size.

Titles and names come from strangers. What could steer a terminal, turn the reading direction, break a
header or stretch a page is taken out here, once, before any template sees it; escaping is the form's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from tracker.digest.model import Digest

T = TypeVar("T")
LABEL, HEADLINE, SENTENCE, ADDRESS = 160, 320, 1200, 2000
_SENTENCES = {
    "summary",
    "no_news",
    "text",
    "meaning",
    "others",
    "note",
    "unknown",
    "reason",
    "credit",
    "lead",
    "excerpt",
}
SHORT = 2  # of each list, in a quiet week
# The sections that cite, in the order of their reading.
SECTIONS = (
    *("happened", "questions", "board", "tiers", "moves", "vendors", "deprecations", "news"),
    "corrections",
)
KEPT = "\u00a0\u202f\u200c\u200d"  # no-break spaces; the joiners that Persian and emoji need
_PILED = re.compile(r"([\u0300-\u036f\u20d0-\u20ff]{2})[\u0300-\u036f\u20d0-\u20ff]+")


def clean(value: T) -> T:
    """The same value, with every text in it on one line, visible, and of bearable length."""
    return mapped(value, _visible)


def _visible(text: str, name: str) -> str:
    if name == "url":
        return address(text)
    most = HEADLINE if name == "headline" else SENTENCE if name in _SENTENCES else LABEL
    return shortened(plain(text), most)


def mapped(value: T, made: Callable[[str, str], str]) -> T:
    """The same value with every text in it as `made` has it, which is given the text and its field's name."""
    return cast(T, _mapped(value, made, ""))


def _mapped(value: Any, made: Callable[[str, str], str], name: str) -> Any:
    if isinstance(value, str):
        return made(value, name)
    if isinstance(value, tuple):
        return tuple(_mapped(part, made, name) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = {f.name: _mapped(getattr(value, f.name), made, f.name) for f in fields(value)}
        return replace(value, **parts)
    return value


def plain(text: str) -> str:
    """One line without control characters, direction marks, lone surrogates and piles of accents."""
    if not (text.isascii() and text.isprintable()):
        visible = (c if c.isprintable() or c in KEPT else " " if c.isspace() else "" for c in text)
        text = _PILED.sub(r"\1", "".join(visible))
    return " ".join(part for part in text.split(" ") if part)


def shortened(text: str, most: int) -> str:
    """The text, or its first words and an ellipsis, within `most` characters."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    word = cut.rpartition(" ")[0]
    return (word if len(word) > most // 2 else cut).rstrip(" ,;:") + "…"


def address(url: str) -> str:
    """The URL where it is one for a browser, else "": a link must not run anything."""
    url = plain(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    sound = parts.scheme in ("http", "https") and parts.netloc and " " not in url
    return url if sound and len(url) <= ADDRESS else ""


def trimmed(digest: Digest, most: int) -> Digest:
    """The digest with no list longer than `most`, and the evidence of what is left; it says what is not."""
    digest = replace(
        digest,
        happened=digest.happened[:most],
        tiers=digest.tiers[:most],
        moves=digest.moves[:most],
        more_moves=digest.more_moves + len(digest.moves[most:]),
        news=tuple(
            replace(v, stories=v.stories[:most], more=v.more + len(v.stories[most:]))
            for v in digest.news[:most]
        ),
        vendors=tuple(
            replace(one, lines=one.lines[:most], more=one.more + len(one.lines[most:]))
            for one in digest.vendors[:most]
        ),
        deprecations=digest.deprecations[:most],
        unknown=digest.unknown[:most],
        corrections=digest.corrections[:most],
        held=digest.held[:most],
        silences=digest.silences[:most],
    )
    return with_evidence(digest)


def with_evidence(digest: Digest) -> Digest:
    """The digest with those references alone that something in it leads to; they keep their numbers."""
    left = cited(replace(digest, references=()))
    return replace(digest, references=tuple(r for r in digest.references if r.number in left))


def short(digest: Digest) -> Digest:
    """A quiet week's digest: what a reader needs of it in a minute."""
    return replace(
        digest,
        board=tuple(replace(row, others="", refs=row.refs[:1]) for row in digest.board),
        deprecations=digest.deprecations[: SHORT - 1] + digest.deprecations[-1:]
        if len(digest.deprecations) > SHORT
        else digest.deprecations,
        news=tuple(replace(one, stories=one.stories[:1], more=0) for one in digest.news[:SHORT]),
        unknown=(),
    )


def numbered(digest: Digest) -> Digest:
    """The digest with the references that it cites alone, numbered as a reader meets them."""
    order = {number: place for place, number in enumerate(_met(replace(digest, references=())), start=1)}
    known = {reference.number: reference for reference in digest.references}
    kept = tuple(replace(known[number], number=place) for number, place in order.items())
    return replace(_renumbered(replace(digest, references=()), order), references=kept)


def _met(digest: Digest) -> dict[int, None]:
    """The numbers that anything cites, in the order in which the sections stand."""
    first = dict.fromkeys(digest.headline_refs)
    for section in SECTIONS:
        first |= dict.fromkeys(_in_order(getattr(digest, section)))
    return first


def _in_order(value: Any) -> Iterator[int]:
    """The numbers cited, in reading order."""
    if isinstance(value, tuple):
        for part in value:
            yield from _in_order(part)
    elif is_dataclass(value) and not isinstance(value, type):
        parts = _parts(value)
        yield from parts.pop("refs", ())
        yield from _in_order(tuple(parts.values()))


def _renumbered(value: T, order: Mapping[int, int]) -> T:
    """The value with every reference by its new number."""
    if isinstance(value, tuple):
        return cast(T, tuple(_renumbered(part, order) for part in value))
    if not is_dataclass(value) or isinstance(value, type):
        return value
    new = {
        name: tuple(order[number] for number in part)
        if name in ("refs", "headline_refs")
        else _renumbered(part, order)
        for name, part in _parts(value).items()
    }
    return cast(T, replace(cast(Any, value), **new))


def cited(value: object) -> set[int]:
    """The numbers of all references that anything in the value leads to."""
    if isinstance(value, dict):
        return {n for part in value.values() for n in cited(part)}
    if isinstance(value, tuple):
        return {n for part in value for n in cited(part)}
    if is_dataclass(value) and not isinstance(value, type):
        parts = _parts(value)
        own = {*parts.pop("refs", ()), *parts.pop("headline_refs", ())}
        return own | cited(parts)
    return set()


def _parts(value: Any) -> dict[str, Any]:
    return {f.name: getattr(value, f.name) for f in fields(value)}
