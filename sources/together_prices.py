"""Together's catalogue of serverless models, with what each costs.

What: USD per million tokens of input, cached input and output; speech per million characters or minute of
audio; the context and the quantisation served. Prices per megapixel and per video are left out.
Whose: Together AI. Licence: none stated; prices are facts quoted with a link. Credit: "docs.together.ai".
Changes: every few weeks. Shape: a whole page of autumn 2026 kept in a public copy of the documentation;
vision models are a second table of rows that the first one has, too.
"""

from collections.abc import Iterator

from tracker.domain import Kind, ModelFact, Observation, Unread
from tracker.pricelist import priced
from tracker.source import History, Parsed, Payload, Source
from tracker.tables import markdown_tables, tables_with

URL = "https://docs.together.ai/docs/serverless/models.md"
NAME, INPUT, OUTPUT = "API model string", "Input pricing (per 1M tokens)", "Output pricing (per 1M tokens)"
PARTS = {INPUT: "input", "Cached input pricing (per 1M tokens)": "cache_read", OUTPUT: "output"}
FACTS = {"Context length": "context", "Quantization": "quantisation"}
AUDIO = ("Modality", "Model string for API", "Pricing")


def parse(payload: Payload) -> Parsed:
    """Yield the prices of each language model once, then those of speech."""
    tables, seen = markdown_tables(payload.text()), set[str]()
    for table in tables_with(tables, NAME, INPUT, OUTPUT):
        for row in table.rows:
            if row[NAME] not in seen:
                seen.add(row[NAME])
                yield from _model(row[NAME], row)
    for table in tables:
        for row in table.rows if table.has(*AUDIO) else ():
            yield from priced(row["Model string for API"], row, {"Pricing": "input"}, "together")


def _model(subject: str, row: dict[str, str]) -> Iterator[Observation | ModelFact | Unread]:
    yield from priced(subject, row, PARTS, "together")
    for column, field in FACTS.items():
        if (value := row.get(column, "-")) != "-":
            yield ModelFact(subject, field, value, "together")


source = Source(
    kind=Kind.PRICES,
    parse=parse,
    title="Together serverless models and prices",
    urls=(URL,),
    history=(History("cdx", (URL,)),),
    documented=(NAME, *PARTS, *FACTS),
    licence="none stated",
    credit="docs.together.ai",
    vendor="together",
)
