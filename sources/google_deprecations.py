"""Google's own page of deprecations in the Gemini API: when a model is shut down, and what to use instead.

What: an announcement per row with a shutdown date and a replacement, and both as facts. A date without a
replacement is the least that a current model is promised; "No shutdown date announced" says nothing. Whose:
Google, on its own models. Licence: none stated; a vendor's own facts, quoted with a link. Credit: "Google".
Changes: with each release. Shape: documented, by the page itself.
"""

from tracker.own_page import retirement_page
from tracker.retirements import Retirement, day
from tracker.source import Parsed, Payload
from tracker.tables import html_tables, rows_with

WHAT, RELEASED, END, USE = "Model", "Release date", "Shutdown date", "Recommended replacement"


def parse(payload: Payload) -> Parsed:
    """Yield every model that is given a shutdown date and a replacement."""
    for row in rows_with(html_tables(payload.body), WHAT, RELEASED, END, USE):
        model, end = row[WHAT], day(row[END].removeprefix("Earliest "))
        if end and row[USE]:
            said = Retirement(model, payload.url, "google", "Google", model, (model,), end, row[USE])
            yield from said.records()


source = retirement_page(
    parse,
    "https://ai.google.dev/gemini-api/docs/deprecations",
    "Google deprecations",
    vendor="google",
    credit="Google",
    documented=(WHAT, RELEASED, END, USE),
    authority=True,
    history=(),
)
