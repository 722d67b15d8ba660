"""Artificial Analysis: its indices, what they are made of, and how fast models answer.

What: Intelligence, Coding, Agentic and Math Index, and what a task of the first costs; evaluations as shares,
here per cent; output speed and time to the first token, medians over hosts that are not named. So are the
prices, which are left out, since nobody asks them. The version of the indices, where told, is their vintage.
Whose: Artificial Analysis. Licence: a free key is for internal use, with attribution (Data Platform Terms of
August 2026), so the figures are not published. Credit: "Artificial Analysis (https://artificialanalysis.ai/)".
Changes: daily. Shape: documented, by its API reference and public code of autumn 2026; the address of before,
closed on 4 November 2026, is recorded, in spring 2026.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tracker.boards import exact
from tracker.domain import Follow, Kind, ModelFact, Observation, Unread
from tracker.source import Key, Parsed, Payload, Source

API = "https://artificialanalysis.ai/api/v2"
INDEX = "artificial_analysis_{}_index"
INDICES = {INDEX.format(name): f"aa.{name}" for name in ("intelligence", "coding", "agentic", "math")}
SHARES = (
    *("mmlu_pro", "gpqa", "hle", "livecodebench", "scicode", "math_500", "aime", "aime_25", "ifbench", "lcr"),
    *("terminalbench_hard", "tau2"),
)
SPEEDS = {
    "median_output_tokens_per_second": "speed.throughput",
    "median_time_to_first_token_seconds": "speed.ttft",
}


def parse(payload: Payload) -> Parsed:
    """Yield what is said of each model, then which evaluations are not known, then where the next page is."""
    page, strange = payload.json(), set[str]()
    version = str(page.get("intelligence_index_version") or "")
    for model in page["data"]:
        scores = {name: value for name, value in model["evaluations"].items() if value is not None}
        yield from _model(model, scores, version)
        strange |= scores.keys() - INDICES.keys() - set(SHARES)
    yield from (Unread(f"the evaluation {name}") for name in sorted(strange))
    if (pages := page.get("pagination", {})).get("has_more"):
        yield Follow(f"{API}/language/models/free?page={pages['page'] + 1}")


def _model(model: dict[str, Any], scores: Mapping[str, Any], version: str) -> Parsed:
    subject = model["name"].strip()
    yield ModelFact(subject, "organisation", model["model_creator"]["name"])
    if model.get("release_date"):
        yield ModelFact(subject, "released", model["release_date"])
    for name, value in scores.items():
        if name in INDICES:
            yield Observation(subject, INDICES[name], Decimal(value), vintage=version)
        elif name in SHARES:
            yield Observation(subject, f"aa.{name}", Decimal(value).scaleb(2) + 0)
    spent = (model.get(INDEX.format("intelligence") + "_cost") or {}).get("cost_per_task") or {}
    if cost := exact(spent.get("total_cost")):
        yield Observation(subject, "aa.intelligence.cost", cost, vintage=version)
    speeds = model.get("performance", model)  # the address of before has them here; 0: none was measured
    for name, metric in SPEEDS.items():
        if speeds[name]:
            yield Observation(subject, metric, Decimal(speeds[name]), condition="p50")


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="Artificial Analysis",
    urls=(f"{API}/language/models/free",),
    formerly=(f"{API}/data/llms/models",),
    key=Key("ARTIFICIAL_ANALYSIS_API_KEY", "x-api-key", "https://artificialanalysis.ai/data-api/docs"),
    licence="internal use with attribution",
    credit="Artificial Analysis (https://artificialanalysis.ai/)",
    authority=True,
    publishable=False,
    documented=(
        "intelligence_index_version",
        "pagination.has_more",
        *(f"data[].{name}" for name in ("name", "release_date", "model_creator.name")),
        *(f"data[].evaluations.{INDEX.format(name)}" for name in ("intelligence", "coding", "agentic")),
        f"data[].{INDEX.format('intelligence')}_cost.cost_per_task.total_cost",
        *(f"data[].performance.{name}" for name in SPEEDS),
    ),
)
