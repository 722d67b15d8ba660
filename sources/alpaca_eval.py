"""AlpacaEval 2: how often a judge model prefers an answer to GPT-4 Preview's, lengths made even.

What: the length-controlled win rate over 805 instructions, and the bare one; 50 is GPT-4 Preview itself. Read
are the entries that the board's own team ran or verified. What anybody submitted ("community") is left out:
among it are mixtures of several models and answers made to fool the judge (db/excluded.toml). A row may
register a model. Whose: tatsu-lab, Stanford. Licence: Apache-2.0; figures may be published; credit
"AlpacaEval leaderboard, Apache-2.0". Changes: no more since December 2024. Shape: recorded, March to December
2024; before, there was no length control.
"""

import re
from datetime import timedelta
from decimal import Decimal

from tracker.domain import Kind, Observation
from tracker.repositories import github_file
from tracker.source import Parsed, Payload, Source

FILE = "docs/data_AlpacaEval_2/weighted_alpaca_eval_gpt4_turbo_leaderboard.csv"
METRICS = {"alpaca_eval.lc_win_rate": "length_controlled_winrate", "alpaca_eval.win_rate": "win_rate"}
CHECKED = ("minimal", "verified")


def parse(payload: Payload) -> Parsed:
    """Yield both win rates of each entry that the board's team answers for."""
    for row in payload.rows():
        model = re.sub(r"(?<=\d)/(?=\d)", "", row["name"])  # "(05/13)" is a date, not a path
        for metric, column in METRICS.items():
            if row["filter"] in CHECKED and row[column]:
                yield Observation(model, metric, Decimal(row[column]))


source = Source(
    kind=Kind.LEADERBOARD,
    parse=parse,
    title="AlpacaEval 2",
    **github_file("tatsu-lab/alpaca_eval", FILE),
    licence="Apache-2.0",
    credit="AlpacaEval leaderboard, Apache-2.0",
    authority=True,
    cadence=timedelta(days=7),
)
