"""BigCodeBench: 1,140 Python tasks that call many libraries, by docstring or by instruction.

What: the share solved at the first try (pass@1), asked to complete code from its docstring ("complete") and
told in words what to write ("instruct"). A link to published weights is told as such.
Whose: the BigCode project. Licence: none stated, so the figures are for one's own use and are not published.
Credit: "BigCodeBench (bigcode-bench.github.io)". A row may register a model. Changes: last in April 2025.
Shape: recorded payloads of June 2024 to April 2025.
"""

import re
from datetime import timedelta
from decimal import Decimal

from tracker.domain import Kind, ModelFact, Observation
from tracker.source import History, Parsed, Payload, Source

REPOSITORY = "https://github.com/bigcode-bench/bigcode-bench.github.io"
WEIGHTS = re.compile(r"https://huggingface\.co/[^/]+/[^/]+")


def parse(payload: Payload) -> Parsed:
    """Yield both shares of each model, and where its weights are."""
    for model, row in payload.json().items():
        for split in ("instruct", "complete"):
            if row["pass@1"][split] is not None:
                yield Observation(model, f"bigcodebench.{split}", Decimal(row["pass@1"][split]))
        if WEIGHTS.fullmatch(row["link"]):
            yield ModelFact(model, "weights_url", row["link"])


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="BigCodeBench",
    urls=("https://bigcode-bench.github.io/results.json",),
    licence="none stated",
    credit="BigCodeBench (bigcode-bench.github.io)",
    authority=True,
    cadence=timedelta(days=7),
    publishable=False,
    history=(History("git", (REPOSITORY,), paths=("results.json",)),),
)
