"""Plain text in columns: wrapped by what a terminal shows, not by how many characters there are."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

COLUMNS = 78


def width(text: str) -> int:
    """The columns that a text takes: two for wide characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _width(char: str) -> int:
    if unicodedata.combining(char) or char in "\u200c\u200d\ufe0e\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrap(text: str, first: str = "", indent: str = "", columns: int = COLUMNS) -> str:
    """The text in lines of at most `columns`; the first begins with `first`, the others with `indent`."""
    lines, line = [], first
    fresh = True
    for word in text.split(" "):
        for piece in _pieces(word, columns - max(width(indent), width(first))):
            if not fresh and width(line) + 1 + width(piece) > columns:
                lines.append(line)
                line, fresh = indent, True
            line += piece if fresh else " " + piece
            fresh = False
    return "\n".join(part.rstrip() for part in (*lines, line))


def _pieces(word: str, most: int) -> list[str]:
    """A word as it is, or cut where it is wider than a line."""
    if width(word) <= most:
        return [word]
    pieces = [""]
    for char in word:
        if width(pieces[-1]) + _width(char) > most:
            pieces.append("")
        pieces[-1] += char
    return pieces


def table(rows: Sequence[Sequence[str]], widths: Sequence[int], gap: int = 2) -> str:
    """Cells side by side, each wrapped within its column; a newline in a cell begins a new line there."""
    return "\n".join(_row(cells, widths, gap) for cells in rows)


def _row(cells: Sequence[str], widths: Sequence[int], gap: int) -> str:
    wrapped = [
        [line for part in cell.split("\n") if part for line in wrap(part, columns=size).split("\n")]
        for cell, size in zip(cells, widths, strict=True)
    ]
    lines = []
    for parts in zip_longest(*wrapped, fillvalue=""):
        padded = (part + " " * (size - width(part)) for part, size in zip(parts, widths, strict=True))
        lines.append((" " * gap).join(padded).rstrip())
    return "\n".join(lines)
