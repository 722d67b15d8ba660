"""The points of a series as one text: that is read three times as fast as a row a point.

For figures and times alone, which have neither blanks nor bars in them.
"""

from __future__ import annotations


def packed(*columns: str, missing: str = "") -> str:
    """SQL for columns of the points that are selected, each one word a point; NULL where there are none."""
    return " || '|' || ".join(f"group_concat(coalesce({column}, '{missing}'), ' ')" for column in columns)


def unpacked(text: str | None) -> list[tuple[str, ...]]:
    """The points of a packed text, in order of its columns."""
    return sorted(zip(*(column.split(" ") for column in text.split("|")), strict=True)) if text else []
