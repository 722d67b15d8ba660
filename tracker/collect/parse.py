"""A source's `parse` is run here, and only here: whatever goes wrong in it comes out as ParseError.

Entries on the reviewed list of exclusions (db/excluded.toml) end here, too, and are told as not read.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from tracker.catalog.exclusions import load_exclusions
from tracker.domain import Announcement, Follow, ModelFact, Observation, Record, Unread
from tracker.errors import ParseError
from tracker.source import Payload, Source

# Beyond these powers of ten a figure is neither a price nor a score, and would fill the database with zeros.
LARGEST_POWER = 30


class Page(NamedTuple):
    """What a page says: its records, the further pages to read, and what on it could not be read."""

    records: list[Record]
    follows: list[Follow]
    unread: list[str]


def read(source: Source, payload: Payload) -> Page:
    """Return what the page says; raises ParseError and nothing else.

    Shipped and users' parsers are small because they take the documented shape for granted: a page in
    another shape makes them fail, and the message says where.
    """
    page, barred = Page([], [], []), load_exclusions().get(source.name, {})
    try:
        for found in source.parse(payload):
            if isinstance(found, Follow):
                page.follows.append(found)
            elif isinstance(found, Unread):
                page.unread.append(found.what)
            elif barred and (why := _barred(found, barred)):
                page.unread.extend({why} - set(page.unread))  # once for all that is said of an entry
            else:
                page.records.append(checked(found))
    except ParseError as error:
        raise ParseError(f"{source.name}: {error}") from error
    except Exception as error:
        raise ParseError(_story(source, payload, error)) from error
    return page


def _barred(found: Record, barred: Mapping[str, str]) -> str:
    """The entry that a figure or fact is of, and why it is left out; "" where it is not."""
    if not isinstance(found, Observation | ModelFact) or found.subject.lower() not in barred:
        return ""
    return f"{found.subject}, {barred[found.subject.lower()]}"


def checked(found: Record) -> Record:
    """The record itself; ParseError where it is none, or where its figures are not numbers."""
    if isinstance(found, Observation):
        for figure in (found.value, found.low, found.high):
            if figure is not None and not _sane(figure):
                raise ParseError(
                    f"{found.metric} of {found.subject} is {str(figure)[:40]}, which is no figure"
                )
    elif not isinstance(found, ModelFact | Announcement):
        raise ParseError(f"its parse yields {type(found).__name__}, which is no record")
    return found


def _sane(figure: Decimal) -> bool:
    return isinstance(figure, Decimal) and figure.is_finite() and abs(figure.adjusted()) <= LARGEST_POWER


def _story(source: Source, payload: Payload, error: Exception) -> str:
    """One line: which source, which page, what happened, and on which line of the source's own file."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    lines = [frame.lineno for frame in frames if frame.filename == frames[0].filename]
    place = f" (line {lines[-1]} of its file)" if lines else ""
    what = " ".join(str(error).split())[:120]
    return (
        f"{source.name}: {payload.url} is not in the documented shape: {type(error).__name__} {what}{place}"
    )
