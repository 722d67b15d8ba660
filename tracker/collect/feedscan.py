"""A look at a feed's markup before it is read: what would cost minutes, or is only half there, is refused.

Bare expat walks the document once and builds nothing. A document that is not well-formed can still be read
by guessing, as far as it is small and came whole; what ends in the middle would bring half an item as news.
"""

from __future__ import annotations

import codecs
import re
from xml.parsers import expat

from tracker.errors import ParseError
from tracker.source import Payload

DEPTH_LIMIT = 500
# 10,000 Atom entries with everything that entries have; feedparser takes 20 microseconds for each tag.
TAG_LIMIT = 150_000
# Of a document that has to be guessed at, which takes longer and holds surprises.
GUESSED_LIMIT = 50_000
END = 4000  # bytes in which the closing tag must stand; comments may follow it
MARKS = {
    (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE): "utf-32",  # first: the one begins with a mark of UTF-16
    (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE): "utf-16",
}
DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")


def by_its_mark(body: bytes) -> bytes:
    """The body as UTF-8 where it begins with the mark of UTF-16 or UTF-32, whatever else it declares."""
    for marks, coding in MARKS.items():
        if body.startswith(marks):
            text = body.decode(coding, "replace")
            return DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    return body


def refuse(payload: Payload) -> None:
    """Raise ParseError for nothing, a web page, half a document, or markup that no feed needs."""
    if not payload.body.strip():
        raise ParseError(f"{payload.url} is empty")
    scan = _Scan(payload.url)
    try:
        scan.parser.Parse(payload.body.lstrip(), True)
    except (expat.ExpatError, ValueError, LookupError):  # not well-formed, or in an unheard-of encoding
        _refuse_guessing(payload, scan.root)
    if scan.root.lower() == "html":
        raise ParseError(f"{payload.url} is a web page, not a feed: has the feed another address now?")


def _refuse_guessing(payload: Payload, root: str) -> None:
    if payload.body.count(b"<") > GUESSED_LIMIT:
        raise ParseError(f"{payload.url} is not well-formed, and too large to be guessed at")
    # Without their zeros the letters of UTF-16 and UTF-32 are those of ASCII (such a body may have no mark).
    if root and f"</{root}".encode() not in payload.body[-END:].replace(b"\0", b""):
        raise ParseError(f"{payload.url} stops in the middle: only a part of the feed came")


class _Scan:
    """The root's name, and a halt at what is nested, repeated or self-referring beyond need."""

    def __init__(self, url: str) -> None:
        self.url, self.root = url, ""
        self._depth = self._tags = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.EntityDeclHandler = self._entity

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.root = self.root or name
        self._depth, self._tags = self._depth + 1, self._tags + 1
        if self._depth > DEPTH_LIMIT or self._tags > TAG_LIMIT:
            raise ParseError(
                f"{self.url} has markup nested {self._depth} deep and {self._tags} tags: no feed needs that"
            )

    def _end(self, _name: str) -> None:
        self._depth -= 1

    def _entity(self, name: str, _parameter: bool, value: str | None, *_: str | None) -> None:
        if value is None or "&" in value or "%" in value:
            raise ParseError(f"{self.url} declares the entity {name[:40]} by another one or by a file")
