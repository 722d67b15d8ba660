"""EvalPlus: HumanEval and MBPP with many more tests for each task.

What: the share of 164 (HumanEval+) and 378 (MBPP+) tasks solved at the first try, in percent. A link to
published weights is told as such. Both benchmarks are old, small and near their ceiling.
Whose: the EvalPlus team. Licence: Apache-2.0; figures may be published. Credit: "EvalPlus leaderboard,
Apache-2.0". A row may register a model; some bear remarks of when it was tried ("GPT-4-Turbo (Nov 2023)").
Changes: last in December 2024. Shape: recorded payloads of April to December 2024 (`pass@1`; what was before
had 399 tasks in MBPP+ and other field names, and is not read).
"""

import re
from datetime import timedelta
from decimal import Decimal

from tracker.domain import Kind, ModelFact, Observation
from tracker.source import History, Parsed, Payload, Source

METRICS = {"humaneval+": "evalplus.humaneval_plus", "mbpp+": "evalplus.mbpp_plus"}
WEIGHTS = re.compile(r"https://huggingface\.co/[^/]+/[^/]+")


def parse(payload: Payload) -> Parsed:
    """Yield both shares of each model, and where its weights are."""
    for model, row in payload.json().items():
        for test, metric in METRICS.items():
            if row["pass@1"][test] is not None:
                yield Observation(model, metric, Decimal(row["pass@1"][test]))
        if WEIGHTS.fullmatch(row["link"]):
            yield ModelFact(model, "weights_url", row["link"])


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="EvalPlus",
    urls=("https://evalplus.github.io/results.json",),
    licence="Apache-2.0",
    credit="EvalPlus leaderboard, Apache-2.0",
    authority=True,
    cadence=timedelta(days=7),
    history=(History("git", ("https://github.com/evalplus/evalplus.github.io",), paths=("results.json",)),),
)
