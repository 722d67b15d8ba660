"""Google's own page of deprecations in the Gemini API: when a model is shut down, and what to use instead.

What: an announcement per row with a shutdown date and a replacement, and both as facts. A date without a
replacement is the least that a current model is promised; "No shutdown date announced" says nothing.
Whose: Google, on its own models. Licence: none stated; dates are facts quoted with a link. Credit:
"Google".
Changes: with each release. Shape: from the page as documented at
ai.google.dev/gemini-api/docs/deprecations; no answer of it was recorded.
"""

from tracker.domain import Kind
from tracker.errors import ParseError
from tracker.retirements import Retirement, day
from tracker.source import Parsed, Payload, Source
from tracker.tables import html_tables

WHAT, RELEASED, END, USE = "Model", "Release date", "Shutdown date", "Recommended replacement"


def parse(payload: Payload) -> Parsed:
    """Yield every model that is given a shutdown date and a replacement."""
    tables = [table for table in html_tables(payload.body) if table.has(WHAT, RELEASED, END, USE)]
    if not tables:
        raise ParseError(f"{payload.url} has no table with a {END}")
    for table in tables:
        for row in table.rows:
            model, end = row[WHAT], day(row[END].removeprefix("Earliest "))
            if end and row[USE]:
                said = Retirement(model, payload.url, "google", "Google", model, (model,), end, row[USE])
                yield from said.records()


source = Source(
    kind=Kind.NEWS,
    parse=parse,
    title="Google deprecations",
    urls=("https://ai.google.dev/gemini-api/docs/deprecations",),
    licence="none stated",
    credit="Google",
    vendor="google",
    authority=True,
    listing=False,
    documented=("Model", "Release date", "Shutdown date", "Recommended replacement"),
)
