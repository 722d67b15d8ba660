"""OpenAI's own page of deprecations: which model or system is shut down when, and what to use instead.

What: an announcement per row of each table with a shutdown date; where the row is a model and its date is
fixed, the day it retires and its replacement. "At earliest" is a promise, not a date.
Whose: OpenAI, on its own models. Licence: none stated; dates are facts quoted with a link. Credit: "OpenAI".
Changes: every few weeks. Shape: one recorded page of November 2025 (some dates there have U+2011 hyphens).
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from tracker.domain import Announcement, Kind, ModelFact
from tracker.errors import ParseError
from tracker.source import History, Parsed, Payload, Source

MODEL = re.compile(r"[a-z0-9][a-z0-9.:-]*[a-z0-9]")  # unlike "/v1/edits" and "OpenAI-Beta: assistants=v1"


def parse(payload: Payload) -> Parsed:
    """Yield what each table says, newest first; of two dates for a model the newer heading's holds."""
    tables = [table for table in payload.html().find_all("table") if "Shutdown date" in _heads(table)]
    if not tables:
        raise ParseError(f"{payload.url} has no table with a Shutdown date")
    told = set[tuple[str, str]]()
    for table in tables:
        for record in _table(table, payload.url):
            name = (record.subject, record.field) if isinstance(record, ModelFact) else ("", record.key)
            if name not in told:
                told.add(name)
                yield record


def _heads(table: Any) -> list[str]:
    return [_text(head) for head in table.find_all("th")]


def _text(cell: Any) -> str:
    return re.sub(r"[‐-―]", "-", " ".join(cell.get_text().split()))


def _table(table: Any, url: str) -> Iterator[Announcement | ModelFact]:
    heads = _heads(table)
    what = next(head for head in heads if re.search(r"model|system", head, re.I))
    anchor = table.find_previous(["h2", "h3", "h4"], id=True)["id"]
    day = _day(_text(table.find_previous(["h2", "h3"])).partition(":")[0])
    published = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    for row in table.find("tbody").find_all("tr"):
        cells = dict(zip(heads, row.find_all("td"), strict=True))
        whole, when = _text(cells[what]), _text(cells["Shutdown date"])
        codes = [_text(code) for code in cells[what].find_all("code")] or [whole]
        subject = codes[0] if whole.startswith(codes[0]) else whole
        models = tuple(code for code in codes if MODEL.fullmatch(code))
        use = _text(cells["Recommended replacement"]).replace("*", "")
        use = "" if use.startswith("View") else use
        retires = _day(when)
        title = f"OpenAI {'retires' if subject in models else 'ends'} {subject} "
        title += (f"on {retires}" if retires else f"({when})") + (f"; use {use}" if use else "")
        key, link = f"{anchor}:{subject}", f"{url}#{anchor}"
        yield Announcement(key, link, title, "openai", published, topics=("deprecation",), models=models)
        if subject in models and retires:
            yield ModelFact(subject, "retires", retires, at=published)
            if use:
                yield ModelFact(subject, "replacement", use, at=published)


def _day(text: str) -> str:
    """The ISO day that a text is, or "" for any other text."""
    for form in ("%Y-%m-%d", "%B %d, %Y", "%b %d, %Y"):
        with suppress(ValueError):
            return datetime.strptime(text, form).date().isoformat()
    return ""


source = Source(
    kind=Kind.NEWS,
    parse=parse,
    title="OpenAI deprecations",
    urls=("https://platform.openai.com/docs/deprecations",),
    history=(History("cdx", ("https://platform.openai.com/docs/deprecations",)),),
    licence="none stated",
    credit="OpenAI",
    vendor="openai",
    authority=True,
)
