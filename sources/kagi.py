"""Kagi's LLM benchmark: unpublished tasks in reasoning, coding and following instructions, without tools.

What: accuracy in percent over as many tasks as the page says; since August 2025 also the cost of the whole
run in US dollars, the tokens written in it and the seconds of a task. A new heading, with which the task set
is renewed, begins a vintage. A row may register a model, in Kagi's own spelling. Whose: Kagi Inc. Licence:
none stated; its figures are told with credit. Credit: "Kagi LLM Benchmarking Project". Changes: weekly.
Shape: recorded, July 2024 to May 2026; the columns changed a dozen times.
"""

import re

from tracker.boards import share
from tracker.domain import Kind, Observation, Unread
from tracker.errors import ParseError
from tracker.repositories import github_file
from tracker.source import Parsed, Payload, Source
from tracker.tables import markdown_tables

FILE = "docs/kagi/ai/llm-benchmark.md"
VINTAGES = {"Kagi Reasoning Benchmark": "2025-05-06", "Kagi Offline Benchmark": "2025-08-11"}
# Not the tokens per second: reasoning that a vendor hides counts as time but not as tokens.
BESIDE = {"Cost($)": "kagi.cost", "tokens": "kagi.tokens", "time/task": "kagi.time"}


def parse(payload: Payload) -> Parsed:
    """Yield the rows of every table that has models and their accuracy."""
    text = payload.text()
    tasks = re.search(r"Tasks:\s*\**(\d+)", text)
    found = [table for table in markdown_tables(text) if _accuracy(table.columns)]
    if not found:
        raise ParseError(f"{payload.url} has no table of models and their accuracy")
    for table in found:
        vintage = VINTAGES.get(table.heading, max(VINTAGES.values()) if tasks else "")
        for row in table.rows:
            yield from _row(row, _accuracy(table.columns), vintage, int(tasks[1]) if tasks else None)


def _accuracy(columns: tuple[str, ...]) -> str:
    """The column of accuracy, whatever marks of percent it bears: "Accuracy (%)", "%accuracy"; "" if none."""
    return next((name for name in columns if re.sub(r"[^a-z]", "", name.lower()) == "accuracy"), "")


def _row(row: dict[str, str], accuracy: str, vintage: str, tasks: int | None) -> Parsed:
    model = row.get("model") or row["Model"]
    if (right := share(row[accuracy])) is not None:
        yield Observation(model, "kagi.accuracy", right, vintage=vintage, n=tasks)
    else:
        yield Unread(f"{model}: accuracy {row[accuracy]!r}")
    for column, metric in BESIDE.items():
        if "Cost($)" in row and (figure := share(row[column])):
            yield Observation(model, metric, figure, vintage=vintage)


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="Kagi LLM benchmark",
    **github_file("kagisearch/kagi-docs", FILE),
    licence="none stated",
    credit="Kagi LLM Benchmarking Project",
    authority=True,
)
