"""What a page rests on: the captures that it cites, and with them the sources that it must credit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tracker.digest.model import Credit
from tracker.digest.site.names import evidence_page
from tracker.store.rows import SourceRow


class Cites:
    """Hands out the paths of captures' pages while one page is made, and knows whose they are.

    `everywhere` collects the captures that any page cites.
    """

    def __init__(
        self, origins: Mapping[int, str], sources: Mapping[str, SourceRow], everywhere: set[int]
    ) -> None:
        self._origins, self._sources, self._everywhere = origins, sources, everywhere
        self._here: set[int] = set()

    def __call__(self, capture: int) -> str:
        """The path of a capture's page; "" where it is not there any more."""
        if capture not in self._origins:
            return ""
        self._here.add(capture)
        self._everywhere.add(capture)
        return evidence_page(capture)

    def all(self, captures: Iterable[int]) -> tuple[str, ...]:
        """The paths of several, each once."""
        return tuple(filter(None, (self(capture) for capture in dict.fromkeys(captures))))

    def credits(self) -> tuple[Credit, ...]:
        """Whose figures the page shows."""
        names = sorted({self._origins[capture] for capture in self._here})
        return tuple(credit(self._sources[name]) for name in names)


def credit(row: SourceRow) -> Credit:
    """A source's record card in one line."""
    return Credit(row.title, row.credit, row.licence, row.url)
