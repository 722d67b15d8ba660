"""What a feed's item says, in one line of plain text: its summary, or where that says nothing, its body."""

from __future__ import annotations

import html
import re
import unicodedata
from itertools import pairwise

EXTRACT_LIMIT = 400
# nh3 takes quadratic time on nested blocks, 49 s for 100,000 of them; an extract needs only the beginning.
HTML_LIMIT = 4000
BLOCK = re.compile(r"(?i)</?(?:p|div|br|li|ul|ol|tr|td|h[1-6]|blockquote|pre)\b")
TAG = re.compile(r"<[^<>]*>")
WORD = re.compile(r"[^\W\d_]{2,}")
SAYS = 4  # words beside the title's: "Back to Blog", "5 min read" and "Read more" are fewer


def extract(title: str, summary: str, body: str) -> str:
    """The summary where it says something beside the title, else the body from where it first does.

    Scraped feeds repeat the title as summary, or give a page's navigation.
    """
    said = plain_text(summary, EXTRACT_LIMIT)
    if _says(said, title):
        return said
    return (
        plain_text(_from_its_first_sentence(body, title), EXTRACT_LIMIT)
        or said
        or plain_text(body, EXTRACT_LIMIT)
    )


def _from_its_first_sentence(body: str, title: str) -> str:
    """The markup from its first block that says something; "" where none of the beginning does."""
    begin = body[:HTML_LIMIT]
    edges = [0, *(tag.start() for tag in BLOCK.finditer(begin)), len(begin)]
    says = (start for start, end in pairwise(edges) if _says(TAG.sub(" ", begin[start:end]), title))
    start = next(says, None)
    return "" if start is None else body[start : start + HTML_LIMIT]


def _says(text: str, title: str) -> bool:
    return len({*WORD.findall(text.casefold())} - {*WORD.findall(title.casefold())}) >= SAYS


def plain_text(markup: str, limit: int) -> str:
    """One line of plain text without tags or control characters, cut at a word to at most `limit`."""
    import nh3

    spaced = BLOCK.sub(lambda tag: " " + tag.group(), encodable(markup[:HTML_LIMIT]))
    text = encodable(html.unescape(nh3.clean(spaced, tags=set())))
    # Category C: control, format (text direction, zero width), surrogate and unassigned characters.
    printable = (
        "" if unicodedata.category(c) == "Cf" else " " if unicodedata.category(c)[0] == "C" else c
        for c in text
    )
    line = " ".join("".join(printable).split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut) + "…"


def encodable(text: str) -> str:
    """The text without lone surrogates, which neither nh3 nor a database takes."""
    return text.encode("utf-8", "ignore").decode()
