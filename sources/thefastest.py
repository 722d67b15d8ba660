"""thefastest.ai: how fast hosts answered in spring 2024, measured daily from three places.

What: tokens per second (after the first, over the time from it to the end) and time to first token of a short
prompt with 20 tokens of output, the best of three tries, from cdg, iad and sea (Fly.io's regions). A page is
dated by its runs. Whose: Fixie.ai (now Ultravox). Licence: MIT; figures may be published; credit
"thefastest.ai (MIT)". Changes: daily until May 2024. Shape: recorded, in April and May 2024.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tracker.conditions import condition
from tracker.domain import Kind, Observation
from tracker.source import History, Parsed, Payload, Source

REPOSITORY = "https://github.com/fixie-ai/thefastest.ai"
METRICS = {"tps": "speed.throughput", "ttft": "speed.ttft"}
CEILING = 999  # tokens per second: they came all at once, so that no speed is known
AZURE = "azure."  # its deployments are told apart by their region


def parse(payload: Payload) -> Parsed:
    """Yield the speeds of every run; a run that failed is all zeros and says nothing."""
    for run in payload.json():
        at = datetime.fromisoformat(run["time"]).replace(tzinfo=UTC)
        for result in run["results"]:
            yield from _speeds(result, f"measured in {run['region']}", at)


def _speeds(result: dict[str, Any], where: str, at: datetime) -> Parsed:
    host, subject = name if len(name := result["model"].split("/")) == 2 else ("", result["model"])
    provider, region = ("azure", host.removeprefix(AZURE)) if host.startswith(AZURE) else (host, "")
    terms = condition("best of 3", f"region {region}" if region else "", where)
    for field, metric in METRICS.items():
        if result[field] and result[field] < CEILING:
            yield Observation(subject, metric, Decimal(result[field]), provider, terms, at=at)


source = Source(
    kind=Kind.SPEED,
    parse=parse,
    title="thefastest.ai",
    urls=("https://thefastest.ai/data/latest.json",),
    licence="MIT",
    credit="thefastest.ai (MIT)",
    history=(History("git", (REPOSITORY,), paths=("website/public/data/latest.json",)),),
)
