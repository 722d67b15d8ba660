"""Epoch AI: its Capabilities Index, and the benchmarks that it runs itself.

What: the index joins dozens of benchmarks into one scale (Claude 3.5 Sonnet is 130, GPT-5 is 150) and is
fitted anew with each update; its interval is one of 90 %, widened here to 95 %. Of Epoch's own runs the best
score in hundredths, with 1.96 standard errors where it gives one; of a model run twice the first listed
counts. Whether weights are open, the organisation and the release day are Epoch's words. A setting after "_"
is an effort, or a thinking budget ("64K"), and is told as such. Files named `_external` are other people's
results under their own terms, and are not read.
Whose: Epoch AI. Licence: CC BY 4.0 for what is read here; figures may be published; credit "Epoch AI, CC BY
4.0".
Changes: daily; an archive of two megabytes, so it is visited every third day. Shape: not recorded. The
archive's README, files of spring 2026 that are kept in public, and public code of autumn 2026 that reads the
index.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from tracker.domain import Kind, ModelFact, Observation, Unread
from tracker.errors import ParseError
from tracker.source import Parsed, Payload, Source

INDEX = "epoch_capabilities_index/eci_scores.csv"
RUNS = {
    "gpqa_diamond.csv": "gpqa_diamond",
    "frontiermath_tiers_1_3_v2.csv": "frontiermath",
    "otis_mock_aime_2024_2025.csv": "otis_mock_aime",
    "swe_bench_verified.csv": "swe_bench_verified",
    "mirrorcode.csv": "mirrorcode",
    "simpleqa_verified.csv": "simpleqa_verified",
}
BEST = "Best score (across scorers)"
WEIGHTS = {"Open weights": "open", "Closed weights": "closed"}
SETTING = re.compile(r"(.+)_(\d+K|none|minimal|low|medium|high|xhigh|max|unknown)")
WIDER = Decimal("1.96") / Decimal("1.645")  # from a half-width at 90 % to one at 95 %, of a normal error
Z95 = Decimal("1.96")


def parse(payload: Payload) -> Parsed:
    """Yield the index with its facts, then the scores of each benchmark that the archive still has."""
    for row in payload.member(INDEX).rows():
        yield from _index(row)
    for file, name in RUNS.items():
        try:
            rows = payload.member(file).rows()
        except ParseError as error:
            yield Unread(str(error))
            continue
        yield from (_run(row, f"epoch.{name}") for row in rows if row["Model version"] and row[BEST])


def _index(row: dict[str, str]) -> Iterator[Observation | ModelFact]:
    subject, value = row["Model"], Decimal(row["eci"])
    ends = (row["eci_ci_low"], row["eci_ci_high"])
    low, high = (round(value + (Decimal(end) - value) * WIDER, 3) if end else None for end in ends)
    yield Observation(subject, "epoch.eci", value, low=low, high=high)
    if weights := WEIGHTS.get(row["Accessibility group"]):
        yield ModelFact(subject, "weights", weights)
    for field, column in (("organisation", "Organization"), ("released", "date")):
        if row[column]:
            yield ModelFact(subject, field, row[column])


def _run(row: dict[str, str], metric: str) -> Observation:
    value = Decimal(row[BEST]) * 100
    error = Decimal(row["stderr"]) * 100 * Z95 if row["stderr"] else None
    low, high = (None, None) if error is None else (value - error, value + error)
    return Observation(_subject(row["Model version"]), metric, value, low=low, high=high)


def _subject(version: str) -> str:
    """`claude-opus-4-6_64K` is claude-opus-4-6 (thinking 64K)."""
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
    documented=(
        "Model",
        "eci",
        "eci_ci_low",
        "eci_ci_high",
        "date",
        "Organization",
        "Accessibility group",
        "Model version",
        BEST,
        "stderr",
    ),
)
