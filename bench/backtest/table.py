"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(heads: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    """A table with its heading; a table without rows says so."""
    told = [_line(row) for row in rows]
    return "\n".join([_line(heads), _line(["---"] * len(heads)), *told]) if told else "None."


def _line(cells: Iterable[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"
