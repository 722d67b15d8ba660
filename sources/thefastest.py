"""thefastest.ai: how fast hosts answered in spring 2024, measured daily from three places.

What: tokens per second (after the first, over the time from it to the end) and time to first token of a short
prompt with 20 tokens of output, the best of three tries, from cdg, iad and sea (Fly.io's regions). A page is
dated by its runs. Azure's deployments are told apart by their region. 999 tokens per second is its ceiling:
they came all at once, so that no speed is known.
Whose: Fixie.ai (now Ultravox). Licence: MIT; figures may be published; credit "thefastest.ai (MIT)".
Changes: daily until May 2024. The site's own code then turned to
storage.googleapis.com/thefastest-data/REGION/text/YYYY-MM-DD.json, of which no payload was seen. The past is
in the repository. Shape: the project's source and recorded payloads of April and May 2024.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tracker.conditions import condition
from tracker.domain import Kind, ModelFact, Observation
from tracker.source import History, Parsed, Payload, Source

METRICS = {"tps": "speed.throughput", "ttft": "speed.ttft"}
CEILING = 999
DEPLOYED = re.compile(r"(azure)\.(\w+)")
UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # the engine knows when a commit was


def parse(payload: Payload) -> Parsed:
    """Yield the speeds of every run; a run that failed is all zeros and says nothing."""
    for run in payload.json():
        at = datetime.fromisoformat(run["time"]).replace(tzinfo=UTC)
        for result in run["results"]:
            yield from _speeds(result, f"measured in {run['region']}", at)


def _speeds(result: dict[str, Any], where: str, at: datetime) -> Iterator[Observation]:
    subject, host = result["model"], ""
    if subject.count("/") == 1:
        host, subject = subject.split("/")
    deployed = DEPLOYED.fullmatch(host)
    provider, region = (deployed[1], f"region {deployed[2]}") if deployed else (host, "")
    terms = condition("best of 3", region, where)
    for field, metric in METRICS.items():
        if result[field] and result[field] < CEILING:
            yield Observation(subject, metric, Decimal(result[field]), provider, terms, at=at)


class Newest:
    """The one file of the repository's site that holds the newest runs."""

    def __init__(self) -> None:
        self._page: Payload | None = None

    def change(self, path: str, body: bytes | None) -> Iterable[str]:
        """Take in the file."""
        page = Payload(path, body, UNDATED) if body is not None else None
        if page:
            page.json()
        self._page = page
        return ("runs",)

    def read(self, part: str) -> Iterable[Observation | ModelFact]:
        """The speeds of the file's runs."""
        for found in parse(self._page) if self._page else ():
            if isinstance(found, Observation):
                yield found


source = Source(
    kind=Kind.SPEED,
    parse=parse,
    title="thefastest.ai",
    urls=("https://thefastest.ai/data/latest.json",),
    licence="MIT",
    credit="thefastest.ai (MIT)",
    history=(
        History(
            "git",
            ("https://github.com/fixie-ai/thefastest.ai",),
            paths=("website/public/data/latest.json",),
            tree=Newest,
        ),
    ),
)
