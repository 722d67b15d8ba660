"""A capability as a level: a metric and the score to reach, and the models that reach it in one snapshot."""

from __future__ import annotations

import re
import sqlite3
from decimal import Decimal
from typing import NamedTuple

from tracker.domain import LicenceClass, Weights
from tracker.errors import UsageError
from tracker.store.query import gaps
from tracker.store.query.scores import better_sign, scores
from tracker.trends.frontier import in_class


class Level(NamedTuple):
    """A capability asked for: a metric, and the score that a model must reach."""

    metric: str
    sign: str
    value: Decimal

    def reached(self, score: Decimal) -> bool:
        """Whether a score is at least as good."""
        return score >= self.value if self.sign == ">=" else score <= self.value


def level(connection: sqlite3.Connection, text: str) -> Level:
    """The level in words like `lmarena.text.overall>=1400`; UsageError for what is none."""
    parts = re.fullmatch(r"\s*(.+?)\s*(>=|<=)\s*(-?\d+(?:\.\d+)?)\s*", text)
    if not parts:
        raise UsageError(f"--at-least: {text!r} is no threshold; write it like 'lmarena.text.overall>=1400'")
    metric, *others = gaps.metrics_named(connection, parts[1])
    if others:
        raise UsageError(f"--at-least: {parts[1]} is measured by {', '.join([metric, *others])}; choose one")
    if parts[2] != better_sign(connection, metric):
        raise UsageError(f"--at-least: in {metric} {parts[2]} is at most, not at least; turn the sign")
    return Level(metric, parts[2], Decimal(parts[3]))


def reaching(connection: sqlite3.Connection, asked: Level, on: str) -> dict[str, Decimal]:
    """{model: score} of what reaches a level in the metric's latest snapshot."""
    found = scores(connection, asked.metric, on)
    return {model: score for model, score in found.items() if asked.reached(score)}


def outside(connection: sqlite3.Connection, licence: str) -> set[str]:
    """The models that a licence class leaves out: open ones that it does not hold; "any" none."""
    if licence == "any":
        return set()
    rows = connection.execute("SELECT id, licence_class FROM model WHERE weights = 'open'")
    return {model for model, held in rows if not in_class(Weights.OPEN, LicenceClass(held), licence)}
