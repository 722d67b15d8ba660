"""deprecations.info: which model is switched off where and when, gathered from the vendors' own pages.

What: an announcement per model and seller; where the day is fixed, the day it retires there and its
replacement. Whose: deprecations.info, reading OpenAI, Anthropic, Google, Vertex AI, Azure, Amazon Bedrock,
Groq, Cohere and xAI. Licence: MIT; may be published; credit "deprecations.info". Changes: every few days.
Shape: recorded, since August 2025; the oldest has no model_id, later ones one replacement_model, not a list.
"""

from collections.abc import Mapping
from typing import Any

from tracker.domain import Kind, Unread
from tracker.errors import ParseError
from tracker.retirements import Retirement, day, since
from tracker.source import Parsed, Payload, Source

# Its names of the sellers, where they are not ours; others are the same in small letters.
SELLERS = {
    "AWS Bedrock": ("aws", "Amazon Bedrock"),
    "Google Vertex": ("google-vertex", "Vertex AI"),
    "Google Vertex AI": ("google-vertex", "Vertex AI"),
}


def parse(payload: Payload) -> Parsed:
    """Yield what is said of each model, as listed; a row that names none is left out."""
    rows = payload.json()
    if not isinstance(rows, list):
        raise ParseError(f"{payload.url} is not a list of deprecations")
    for row in rows:
        if row.get("model_id"):
            yield from _retirement(row, payload).records()
        else:
            yield Unread(f"{row.get('title') or row['provider']} names no model")


def _retirement(row: Mapping[str, Any], payload: Payload) -> Retirement:
    seller, named = SELLERS.get(row["provider"], (row["provider"].lower(), row["provider"]))
    model, when = row["model_id"], row["shutdown_date"]
    # Its announcement is the day on which it first saw the row: what is off already was announced before.
    told = (row["announcement_date"], row.get("deprecation_date", ""), when)
    uses = row.get("replacement_models") or [row.get("replacement_model") or ""]
    return Retirement(
        key=f"{seller}:{model}",
        url=row["url"],
        vendor=seller,
        named=named,
        subject=model,
        models=(model,),
        when=day(when) or when or "no day yet",
        use=" or ".join(uses),
        published=since(min(filter(None, map(day, told)), default=""), payload.observed),
        provider=seller,
    )


source = Source(
    kind=Kind.NEWS,
    parse=parse,
    title="deprecations.info",
    urls=("https://deprecations.info/v1/deprecations.json",),
    licence="MIT",
    credit="deprecations.info",
    listing=False,
)
