"""The starter history: who led five boards since June 2024, shipped with Gapwatch.

What: the best open and the best closed model of a board whenever one of them changed, with both scores; on
LMArena's latest snapshots also the earlier record holders, so that a lag can be computed. See db/starter.md.
Whose: LMArena, Aider, BFCL, EvalPlus and Vectara. Licences: CC BY 4.0 (LMArena) and Apache-2.0 (the others);
figures may be published; each row names its board, its page and its credit.
Changes: with a release of Gapwatch. Shape: db/starter.csv, one row a figure, stored under its own date. A row
is listed on its date only: a leader that the next snapshot of its board leaves out no longer counts.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from tracker.domain import Kind, ModelFact, Observation
from tracker.errors import ParseError
from tracker.source import Parsed, Payload, Source

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
    """Yield each date's figures, and what is known by then of every model: a fact outlives a listing."""
    known: dict[tuple[str, str], str] = {}
    for date, listed in groupby(sorted(payload.rows(), key=itemgetter("date")), itemgetter("date")):
        at = datetime.strptime(date, "%Y-%m-%d").replace(tzinfo=UTC)
        for row in listed:
            yield _figure(row, at)
            known |= {(row["model"], field): row[field] for field in FACTS if row[field]}
        yield from _facts(known, at)


def _figure(row: dict[str, str], at: datetime) -> Observation:
    if row["metric"] not in METRICS or row["weights"] not in ("open", "closed"):
        raise ParseError(f"the row of {row['model']!r} on {row['date']} names no known metric or weights")
    return Observation(
        row["model"],
        row["metric"],
        Decimal(row["value"]),
        vintage=row["vintage"],
        low=Decimal(row["low"]) if row["low"] else None,
        high=Decimal(row["high"]) if row["high"] else None,
        n=int(row["n"]) if row["n"] else None,
        at=at,
    )


def _facts(known: dict[tuple[str, str], str], at: datetime) -> Iterator[ModelFact]:
    for (model, field), value in known.items():
        yield ModelFact(model, field, value, at=at)


def bundled() -> Payload:
    """The shipped file, as observed on its last date."""
    payload = Payload("package:gapwatch/db/starter.csv", FILE.read_bytes(), datetime.now(UTC), "text/csv")
    last = max(row["date"] for row in payload.rows())
    observed = datetime.strptime(last, "%Y-%m-%d").replace(tzinfo=UTC)
    return Payload(payload.url, payload.body, observed, payload.media_type)


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="starter history",
    licence="CC BY 4.0 and Apache-2.0",
    credit="LMArena leaderboard dataset (CC BY 4.0); Aider, BFCL, EvalPlus and Vectara leaderboards (Apache-2.0)",
    archive=True,
    authority=True,
    bundled=bundled,
)
