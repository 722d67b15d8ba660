"""Baseten's own page of prices, of its Model APIs.

What: USD per million tokens of input, cached input and output. GPU hours of dedicated deployments are left
out. Whose: Baseten Labs. Licence: none stated; a vendor's own facts, quoted with a link. Credit:
"baseten.co". Changes: every few weeks. Shape: documented, by the description and the code of a public price
log that read the page in August 2026.
"""

from typing import Any

from tracker.domain import Observation, Unread
from tracker.errors import ParseError
from tracker.own_page import price_page
from tracker.pricelist import amounts
from tracker.source import Parsed, Payload

PARTS = {"Input": "input", "Cache Input": "cache_read", "Output": "output"}
LIBRARY = "/library/"


def parse(payload: Payload) -> Parsed:
    """Yield the prices of every row of boxes after the one that says Model, Input, Cache Input, Output."""
    for heads in payload.html().find_all("div"):
        if [_text(cell) for cell in heads.find_all("div", recursive=False)] == ["Model", *PARTS]:
            for row in heads.find_next_siblings("div"):
                yield from _row(row)
            return
    raise ParseError(f"{payload.url} has no row of headings Model, {', '.join(PARTS)}")


def _text(cell: Any) -> str:
    return " ".join(cell.get_text(" ").split())


def _row(row: Any) -> Parsed:
    """A model is named by its address; each cell is written once for a wide and once for a narrow screen."""
    cells = row.find_all("div", recursive=False)
    link = cells[0].select_one(f'a[href^="{LIBRARY}"]') if len(cells) == len(PARTS) + 1 else None
    if link is None:
        return
    subject = link["href"].removeprefix(LIBRARY).strip("/")
    for part, cell in zip(PARTS.values(), cells[1:], strict=True):
        said = {price for price, _ in amounts(_text(cell))}
        if len(said) == 1:
            yield Observation(subject, f"price.{part}", said.pop(), "baseten")
        elif said:
            yield Unread(f"{subject}: {_text(cell)[:60]} is no single price")


source = price_page(
    parse, "https://www.baseten.co/pricing", "Baseten prices", vendor="baseten", documented=("Model", *PARTS)
)
