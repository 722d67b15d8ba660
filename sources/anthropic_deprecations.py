"""Anthropic's own page of deprecations: which Claude model retires when, and what to use instead.

What: an announcement per row of the deprecation history, the day the model retires and its replacement. The
table of all models ("not sooner than ...") holds promises, not dates, and is left out. Whose: Anthropic, on
its own models. Licence: none stated; a vendor's own facts, quoted with a link. Credit: "Anthropic". Changes:
with each release. Shape: documented, by the page's own Markdown form.
"""

from tracker.own_page import retirement_page
from tracker.retirements import Retirement, day, since
from tracker.source import Parsed, Payload
from tracker.tables import markdown_tables, tables_with

END, WHAT, USE = "Retirement date", "Deprecated model", "Recommended replacement"
PAGE = "https://platform.claude.com/docs/en/about-claude/model-deprecations"


def parse(payload: Payload) -> Parsed:
    """Yield the history's rows, newest heading first; of two dates for a model the newer heading's counts."""
    for table in tables_with(markdown_tables(payload.text()), END, WHAT, USE):
        told = table.heading.partition(":")[0]
        for row in table.rows:
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


source = retirement_page(
    parse,
    f"{PAGE}.md",
    "Anthropic deprecations",
    vendor="anthropic",
    credit="Anthropic",
    documented=(END, WHAT, USE),
    authority=True,
    history=(),
)
