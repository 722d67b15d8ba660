"""What a request says of itself: who asks, and the caller's own headers, which may be credentials."""

from __future__ import annotations

from collections.abc import Iterable

from tracker import __version__
from tracker.collect import robots
from tracker.errors import UsageError

Headers = list[tuple[str, str]]


def sendable(headers: Iterable[tuple[str, str]]) -> Headers:
    """The caller's headers; UsageError, without showing the value, where one cannot be sent."""
    checked = list(headers)
    for name, value in checked:
        if not (name.isascii() and name.replace("-", "").replace("_", "").isalnum()):
            raise UsageError(f"{name[:40]!r} is no name of an HTTP header")
        if not (value.isascii() and value.isprintable()):
            raise UsageError(f"the value of the header {name} holds characters that HTTP does not allow")
    return checked


def user_agent(contact: str) -> str:
    """Who asks, and where they can be reached."""
    shown = "".join(character for character in contact if character.isascii() and character.isprintable())
    return f"{robots.PRODUCT}/{__version__} (+{shown})"
