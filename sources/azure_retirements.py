"""Azure's own page of retirements of the models that it sells beside OpenAI's.

What: an announcement per row; the day a model retires on Azure and the suggested replacement. Elsewhere it
may go on. Azure's page of OpenAI's models is another one; deprecations.info reads both. Whose: Microsoft, on
its own service. Licence: none stated; a vendor's own facts, quoted with a link. Credit: "Microsoft". Changes:
every few weeks. Shape: recorded, one page of November 2025: a table per maker.
"""

from tracker.own_page import retirement_page
from tracker.retirements import Retirement, day, since
from tracker.source import Parsed, Payload
from tracker.tables import html_tables, rows_with

WHAT, END, USE = "Model", "Retirement date (UTC)", "Suggested replacement model"
LEGACY, DEPRECATION = "Legacy date (UTC)", "Deprecation date (UTC)"


def parse(payload: Payload) -> Parsed:
    """Yield every model that is given a retirement date."""
    for row in rows_with(html_tables(payload.body), WHAT, LEGACY, DEPRECATION, END, USE):
        announced = day(row[LEGACY]) or row[DEPRECATION]
        yield from Retirement(
            key=f"{row[WHAT]}:{day(announced)}",
            url=f"{payload.url}#timelines-for-foundry-models",
            vendor="azure",
            named="Azure",
            subject=row[WHAT],
            models=(row[WHAT],),
            when=day(row[END]) or row[END],
            use="" if row[USE] == "N/A" else row[USE],
            published=since(announced, payload.observed),
            provider="azure",
        ).records()


source = retirement_page(
    parse,
    "https://learn.microsoft.com/en-us/azure/ai-foundry/concepts/model-lifecycle-retirement",
    "Azure model retirements",
    vendor="azure",
    credit="Microsoft",
)
