"""OpenAI's own page of deprecations: which model or system is shut down when, and what to use instead.

What: an announcement per row of each table with a shutdown date; where the row is a model and its date is
fixed, the day it retires and its replacement. "At earliest" is a promise, not a date. Whose: OpenAI, on its
own models. Licence: none stated; a vendor's own facts, quoted with a link. Credit: "OpenAI". Changes: every
few weeks. Shape: recorded, one page of November 2025.
"""

import re
from collections.abc import Iterator
from typing import Any

from tracker.domain import Announcement, ModelFact
from tracker.errors import ParseError
from tracker.own_page import retirement_page
from tracker.retirements import Retirement, day, since
from tracker.source import Parsed, Payload

MODEL = re.compile(r"[a-z0-9][a-z0-9.:-]*[a-z0-9]")  # unlike "/v1/edits" and "OpenAI-Beta: assistants=v1"


def parse(payload: Payload) -> Parsed:
    """Yield what each table says, newest first; of two dates for a model the newer heading's holds."""
    tables = [table for table in payload.html().find_all("table") if "Shutdown date" in _heads(table)]
    if not tables:
        raise ParseError(f"{payload.url} has no table with a Shutdown date")
    told = set[tuple[str, str]]()
    for table in tables:
        for record in _table(table, payload):
            name = (record.subject, record.field) if isinstance(record, ModelFact) else ("", record.key)
            if name not in told:
                told.add(name)
                yield record


def _heads(table: Any) -> list[str]:
    return [_text(head) for head in table.find_all("th")]


def _text(cell: Any) -> str:
    """What a cell says; the page writes some hyphens as U+2011."""
    return re.sub(r"[‐-―]", "-", " ".join(cell.get_text().split()))


def _table(table: Any, payload: Payload) -> Iterator[Announcement | ModelFact]:
    heads = _heads(table)
    what = next(head for head in heads if re.search(r"model|system", head, re.I))
    anchor = table.find_previous(["h2", "h3", "h4"], id=True)["id"]
    published = since(_text(table.find_previous(["h2", "h3"])).partition(":")[0], payload.observed)
    for row in table.find("tbody").find_all("tr"):
        cells = dict(zip(heads, row.find_all("td"), strict=True))
        whole, when = _text(cells[what]), _text(cells["Shutdown date"])
        codes = [_text(code) for code in cells[what].find_all("code")] or [whole]
        subject = codes[0] if whole.startswith(codes[0]) else whole
        models = tuple(code for code in codes if MODEL.fullmatch(code))
        use = _text(cells["Recommended replacement"]).replace("*", "")
        use = "" if use.startswith("View") else use
        key, link = f"{anchor}:{subject}", f"{payload.url}#{anchor}"
        yield from Retirement(
            key, link, "openai", "OpenAI", subject, models, day(when) or when, use, published
        ).records()


source = retirement_page(
    parse,
    "https://platform.openai.com/docs/deprecations",
    "OpenAI deprecations",
    vendor="openai",
    credit="OpenAI",
    authority=True,
    listing=True,
)
