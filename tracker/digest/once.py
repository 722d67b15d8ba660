"""A model's licence is told the first time that a digest names it, and not again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from tracker.digest import words
from tracker.digest.model import BoardRow, Digest


def licences_once(digest: Digest, licences: Mapping[str, str]) -> Digest:
    """The digest with each licence where its model is named first, in the order of reading.

    `licences` are those of models by name, as sentences tell them: `DeepSeek R1 (MIT licence)`.
    """
    told = _Told(licences)
    return replace(
        digest,
        headline=told(digest.headline),
        happened=tuple(replace(item, text=told(item.text)) for item in digest.happened),
        questions=tuple(replace(one, text=told(one.text)) for one in digest.questions),
        board=tuple(map(told.in_row, digest.board)),
    )


class _Told:
    """Whose licences have been told so far."""

    def __init__(self, licences: Mapping[str, str]) -> None:
        whole = {f"{name}{words.licensed(licence)}": name for name, licence in licences.items() if licence}
        self._names = whole
        self._pattern = re.compile("|".join(map(re.escape, sorted(whole, key=len, reverse=True))) or "(?!)")
        self._told: set[str] = set()

    def __call__(self, text: str) -> str:
        return self._pattern.sub(self._first, text)

    def _first(self, found: re.Match[str]) -> str:
        name = self._names[found[0]]
        if name in self._told:
            return name
        self._told.add(name)
        return found[0]

    def in_row(self, row: BoardRow) -> BoardRow:
        """The row, with the open side's licence where it is told here first."""
        if row.open is None or not row.open.licence:
            return row
        again = row.open.name in self._told
        self._told.add(row.open.name)
        return replace(row, open=replace(row.open, licence="")) if again else row
