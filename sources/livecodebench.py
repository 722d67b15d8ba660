"""LiveCodeBench: dated problems of programming contests, so that a model is asked what it cannot have seen.

What: a model's share of problems solved at the first try (pass@1), the mean over the problems published since
August 2024, which is the window that the site opens with; as on the site, only for models whose date there is
before it. The number of problems is told. The window is the vintage.
Whose: researchers of Berkeley, MIT and Cornell. Licence: none stated for the results (the site's own text is
under CC BY-SA 4.0), so the figures are for one's own use and are not published. Credit: "LiveCodeBench".
Changes: hardly any more; its last results are of August 2025, of 28 models. Shape: not recorded. Public code
that reads the site's file: one row a problem and model, dates in milliseconds, pass@1 in per cent.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tracker.domain import Kind, Observation
from tracker.source import Parsed, Payload, Source

SINCE = datetime(2024, 8, 1, tzinfo=UTC)
START = int(SINCE.timestamp() * 1000)


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
            mean = sum(solved[subject], Decimal()) / len(solved[subject])
            yield Observation(
                subject,
                "livecodebench.generation",
                round(mean, 3),
                vintage=f"{SINCE:%Y-%m-%d}",
                n=len(solved[subject]),
            )


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="LiveCodeBench",
    urls=("https://livecodebench.github.io/performances_generation.json",),
    licence="none stated",
    credit="LiveCodeBench",
    cadence=timedelta(days=7),
    publishable=False,
    documented=(
        "performances[].model",
        "performances[].date",
        "performances[].pass@1",
        "models[].model_repr",
        "models[].release_date",
    ),
)
