"""Aider's code editing leaderboard: 133 small Python exercises, until the polyglot one in December 2024.

What: the share of tasks solved in two tries (`pass_rate_2`) and in one, how many were run, what the run cost
(0 was not counted), and the day that a model was released where the row says so. Of several runs under one
name the best counts. A row may register a model, though names are typed by hand. Whose: Paul Gauthier and the
Aider project. Licence: Apache-2.0; figures may be published; credit "Aider code editing leaderboard,
Apache-2.0". Changes: no more. Shape: recorded, July to December 2024.
"""

from datetime import timedelta
from decimal import Decimal

from tracker.domain import Kind, ModelFact, Observation, Unread
from tracker.repositories import github_file
from tracker.source import Parsed, Payload, Source

FILE = "aider/website/_data/edit_leaderboard.yml"
TASKS = 133


def parse(payload: Payload) -> Parsed:
    """Yield the best run of each model, what it cost, and when the model was released."""
    runs = sorted(payload.yaml(), key=lambda run: run["pass_rate_2"])
    for run in runs:
        if run["test_cases"] > TASKS:
            yield Unread(f"{run['model']}, a run of {run['test_cases']} tasks, not of the {TASKS}")
    best = {run["model"]: run for run in runs if run["test_cases"] <= TASKS}
    for model, run in best.items():
        yield Observation(model, "aider.edit", Decimal(run["pass_rate_2"]), n=run["test_cases"])
        yield Observation(model, "aider.edit.first_try", Decimal(run["pass_rate_1"]))
        if run.get("total_cost"):
            yield Observation(model, "aider.edit.cost", Decimal(run["total_cost"]))
        if run.get("released"):
            yield ModelFact(model, "released", run["released"].isoformat())


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="Aider code editing",
    **github_file("Aider-AI/aider", FILE),
    licence="Apache-2.0",
    credit="Aider code editing leaderboard, Apache-2.0",
    authority=True,
    cadence=timedelta(days=7),
)
