"""SWE-bench: real GitHub issues that an agent must resolve so that the project's tests pass.

What: the share of 500 tasks (Verified) or 300 (Multilingual) resolved. What a model is worth is told where
all of them run in the same agent, mini-SWE-agent: the board "bash-only", and since September 2026 those rows
of the others that name its version. Its version 2 calls tools natively: a vintage of its own. With it comes
the cost of a task (0: not counted). Any other row of Verified is a system's score; it counts for a model
where the row is tagged with that one model, is named after it, and made one attempt; a model's best system
counts. The flag `os_model` is not read, since it is wrong for Llama 4. Verified holds the mini runs, too.
Whose: the SWE-bench team. Licence: CC BY-NC 4.0, so the figures are not published. Credit: "SWE-bench
(swebench.com), CC BY-NC 4.0". A row may register a model, as whoever enters a system tags it.
Changes: every few weeks. Shape: recorded payloads of May to December 2025; of 2026 only told by others: a
field `reasoning_effort`, the board "Multilingual", and "bash-only" merged into Verified.
"""

import re
from decimal import Decimal
from typing import Any

from tracker.domain import Kind, Observation
from tracker.repositories import github_file
from tracker.source import Parsed, Payload, Source

FILE = "data/leaderboards.json"
BOARDS = {"bash-only": "bash_only", "Verified": "bash_only", "Multilingual": "multilingual"}
EFFORT = re.compile(r"\b(minimal|low|medium|high|xhigh|max)\b")


def parse(payload: Payload) -> Parsed:
    """Yield the runs of the one agent with their costs, and each model's best system on Verified."""
    for board in payload.json()["leaderboards"]:
        for row in sorted(board["results"], key=lambda row: -row["resolved"]):
            model = _model(row)
            if model and board["name"] in BOARDS:
                yield from _row(board["name"], row, model)


def _model(row: dict[str, Any]) -> str:
    """The one model that a row is tagged with, and its effort where that is told; "" if it is no one."""
    models = [tag.removeprefix("Model: ") for tag in row.get("tags", ()) if tag.startswith("Model: ")]
    if len(models) != 1:
        return ""
    effort = EFFORT.search(row.get("reasoning_effort") or row["name"].lower())
    return f"{models[0]} ({effort[1]})" if effort and effort[1] not in models[0].lower() else models[0]


def _row(board: str, row: dict[str, Any], model: str) -> Parsed:
    version = row.get("mini-swe-agent_version") or ""
    if board == "bash-only" or version:
        metric = f"swebench.{BOARDS[board]}"
        major = int(version.partition(".")[0] or 1)
        vintage = f"mini-SWE-agent {major}" if major > 1 else ""
        yield Observation(model, metric, Decimal(row["resolved"]), vintage=vintage)
        if row.get("instance_cost"):
            yield Observation(model, f"{metric}.cost", Decimal(row["instance_cost"]), vintage=vintage)
    attempts = next((tag for tag in row["tags"] if tag.startswith("System: Attempts")), "- 1")
    if board == "Verified" and attempts.endswith("- 1") and _family(model) in row["name"].lower():
        yield Observation(model, "swebench.verified", Decimal(row["resolved"]))


def _family(model: str) -> str:
    """The word that a model's name begins with: "qwen3" of "Qwen/Qwen3-Coder-480B-A35B-Instruct"."""
    found = re.match(r"[a-z]+\d?", model.rpartition("/")[2].lower())
    return found[0] if found else model.lower()


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="SWE-bench",
    **github_file("SWE-bench/swe-bench.github.io", FILE, "master"),
    licence="CC BY-NC 4.0",
    credit="SWE-bench (swebench.com), CC BY-NC 4.0",
    authority=True,
    publishable=False,
)
