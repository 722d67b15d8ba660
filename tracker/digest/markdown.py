"""Text that stands in Markdown as it is: strangers' names and titles can neither mark up nor link.

By CommonMark's rule a backslash before ASCII punctuation takes its meaning away; what could begin HTML, a
link, emphasis, code, a table's cell or a list is so guarded.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from tracker.digest.model import Digest
from tracker.digest.tidy import mapped

_MEANS = re.compile(r"([\\`*_{}\[\]<>&#|~!^$@]|(?<=\w)://|(?<=www)\.)")
_OPENS = re.compile(r"^(\s*)(\d{0,9})([-+=.)])(?=[\s=-]|$)")
_COMMAND = re.compile(r"\\`(gapwatch[\w .:-]*)\\`")  # guarded; nothing in it means anything
_KEPT = "!#$&'*+,/:;=?@%~-._"


def escaped(digest: Digest) -> Digest:
    """The digest with every text but our commands guarded, and every address fit to stand between < and >."""
    return mapped(digest, _guarded)


def _guarded(text: str, name: str) -> str:
    return quote(text, safe=_KEPT) if name == "url" else _COMMAND.sub(r"`\1`", guarded(text))


def guarded(text: str) -> str:
    """One line of text with its punctuation guarded: `a*b` as `a\\*b`."""
    text = _MEANS.sub(lambda found: "\\" + found[0], text)
    return _OPENS.sub(r"\1\2\\\3", text)
