"""Amazon Bedrock's own page of the lives of its models: which version is switched off there when.

What: an announcement per row of the tables of legacy and end-of-life versions; the day it retires on Bedrock,
by the latest region, and what to use instead. On the maker's own platform it may go on. Whose: Amazon Web
Services, on its own service. Licence: none stated; a vendor's own facts, quoted with a link. Credit: "Amazon
Web Services". Changes: every few weeks. Shape: recorded, one page of November 2025.
"""

from tracker.own_page import retirement_page
from tracker.retirements import Retirement, day, since
from tracker.source import Parsed, Payload
from tracker.tables import html_tables, rows_with

WHAT, LEGACY, END, USE = "Model version", "Legacy date", "EOL date", "Recommended model version replacement"


def parse(payload: Payload) -> Parsed:
    """Yield every version that is given an end, the latest first: of two regions the later counts."""
    rows = rows_with(html_tables(payload.body), WHAT, LEGACY, END, USE)
    for row in sorted(rows, key=lambda row: day(row[END]), reverse=True):
        yield from Retirement(
            key=f"{row[WHAT]}:{day(row[LEGACY])}",
            url=f"{payload.url}#versions-for-eol",
            vendor="aws",
            named="Amazon Bedrock",
            subject=row[WHAT],
            models=(row[WHAT],),
            when=day(row[END]) or row[END],
            use=row[USE],
            published=since(row[LEGACY], payload.observed),
            provider="aws",
        ).records()


source = retirement_page(
    parse,
    "https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html",
    "Amazon Bedrock model lifecycle",
    vendor="aws",
    credit="Amazon Web Services",
)
