"""Aider's polyglot leaderboard: 225 Exercism tasks in six languages, solved by editing files.

What: the share of tasks solved in two tries (`pass_rate_2`) and in one, how many were run, and what the run
cost and took in tokens; 0 was not counted. Of several runs under one name the best counts. An architect run
pairs two models, so it is no model's score and left out. A row may register a model, though names are typed
by hand. Whose: Paul Gauthier and the Aider project. Licence: Apache-2.0; figures may be published; credit
"Aider polyglot leaderboard, Apache-2.0". Changes: last in October 2025. Shape: recorded, from December 2024.
"""

from decimal import Decimal
from typing import Any

from tracker.domain import Kind, Observation, Unread
from tracker.source import History, Parsed, Payload, Source

FILE = "aider/website/_data/polyglot_leaderboard.yml"
BESIDE = {
    "pass_rate_1": "aider.polyglot.first_try",
    "total_cost": "aider.polyglot.cost",
    "prompt_tokens": "aider.polyglot.tokens_in",
    "completion_tokens": "aider.polyglot.tokens_out",
}


def parse(payload: Payload) -> Parsed:
    """Yield the best run of each model, and what it took; tell of runs of two models."""
    runs = sorted(payload.yaml(), key=lambda run: run["pass_rate_2"])
    for run in runs:
        if not _alone(run):
            yield Unread(f"{run['model']}, a run of two models")
    for model, run in {run["model"]: run for run in runs if _alone(run)}.items():
        yield Observation(model, "aider.polyglot", Decimal(run["pass_rate_2"]), n=run["test_cases"])
        for field, metric in BESIDE.items():
            if run.get(field):
                yield Observation(model, metric, Decimal(run[field]))


def _alone(run: dict[str, Any]) -> bool:
    return run.get("editor_model", run["model"]) == run["model"]


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="Aider polyglot",
    urls=(f"https://raw.githubusercontent.com/Aider-AI/aider/main/{FILE}",),
    licence="Apache-2.0",
    credit="Aider polyglot leaderboard, Apache-2.0",
    authority=True,
    history=(History("git", ("https://github.com/Aider-AI/aider",), paths=(FILE,)),),
)
