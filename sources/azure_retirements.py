"""Azure's own page of retirements of the models that it sells beside OpenAI's.

What: an announcement per row; the day a model retires on Azure and the suggested replacement. Elsewhere it
may go on. Azure's page of OpenAI's models is another one; deprecations.info reads both.
Whose: Microsoft, on its own service. Licence: none stated; dates are facts quoted with a link. Credit:
"Microsoft".
Changes: every few weeks. Shape: one recorded page of November 2025: a table per maker, found by its
columns.
"""

from tracker.domain import Kind
from tracker.errors import ParseError
from tracker.retirements import Retirement, day, since
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import html_tables

WHAT, END, USE = "Model", "Retirement date (UTC)", "Suggested replacement model"
LEGACY, DEPRECATION = "Legacy date (UTC)", "Deprecation date (UTC)"
URL = "https://learn.microsoft.com/en-us/azure/ai-foundry/concepts/model-lifecycle-retirement"


def parse(payload: Payload) -> Parsed:
    """Yield every model that is given a retirement date."""
    tables = [table for table in html_tables(payload.body) if table.has(WHAT, LEGACY, DEPRECATION, END, USE)]
    if not tables:
        raise ParseError(f"{payload.url} has no table with a {END}")
    for table in tables:
        for row in table.rows:
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


source = Source(
    kind=Kind.NEWS,
    parse=parse,
    title="Azure model retirements",
    urls=(URL,),
    history=(History("cdx", (URL,)),),
    licence="none stated",
    credit="Microsoft",
    vendor="azure",
    listing=False,
)
