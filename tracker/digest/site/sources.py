"""Where figures come from: a page for each capture that a page cites, and the credits of every source."""

from __future__ import annotations

from tracker.digest import words
from tracker.digest.site.citing import credit
from tracker.digest.site.facts import Facts
from tracker.digest.site.names import evidence_page
from tracker.digest.site.page import FIGURE, Cell, Column, Page, Section, Table
from tracker.digest.tidy import clean
from tracker.digest.weeks import day
from tracker.store.rows import SourceRow
from tracker.store.sitewide import Capture


def capture(one: Capture, source: SourceRow) -> Page:
    """What one visit of a source brought, back to the bytes, as `gapwatch explain` tells it."""
    pages = tuple(
        (Cell(_address(url), url=url), Cell(f"{size:,}"), Cell(sha256)) for url, sha256, size in one.pages
    )
    columns = (Column("Page"), Column("Bytes", FIGURE), Column("SHA-256"))
    kept = Section(
        "pages", "Kept pages", table=Table("The pages of this visit, as they are kept", columns, pages)
    )
    begins = Section("excerpt", "How it begins", excerpt=one.excerpt)
    return clean(
        Page(
            evidence_page(one.number),
            "Evidence",
            f"{source.title}, {day(one.observed)}",
            f"Capture c{one.number}, with {words.plural(one.rows, 'figure')} and facts. "
            f"Where the database is, gapwatch explain c{one.number} shows the bytes.",
            _facts(one, source),
            tuple(section for section in (kept, begins) if section.excerpt or (section.table and pages)),
            (credit(source),),
            Cell("Credits", "credits.html"),
        )
    )


def _facts(one: Capture, source: SourceRow) -> tuple[tuple[str, Cell], ...]:
    told = (
        ("Source", Cell(source.title, url=source.url)),
        ("Observed", Cell(one.observed)),
        ("Last seen so", Cell(one.until)),
        ("Fetched", Cell(one.fetched)),
        ("Its figures are of", Cell(one.as_of)),
        ("How", Cell({"poll": "by a visit", "bundled": "shipped with Gapwatch"}.get(one.origin, one.origin))),
        ("Note", Cell(one.note)),
        ("Licence", Cell(source.licence)),
    )
    return tuple((name, cell) for name, cell in told if cell.text)


def _address(url: str) -> str:
    """An address as it is shown; what is no address of the web is only named."""
    return url if url.startswith(("https://", "http://")) else "a file of an archive"


def credits_page(facts: Facts, shown: set[str]) -> Page:
    """Every source whose figures the site shows, with its record card."""
    rows = sorted((facts.sources[name] for name in shown), key=lambda row: row.title.casefold())
    section = Section("credits", "Credits", credits=tuple(credit(row) for row in rows))
    lead = "Whose figures these pages show, and under which terms." if rows else "Nothing is shown yet."
    return Page("credits.html", "Credits", "Credits", lead, sections=(section,) if rows else ())
