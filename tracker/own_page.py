"""A vendor's own page: of what it asks for its models, or of when it switches them off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from tracker.domain import Kind
from tracker.source import History, Parsed, Payload, Source


def price_page(parse: Callable[[Payload], Parsed], url: str, title: str, **fields: Any) -> Source:
    """A page of prices, credited to its host, the past of which is asked of the Internet Archive.

    `fields` are those of `Source`, of which `vendor` is needed.
    """
    return _own(parse, url, {"kind": Kind.PRICES, "title": title, **fields})


def retirement_page(parse: Callable[[Payload], Parsed], url: str, title: str, **fields: Any) -> Source:
    """A page of retirements, likewise. What it no longer lists may have been retired all the same."""
    return _own(parse, url, {"kind": Kind.NEWS, "title": title, "listing": False, **fields})


def _own(parse: Callable[[Payload], Parsed], url: str, fields: dict[str, Any]) -> Source:
    """What a vendor says of itself are facts: they are quoted with a link where it states no licence."""
    usual = {
        "licence": "none stated",
        "credit": str(urlsplit(url).hostname).removeprefix("www."),
        "urls": (url,),
        "history": (History("cdx", (url,)),),
    }
    return Source(parse=parse, **{**usual, **fields})
