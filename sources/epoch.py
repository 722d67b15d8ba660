"""Epoch AI: its Capabilities Index, and the benchmarks that it runs itself.

What: the index joins dozens of benchmarks into one scale (Claude 3.5 Sonnet is 130, GPT-5 is 150) and is
fitted anew with each update; its interval of 90 % is widened to 95 %. Of Epoch's own runs the best score in
hundredths, with its interval; of a model run twice the first listed counts. Weights, organisation and release
day are Epoch's words. Files named `_external` are other people's results under their own terms, and not read.
Whose: Epoch AI. Licence: CC BY 4.0 for what is read here; figures may be published; credit "Epoch AI, CC BY
4.0". Changes: daily; an archive of two megabytes, so it is visited every third day. Shape: documented, by the
archive's README, public copies of spring 2026 and public code of autumn 2026.
"""

import re
from datetime import timedelta
from decimal import Decimal

from tracker.boards import Z95, around, exact
from tracker.domain import Kind, ModelFact, Observation, Unread
from tracker.errors import ParseError
from tracker.source import Parsed, Payload, Source

INDEX = "epoch_capabilities_index/eci_scores.csv"
RUNS = {
    "gpqa_diamond": "gpqa_diamond",
    "frontiermath_tiers_1_3_v2": "frontiermath",
    "otis_mock_aime_2024_2025": "otis_mock_aime",
    **{name: name for name in ("swe_bench_verified", "mirrorcode", "simpleqa_verified")},
}
ENDS = ("eci_ci_low", "eci_ci_high")
BEST = "Best score (across scorers)"
FACTS = {"Organization": "organisation", "date": "released"}
WEIGHTS = {"Open weights": "open", "Closed weights": "closed"}
SETTING = re.compile(r"(.+)_(\d+K|none|minimal|low|medium|high|xhigh|max|unknown)")
WIDER = Z95 / Decimal("1.645")  # from a half-width at 90 % to one at 95 %, of a normal error


def parse(payload: Payload) -> Parsed:
    """Yield the index with its facts, then the scores of each benchmark that the archive still has."""
    for row in payload.member(INDEX).rows():
        yield from _index(row)
    for file, name in RUNS.items():
        try:
            rows = payload.member(f"{file}.csv").rows()
        except ParseError as error:
            yield Unread(str(error))
            continue
        yield from (_run(row, f"epoch.{name}") for row in rows if row["Model version"] and row[BEST])


def _index(row: dict[str, str]) -> Parsed:
    subject, value = row["Model"], Decimal(row["eci"])
    ends = (exact(row[end]) for end in ENDS)
    low, high = (None if end is None else round(value + (end - value) * WIDER, 3) for end in ends)
    yield Observation(subject, "epoch.eci", value, low=low, high=high)
    if weights := WEIGHTS.get(row["Accessibility group"]):
        yield ModelFact(subject, "weights", weights)
    for column, field in FACTS.items():
        if row[column]:
            yield ModelFact(subject, field, row[column])


def _run(row: dict[str, str], metric: str) -> Observation:
    value = Decimal(row[BEST]) * 100
    low, high = around(value, exact(row["stderr"], 100))
    return Observation(_subject(row["Model version"]), metric, value, low=low, high=high)


def _subject(version: str) -> str:
    """An effort or a thinking budget told as such: claude-opus-4-6_64K is claude-opus-4-6 (thinking 64K)."""
    name, setting = found.groups() if (found := SETTING.fullmatch(version)) else (version, "unknown")
    words = f"thinking {setting}" if setting.endswith("K") else f"{setting} effort"
    return name if setting == "unknown" else f"{name} ({words})"


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="Epoch AI",
    urls=("https://epoch.ai/data/benchmark_data.zip",),
    licence="CC BY 4.0",
    credit="Epoch AI, CC BY 4.0",
    cadence=timedelta(days=3),
    authority=True,
    documented=("Model", "eci", *ENDS, *FACTS, "Accessibility group", "Model version", BEST, "stderr"),
)
