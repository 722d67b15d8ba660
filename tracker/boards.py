"""What leaderboards have in common: figures that may be missing, intervals, links to weights."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from tracker.domain import ModelFact, Observation

Z95 = Decimal("1.96")  # standard errors to each end of an interval of 95 %, of a normal error
WEIGHTS = re.compile(r"https://huggingface\.co/[^/]+/[^/]+")
SHARE = re.compile(r"(\d+(?:\.\d+)?)\s?%?")


def exact(value: Any, factor: int = 1) -> Decimal | None:
    """A figure times a factor; None where there is none: null, or an empty cell."""
    return None if value is None or value == "" else Decimal(value) * factor


def around(value: Decimal, error: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """The ends of the interval of 95 % around a value with a standard error; None where it has none."""
    return (None, None) if error is None else (value - error * Z95, value + error * Z95)


def share(cell: str) -> Decimal | None:
    """The share in a cell, in hundredths, with or without its sign: "97.5 %"; None for anything else."""
    found = SHARE.fullmatch(cell)
    return Decimal(found[1]) if found else None


def pass_at_1(board: Mapping[str, Any], metrics: Mapping[str, str]) -> Iterator[Observation | ModelFact]:
    """Each model's share of tasks solved at the first try, and where its weights are published.

    `board` is the file that EvalPlus and BigCodeBench share: {model: {"pass@1": {test: share}, "link": URL}};
    `metrics` gives the metric of each test.
    """
    for model, row in board.items():
        for test, metric in metrics.items():
            if row["pass@1"][test] is not None:
                yield Observation(model, metric, Decimal(row["pass@1"][test]))
        if WEIGHTS.fullmatch(row["link"]):
            yield ModelFact(model, "weights_url", row["link"])
