"""Artificial Analysis: its indices, what they are made of, and how fast models answer.

What: Intelligence, Coding and Math Index; evaluations as shares, here per cent; output speed and time to the
first token, medians. No host is named: a speed is one over hosts, and so are the prices, which are left out,
since nobody asks them. 0 for a speed means that none was measured. Where the page names the version of its
indices, that is their vintage.
Whose: Artificial Analysis. Licence: its free API wants https://artificialanalysis.ai/ named wherever its
figures are used, so they may be published with that credit. It takes a key, which costs nothing.
Changes: daily. Shape: the documented `GET /api/v2/data/llms/models` and recorded payloads of spring 2026.
"""

from decimal import Decimal
from typing import Any

from tracker.domain import Kind, ModelFact, Observation, Unread
from tracker.source import Key, Parsed, Payload, Source

INDEX = "artificial_analysis_{}_index"
INDICES = {INDEX.format(name): f"aa.{name}" for name in ("intelligence", "coding", "math")}
SHARES = (
    *("mmlu_pro", "gpqa", "hle", "livecodebench", "scicode", "math_500", "aime", "aime_25", "ifbench", "lcr"),
    *("terminalbench_hard", "tau2"),
)
SPEEDS = {
    "median_output_tokens_per_second": "speed.throughput",
    "median_time_to_first_token_seconds": "speed.ttft",
}


def parse(payload: Payload) -> Parsed:
    """Yield who made each model and when, its scores and its speed; then which evaluations are not known."""
    page, strange = payload.json(), set[str]()
    version = str(page.get("intelligence_index_version") or "")
    for model in page["data"]:
        subject = model["name"].strip()
        yield ModelFact(subject, "organisation", model["model_creator"]["name"])
        if model.get("release_date"):
            yield ModelFact(subject, "released", model["release_date"])
        scores = {name: value for name, value in model["evaluations"].items() if value is not None}
        yield from _scores(subject, scores, version)
        for name, metric in SPEEDS.items():
            if model[name]:
                yield Observation(subject, metric, Decimal(model[name]), condition="p50")
        strange |= scores.keys() - INDICES.keys() - set(SHARES)
    yield from (Unread(f"the evaluation {name}") for name in sorted(strange))


def _scores(subject: str, scores: dict[str, Any], version: str) -> Parsed:
    for name, value in scores.items():
        if name in INDICES:
            yield Observation(subject, INDICES[name], Decimal(value), vintage=version)
        elif name in SHARES:
            yield Observation(subject, f"aa.{name}", Decimal(value).scaleb(2) + 0)


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="Artificial Analysis",
    urls=("https://artificialanalysis.ai/api/v2/data/llms/models",),
    key=Key("ARTIFICIAL_ANALYSIS_API_KEY", "x-api-key", "https://artificialanalysis.ai/documentation"),
    licence="free API, attribution required",
    credit="Artificial Analysis (https://artificialanalysis.ai/)",
    authority=True,
)
