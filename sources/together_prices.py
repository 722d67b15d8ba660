"""Together's catalogue of serverless models, with what each costs.

What: USD per million tokens of input, cached input and output; speech per million characters or minute of
audio; the context and the quantisation served. Prices per megapixel and per video are left out. Whose:
Together AI. Licence: none stated; a vendor's own facts, quoted with a link. Credit: "docs.together.ai".
Changes: every few weeks. Shape: documented, by a whole page of autumn 2026 in a public copy of the
documentation; vision models are a second table of rows that the first one has, too.
"""

from tracker.domain import ModelFact
from tracker.own_page import price_page
from tracker.pricelist import priced
from tracker.source import Parsed, Payload
from tracker.tables import markdown_tables, rows_with

NAME, INPUT, OUTPUT = "API model string", "Input pricing (per 1M tokens)", "Output pricing (per 1M tokens)"
PARTS = {INPUT: "input", "Cached input pricing (per 1M tokens)": "cache_read", OUTPUT: "output"}
FACTS = {"Context length": "context", "Quantization": "quantisation"}
AUDIO = ("Modality", "Model string for API", "Pricing")


def parse(payload: Payload) -> Parsed:
    """Yield the prices of each language model once, then those of speech."""
    tables = markdown_tables(payload.text())
    models = dict[str, dict[str, str]]()
    for row in rows_with(tables, NAME, INPUT, OUTPUT):
        models.setdefault(row[NAME], row)
    for subject, row in models.items():
        yield from priced(subject, row, PARTS, "together")
        for column, field in FACTS.items():
            if (value := row.get(column, "-")) != "-":
                yield ModelFact(subject, field, value, "together")
    for row in (row for table in tables if table.has(*AUDIO) for row in table.rows):
        yield from priced(row["Model string for API"], row, {"Pricing": "input"}, "together")


source = price_page(
    parse,
    "https://docs.together.ai/docs/serverless/models.md",
    "Together serverless models and prices",
    vendor="together",
    documented=(NAME, *PARTS, *FACTS),
)
