"""Amazon Bedrock's own page of the lives of its models: which version is switched off there when.

What: an announcement per row of the tables of legacy and end-of-life versions; the day it retires on
Bedrock, by the latest region, and what to use instead. On the maker's own platform it may go on.
Whose: Amazon Web Services, on its own service. Licence: none stated; dates are facts quoted with a link.
Credit: "Amazon Web Services".
Changes: every few weeks. Shape: one recorded page of November 2025; tables are found by their columns.
"""

from tracker.domain import Kind
from tracker.errors import ParseError
from tracker.retirements import Retirement, day, since
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import html_tables

WHAT, LEGACY, END, USE = "Model version", "Legacy date", "EOL date", "Recommended model version replacement"
URL = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html"


def parse(payload: Payload) -> Parsed:
    """Yield every version that is given an end, the latest first: of two regions the later counts."""
    rows = [row for t in html_tables(payload.body) if t.has(WHAT, LEGACY, END, USE) for row in t.rows]
    if not rows:
        raise ParseError(f"{payload.url} has no table of versions with an {END}")
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


source = Source(
    kind=Kind.NEWS,
    parse=parse,
    title="Amazon Bedrock model lifecycle",
    urls=(URL,),
    history=(History("cdx", (URL,)),),
    licence="none stated",
    credit="Amazon Web Services",
    vendor="aws",
    listing=False,
)
