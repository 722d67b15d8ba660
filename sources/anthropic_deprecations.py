"""Anthropic's own page of deprecations: which Claude model retires when, and what to use instead.

What: an announcement per row of the deprecation history, the day the model retires and its replacement. The
table of all models ("not sooner than ...") holds promises, not dates, and is left out.
Whose: Anthropic, on its own models. Licence: none stated; dates are facts quoted with a link. Credit:
"Anthropic".
Changes: with each release. Shape: from the page's own Markdown form, as documented at
platform.claude.com/docs/en/about-claude/model-deprecations.md; no answer of it was recorded.
"""

from tracker.domain import Kind
from tracker.errors import ParseError
from tracker.retirements import Retirement, day, since
from tracker.source import Parsed, Payload, Source
from tracker.tables import markdown_tables

END, WHAT, USE = "retirement date", "deprecated model", "recommended replacement"
PAGE = "https://platform.claude.com/docs/en/about-claude/model-deprecations"


def parse(payload: Payload) -> Parsed:
    """Yield the history's rows, newest heading first; of two dates for a model the newer heading's counts."""
    tables = [table for table in markdown_tables(payload.text()) if {END, WHAT, USE} <= _small(table.columns)]
    if not tables:
        raise ParseError(f"{payload.url} has no table with a {END}")
    for table in tables:
        told = table.heading.partition(":")[0]
        for line in table.rows:
            row = {name.lower(): cell for name, cell in line.items()}
            yield from Retirement(
                key=f"{told}:{row[WHAT]}",
                url=PAGE,
                vendor="anthropic",
                named="Anthropic",
                subject=row[WHAT],
                models=(row[WHAT],),
                when=day(row[END]) or row[END],
                use=row[USE],
                published=since(told, payload.observed),
            ).records()


def _small(names: tuple[str, ...]) -> set[str]:
    """The page has written its headings in both ways."""
    return {name.lower() for name in names}


source = Source(
    kind=Kind.NEWS,
    parse=parse,
    title="Anthropic deprecations",
    urls=(f"{PAGE}.md",),
    licence="none stated",
    credit="Anthropic",
    vendor="anthropic",
    authority=True,
    listing=False,
    documented=("Retirement date", "Deprecated model", "Recommended replacement"),
)
