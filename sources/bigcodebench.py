"""BigCodeBench: 1,140 Python tasks that call many libraries, by docstring or by instruction.

What: the share solved at the first try (pass@1), asked to complete code from its docstring ("complete") and
told in words what to write ("instruct"). A row may register a model, and links to published weights. Whose:
the BigCode project. Licence: none stated; its figures are told with credit. Credit: "BigCodeBench
(bigcode-bench.github.io)". Changes: last in April 2025. Shape: recorded, June 2024 to April 2025.
"""

from datetime import timedelta

from tracker.boards import pass_at_1
from tracker.domain import Kind
from tracker.source import History, Parsed, Payload, Source

METRICS = {"instruct": "bigcodebench.instruct", "complete": "bigcodebench.complete"}
REPOSITORY = "https://github.com/bigcode-bench/bigcode-bench.github.io"


def parse(payload: Payload) -> Parsed:
    """Yield both shares of each model, and where its weights are."""
    return pass_at_1(payload.json(), METRICS)


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="BigCodeBench",
    urls=("https://bigcode-bench.github.io/results.json",),
    licence="none stated",
    credit="BigCodeBench (bigcode-bench.github.io)",
    authority=True,
    cadence=timedelta(days=7),
    history=(History("git", (REPOSITORY,), paths=("results.json",)),),
)
