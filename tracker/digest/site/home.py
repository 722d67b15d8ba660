"""The first page: the latest digest, where the board stands, and every digest there is."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.digest.model import Digest
from tracker.digest.site.boards import BOARD, rows
from tracker.digest.site.citing import Cites
from tracker.digest.site.facts import Facts
from tracker.digest.site.names import digest_page
from tracker.digest.site.page import SHORT, Cell, Column, Page, Section, Table
from tracker.digest.tidy import clean


def home(digests: Sequence[Digest], facts: Facts, cites: Cites) -> Page:
    """The first page; `digests` are frozen, the newest first, and clean."""
    sections = []
    if digests:
        sections.append(Section("digests", "Digests", table=_digests(digests)))
    if board := rows(facts, cites):
        table = Table("Best open against best proprietary model, one row a task", BOARD, board)
        sections.append(Section("gap", "The gap now", table=table))
    newest = digests[0] if digests else None
    above = (
        Cell(f"{newest.title[:1].upper()}{newest.title[1:]}, {newest.span}", digest_page(newest.week))
        if newest
        else None
    )
    return Page(
        "index.html",
        "Gapwatch",
        newest.headline if newest else "No digest has been published yet",
        newest.summary if newest else "Gapwatch freezes a week's digest once the week is over.",
        (),
        tuple(sections),
        cites.credits(),
        above,
    )


def _digests(digests: Sequence[Digest]) -> Table:
    cells = tuple(
        (
            Cell(
                f"{digest.title[:1].upper()}{digest.title[1:]}", digest_page(digest.week), under=digest.span
            ),
            Cell(digest.headline),
        )
        for digest in map(clean, digests)
    )
    return Table("Every digest, the newest first", (Column("Week", SHORT), Column("What it says")), cells)
