"""The starter history: who led five boards since June 2024, shipped with Gapwatch.

What: the best open and the best closed model of a board whenever one of them changed, with both scores, the
model that was replaced, and the first closed model to reach the open one, for the lag. See db/starter.md.
Whose: LMArena, Aider, BFCL, EvalPlus and Vectara. Licences: CC BY 4.0 (LMArena) and Apache-2.0 (the others);
figures may be published; each row names its board, its page and its credit. Changes: with a release of
Gapwatch. Shape: db/starter.csv, one row a figure, listed on its own date only: a leader that the next
snapshot of its board leaves out no longer counts.
"""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from tracker.boards import exact
from tracker.domain import Kind, ModelFact, Observation
from tracker.errors import ParseError
from tracker.source import Parsed, Payload, Source, midnight

FILE = Path(__file__).resolve().parent.parent / "db" / "starter.csv"
ARENA = ("overall", "coding", "math", "instruction_following", "hard_prompts")
METRICS = {
    *(f"lmarena.text.{category}" for category in ARENA),
    "lmarena.style.overall",
    "aider.polyglot",
    "aider.edit",
    "bfcl.overall",
    "evalplus.humaneval_plus",
    "vectara.hallucination",
}
FACTS = ("organisation", "licence", "weights", "released")


def parse(payload: Payload) -> Parsed:
    """Yield each row's figure, and what it says of its model."""
    for row in payload.rows():
        at = midnight(row["date"])
        yield _figure(row, at)
        yield from (ModelFact(row["model"], field, row[field], at=at) for field in FACTS if row[field])


def _figure(row: dict[str, str], at: datetime) -> Observation:
    if row["metric"] not in METRICS or row["weights"] not in ("open", "closed"):
        raise ParseError(f"the row of {row['model']!r} on {row['date']} names no known metric or weights")
    return Observation(
        row["model"],
        row["metric"],
        Decimal(row["value"]),
        vintage=row["vintage"],
        low=exact(row["low"]),
        high=exact(row["high"]),
        n=int(row["n"]) if row["n"] else None,
        at=at,
    )


def bundled() -> Payload:
    """The shipped file, as observed on its last date."""
    payload = Payload("package:gapwatch/db/starter.csv", FILE.read_bytes(), datetime.now(UTC), "text/csv")
    return replace(payload, observed=max(midnight(row["date"]) for row in payload.rows()))


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="starter history",
    licence="CC BY 4.0 and Apache-2.0",
    credit="LMArena leaderboard dataset, CC BY 4.0; Aider, BFCL, EvalPlus, Vectara leaderboards, Apache-2.0",
    archive=True,
    authority=True,
    bundled=bundled,
)
