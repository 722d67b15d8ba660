"""Terminal-Bench 2.0: 89 hard tasks at a command line, each judged by its tests.

What: the share solved, in hundredths, with its interval. What a model is worth is told where all of them run
in the same agent, the authors' neutral Terminus 2; rows of other agents are systems and not read. A run is
listed twice where it was copied again; the first counts. It registers no model. Whose: the Terminal-Bench
team, copied by Epoch AI. Licence: none stated for the board's page; its figures are told with credit. Credit:
"Terminal-Bench (tbench.ai), by Epoch AI". Changes: hardly, since new runs are refused (May 2026). Shape:
documented, by a public copy of the file of April 2026 and public code of autumn 2026.
"""

import re
from datetime import timedelta
from decimal import Decimal

from tracker.boards import Z95
from tracker.domain import Kind, Observation
from tracker.source import Parsed, Payload, Source

AGENT = "Terminus 2"
GUESS = re.compile(r"_(unknown|minimal|low|medium|high|xhigh|max|\d+K)$")
PLACES = 4  # of a hundredth: the copy carries the noise of floating point


def parse(payload: Payload) -> Parsed:
    """Yield the share that each model solves in the one agent."""
    for row in payload.member("terminalbench_external.csv").rows():
        if row["Model version"] and row["Agent"].strip() == AGENT:
            value = round(Decimal(row["Accuracy mean"]) * 100, PLACES)
            error = round(Decimal(row["Accuracy SE"]) * 100 * Z95, PLACES) if row["Accuracy SE"] else None
            low, high = (value - error, value + error) if error else (None, None)
            subject = GUESS.sub("", row["Model version"])
            yield Observation(subject, "terminal_bench.terminus_2", value, low=low, high=high)


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="Terminal-Bench",
    urls=("https://epoch.ai/data/benchmark_data.zip",),
    licence="none stated",
    credit="Terminal-Bench (tbench.ai), by Epoch AI",
    cadence=timedelta(days=7),
    documented=("Model version", "Agent", "Accuracy mean", "Accuracy SE"),
)
