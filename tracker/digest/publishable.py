"""A digest without what may not be published: the figures of sources whose terms forbid it.

What rests on such a source is left out whole, since a sentence cannot be trusted to say less; where the
board itself may be told, only the words beside it go. What is left cites what it rests on, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from tracker.digest.model import BoardRow, Digest, Refs, VendorNews
from tracker.digest.tidy import cited

T = TypeVar("T")
WITHHELD = "its source's terms do not allow publication"


def publishable(digest: Digest, forbidden: Mapping[str, str]) -> Digest:
    """The digest without the figures of `forbidden` sources, {name: title}; itself where it has none.

    Why such a source's figures are held is not told either: a reason names them.
    """
    titles = set(forbidden.values())
    digest = replace(digest, held=tuple(held for held in digest.held if held.title not in titles))
    closed = {ref.number for ref in digest.references if ref.source in forbidden}
    if not closed:
        return digest
    summary = any(closed.intersection(row.refs[:1]) for row in digest.board)
    titled = closed.isdisjoint(digest.headline_refs)
    left = replace(
        digest,
        headline=digest.headline
        if titled
        else f"{digest.title[:1].upper()}{digest.title[1:]}, {digest.span}",
        headline_refs=digest.headline_refs if titled else (),
        summary="" if summary else digest.summary,
        happened=_open(digest.happened, closed),
        questions=_open(digest.questions, closed),
        board=tuple(_row(row, closed) for row in digest.board),
        tiers=_open(digest.tiers, closed),
        moves=_open(digest.moves, closed),
        deprecations=_open(digest.deprecations, closed),
        vendors=tuple(replace(one, lines=_open(one.lines, closed)) for one in digest.vendors),
        news=tuple(_news(vendor, closed) for vendor in digest.news),
        own_use=False,
        corrections=_open(digest.corrections, closed),
    )
    return _credited(left)


def _open(things: tuple[T, ...], closed: set[int]) -> tuple[T, ...]:
    """The things that rest on nothing closed."""
    return tuple(thing for thing in things if closed.isdisjoint(_refs(thing)))


def _refs(thing: Any) -> Refs:
    return tuple(thing.refs)


def _row(row: BoardRow, closed: set[int]) -> BoardRow:
    """A task's row; its first reference is of the metric that speaks for it, the others of those beside."""
    if closed.isdisjoint(row.refs):
        return row
    if row.refs[0] in closed:
        return BoardRow(row.task, note=WITHHELD)
    return replace(row, others="", refs=tuple(ref for ref in row.refs if ref not in closed))


def _news(vendor: VendorNews, closed: set[int]) -> VendorNews:
    return replace(vendor, stories=_open(vendor.stories, closed))


def _credited(digest: Digest) -> Digest:
    """Only the evidence that is still cited, and the credits of whose it is."""
    numbers = cited(replace(digest, references=()))
    references = tuple(ref for ref in digest.references if ref.number in numbers)
    titles = {ref.title.rpartition(", ")[2] for ref in references} | {ref.title for ref in references}
    return replace(
        digest,
        references=references,
        credits=tuple(credit for credit in digest.credits if credit.title in titles),
        vendors=tuple(vendor for vendor in digest.vendors if vendor.lines),
        news=tuple(vendor for vendor in digest.news if vendor.stories),
    )
