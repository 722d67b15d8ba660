"""MMLU-Pro: twelve thousand questions with ten answers each, in fourteen subjects.

What: the share of questions answered rightly, five examples given, published as a fraction, here in per cent.
Only rows whose source is "TIGER-Lab", which ran them alike, are read: what labs report of themselves is not
comparable. Whose: TIGER-Lab, University of Waterloo. Licence: Apache-2.0 (the dataset's card); figures may be
published; credit "MMLU-Pro leaderboard (TIGER-Lab), Apache-2.0". Changes: every few weeks. Shape: documented,
by public code that reads the dataset's results.csv.
"""

import re
from datetime import timedelta
from decimal import Decimal

from tracker.domain import Kind, Observation
from tracker.errors import ParseError
from tracker.source import Parsed, Payload, Source

FRACTION = re.compile(r"0?\.\d+|1(\.0*)?|0")


def parse(payload: Payload) -> Parsed:
    """Yield the overall score of every row that TIGER-Lab ran."""
    found = [
        Observation(row["Models"].strip(), "mmlu_pro.overall", Decimal(overall) * 100)
        for row in payload.rows()
        if row["Data Source"].strip().lower() == "tiger-lab"
        if FRACTION.fullmatch(overall := (row["Overall"] or "").strip())
    ]
    if not found:
        raise ParseError(f"{payload.url} has no score that TIGER-Lab ran")
    yield from found


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="MMLU-Pro",
    urls=(
        "https://huggingface.co/datasets/TIGER-Lab/mmlu_pro_leaderboard_submission/resolve/main/results.csv",
    ),
    licence="Apache-2.0",
    credit="MMLU-Pro leaderboard (TIGER-Lab), Apache-2.0",
    cadence=timedelta(hours=24),
    documented=("Models", "Data Source", "Overall"),
)
