"""EvalPlus: HumanEval and MBPP with many more tests for each task.

What: the share of 164 (HumanEval+) and 378 (MBPP+) tasks solved at the first try, in percent. Both are old,
small and near their ceiling. A row may register a model, and links to published weights. Whose: the EvalPlus
team. Licence: Apache-2.0; figures may be published; credit "EvalPlus leaderboard, Apache-2.0". Changes: last
in December 2024. Shape: recorded, April to December 2024; before, MBPP+ had 399 tasks and other fields.
"""

from datetime import timedelta

from tracker.boards import pass_at_1
from tracker.domain import Kind
from tracker.source import History, Parsed, Payload, Source

METRICS = {"humaneval+": "evalplus.humaneval_plus", "mbpp+": "evalplus.mbpp_plus"}
REPOSITORY = "https://github.com/evalplus/evalplus.github.io"


def parse(payload: Payload) -> Parsed:
    """Yield both shares of each model, and where its weights are."""
    return pass_at_1(payload.json(), METRICS)


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="EvalPlus",
    urls=("https://evalplus.github.io/results.json",),
    licence="Apache-2.0",
    credit="EvalPlus leaderboard, Apache-2.0",
    authority=True,
    cadence=timedelta(days=7),
    history=(History("git", (REPOSITORY,), paths=("results.json",)),),
)
