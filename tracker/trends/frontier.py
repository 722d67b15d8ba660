"""The best of a group on a date, and how sure a board is of a score.

Scores are compared as *goodness*: the value itself where higher is better, its negative where lower is.
Standard errors come from a published 95 % interval (half-width / 1.96); where a board publishes none
but its number of questions is known, from the binomial distribution; otherwise the noise is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain import LicenceClass, Metric, Weights

CLASSES = ("any", "commercial", "permissive")
_COMMERCIAL = {LicenceClass.PERMISSIVE, LicenceClass.RESTRICTED}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a board in one snapshot.

    `released` is an ISO day or ""; `point` leads to its evidence; `variant` tells the date snapshot,
    effort or quantisation of the model that the row is of.
    """

    model: str
    value: float
    weights: Weights
    licence_class: LicenceClass = LicenceClass.UNKNOWN
    low: float | None = None
    high: float | None = None
    n: int | None = None
    released: str = ""
    point: int = 0
    variant: str = ""


def goodness(value: float, metric: Metric) -> float:
    """The value turned so that more is better."""
    return value if metric.higher_is_better else -value


def standard_error(entry: Entry, metric: Metric) -> float | None:
    """The standard error of a score in the metric's unit, or None where nothing is known of its noise."""
    if entry.low is not None and entry.high is not None and entry.high > entry.low:
        return (entry.high - entry.low) / 2 / 1.96
    questions = entry.n or metric.questions
    if metric.scale == "percent" and questions and 0 <= entry.value <= 100:
        share = (entry.value + 100 / questions) / (100 + 200 / questions)  # never a noise of zero at 0 or 100
        return 100 * math.sqrt(share * (1 - share) / questions)
    return None


def in_class(entry: Entry, licence_class: str) -> bool:
    """Whether an open entry belongs to a licence class; unknown weights belong to none."""
    if entry.weights is not Weights.OPEN:
        return False
    if licence_class == "permissive":
        return entry.licence_class is LicenceClass.PERMISSIVE
    return licence_class == "any" or entry.licence_class in _COMMERCIAL


def best(entries: Iterable[Entry], metric: Metric) -> Entry | None:
    """The entry with the best score; among equals the one that is surest, then the first by name."""
    return min(
        entries,
        key=lambda e: (-goodness(e.value, metric), standard_error(e, metric) or math.inf, e.model),
        default=None,
    )


def running_best(entries: Iterable[Entry], metric: Metric) -> list[Entry]:
    """The entries that set a record in their group, by release date; undated ones cannot take part."""
    records: list[Entry] = []
    dated = (e for e in entries if e.released)
    for entry in sorted(dated, key=lambda e: (e.released, -goodness(e.value, metric))):
        if not records or goodness(entry.value, metric) > goodness(records[-1].value, metric):
            records.append(entry)
    return records
