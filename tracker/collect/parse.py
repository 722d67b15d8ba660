"""A source's `parse` is run here, and only here: whatever goes wrong in it comes out as ParseError.

A record of another shape than domain.py promises refuses its page (records.py); what can be no figure, such
as a price below nothing, is left out and told. Entries on the reviewed list of exclusions (db/excluded.toml)
end here, too, and are told as not read.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from typing import NamedTuple

from tracker.catalog.exclusions import load_exclusions
from tracker.catalog.metrics import BY_ID
from tracker.collect.records import checked
from tracker.domain import Follow, ModelFact, Observation, Record, Unread
from tracker.errors import ParseError
from tracker.source import Payload, Source


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
    metrics = BY_ID | {metric.id: metric for metric in source.metrics}
    try:
        for found in source.parse(payload):
            if isinstance(found, Follow):
                page.follows.append(found)
            elif isinstance(found, Unread):
                page.unread.append(found.what)
            elif barred and (why := _barred(found, barred)):
                page.unread.extend({why} - set(page.unread))  # once for all that is said of an entry
            elif isinstance(sane := checked(found, metrics), Unread):
                page.unread.append(sane.what)
            else:
                page.records.append(sane)
    except Exception as error:
        if not payload.body.strip():
            raise ParseError(f"{source.name}: {payload.url} is empty") from error
        if isinstance(error, ParseError):
            raise ParseError(f"{source.name}: {error}") from error
        raise ParseError(_story(source, payload, error)) from error
    return page


def _barred(found: Record, barred: Mapping[str, str]) -> str:
    """The entry that a figure or fact is of, and why it is left out; "" where it is not."""
    if not isinstance(found, Observation | ModelFact) or found.subject.lower() not in barred:
        return ""
    return f"{found.subject}, {barred[found.subject.lower()]}"


def _story(source: Source, payload: Payload, error: Exception) -> str:
    """One line: which source, which page, what happened, and on which line of the source's own file."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    lines = [frame.lineno for frame in frames if frame.filename == frames[0].filename]
    place = f" (line {lines[-1]} of its file)" if lines else ""
    what = " ".join(str(error).split())[:120]
    return (
        f"{source.name}: {payload.url} is not in the documented shape: {type(error).__name__} {what}{place}"
    )
