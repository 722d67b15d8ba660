"""LiveCodeBench: dated problems of programming contests, so that a model is asked what it cannot have seen.

What: a model's share of problems solved at the first try (pass@1), the mean over the problems published since
August 2024, which is the window that the site opens with and the vintage; as on the site, only for models
whose date there is before it. Whose: researchers of Berkeley, MIT and Cornell. Licence: none stated for the
results; its figures are told with credit. Credit: "LiveCodeBench". Changes: hardly any more; its last results
are of August 2025. Shape: documented, by public code that reads the site's file.
"""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from tracker.domain import Kind, Observation
from tracker.source import Parsed, Payload, Source, midnight

SINCE = "2024-08-01"
START = int(midnight(SINCE).timestamp() * 1000)  # the file's dates are in milliseconds


def parse(payload: Payload) -> Parsed:
    """Yield the mean over the window of each model that is older than it."""
    page = payload.json()
    solved = defaultdict[str, list[Decimal]](list)
    for row in page["performances"]:
        if row["date"] >= START:
            solved[row["model"]].append(Decimal(row["pass@1"]))
    for model in page["models"]:
        subject, dated = model["model_repr"], model["release_date"]
        if solved[subject] and dated and dated < START:
            n = len(solved[subject])
            mean = round(sum(solved[subject], Decimal()) / n, 3)
            yield Observation(subject, "livecodebench.generation", mean, vintage=SINCE, n=n)


FIELDS = tuple(f"performances[].{name}" for name in ("model", "date", "pass@1"))

source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="LiveCodeBench",
    urls=("https://livecodebench.github.io/performances_generation.json",),
    licence="none stated",
    credit="LiveCodeBench",
    cadence=timedelta(days=7),
    documented=(*FIELDS, "models[].model_repr", "models[].release_date"),
)
