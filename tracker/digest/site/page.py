"""What a page of the site holds, ready to be laid out: the only thing that the site's templates see.

Every `href` is a path from the site's root; `url` is an address outside. `evidence` is the path of the page
of the capture that a figure rests on, or "".
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tracker.digest.model import Credit, Spark

FIGURE, SHORT = "figure", "short"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: its text, a smaller line under it, where it leads, and what it rests on.

    `tone` is "open", "closed", "state" (the text is the state of a gap) or "".
    """

    text: str
    href: str = ""
    url: str = ""
    under: str = ""
    tone: str = ""
    evidence: tuple[str, ...] = ()
    spark: Spark | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column; `kind` is "figure" (set to the right), "short" (stays on a line) or ""."""

    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row is its head."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """One value in a chart, in words, with what it rests on; x in percent of the width, y in pixels."""

    x: float
    y: float
    when: str
    said: str
    evidence: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A chart's line; `tone` is "open", "closed" or "plain". `path` is "" where the marks are not joined."""

    name: str
    tone: str
    path: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart: `width` is that of its paths' own space, `height` in pixels.

    `across` are (x in percent, label), `up` are (y, label); `level` is the y of zero, where it is in view.
    """

    id: str
    title: str
    description: str
    width: int
    height: int
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    level: float | None
    lines: tuple[Line, ...]
    dated: str = "Day"


@dataclass(frozen=True, slots=True)
class Story:
    """A piece of news."""

    title: str
    url: str
    when: str
    source: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page under its own heading."""

    id: str
    title: str
    said: str = ""
    plots: tuple[Plot, ...] = ()
    table: Table | None = None
    stories: tuple[Story, ...] = ()
    credits: tuple[Credit, ...] = ()
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: where it goes, what it is called, what it says first, and its parts."""

    path: str
    kind: str
    title: str
    lead: str = ""
    facts: tuple[tuple[str, Cell], ...] = ()
    sections: tuple[Section, ...] = ()
    credits: tuple[Credit, ...] = ()
    above: Cell | None = None
    words: str = field(default="", compare=False)

    @property
    def up(self) -> str:
        """The way from the page to the site's root."""
        return "../" * self.path.count("/")
