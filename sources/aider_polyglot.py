"""Aider's polyglot leaderboard: 225 Exercism tasks in six languages, solved by editing files.

What: the share of tasks solved in two tries (`pass_rate_2`) and in one, how many were run, and what the run
cost and took in tokens; 0 was not counted. Of several runs under one name the best counts; a run of two
models together is left out. A row may register a model, though names are typed by hand. Whose: Paul Gauthier
and the Aider project. Licence: Apache-2.0; figures may be published; credit "Aider polyglot leaderboard,
Apache-2.0". Changes: last in October 2025. Shape: recorded, from December 2024.
"""

from decimal import Decimal

from tracker.domain import Kind, Observation, Unread
from tracker.repositories import github_file
from tracker.source import Parsed, Payload, Source

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
    pairs = [run for run in runs if run.get("editor_model", run["model"]) != run["model"]]
    yield from (Unread(f"{run['model']}, a run of two models") for run in pairs)
    for model, run in {run["model"]: run for run in runs if run not in pairs}.items():
        yield Observation(model, "aider.polyglot", Decimal(run["pass_rate_2"]), n=run["test_cases"])
        for field, metric in BESIDE.items():
            if run.get(field):
                yield Observation(model, metric, Decimal(run[field]))


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="Aider polyglot",
    **github_file("Aider-AI/aider", FILE),
    licence="Apache-2.0",
    credit="Aider polyglot leaderboard, Apache-2.0",
    authority=True,
)
