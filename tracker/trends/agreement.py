"""Where open stands at a task, by every fresh measure of it, and whether they agree.

A measure is one metric's last snapshot. It says `overtaken` (open leads), `tied` or `behind`, by its own
noise; without noise it says nothing sure, and does not take part. Measures of older snapshots are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.trends.states import UNKNOWN, compared

FRESH = timedelta(days=60)
AGREE, DISAGREE, SINGLE, NONE = "agree", "disagree", "one measure only", "no sure measure"
NOTHING = "No fresh measure tells its noise, so where open stands is not sure"
OLD = f"over {FRESH.days} days old"
SAID = {"overtaken": "ahead", "tied": "tied", "behind": "behind"}


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric's last snapshot: the best open model by name, the gap (closed minus open) and its noise."""

    metric: str
    on: date
    model: str
    gap: float | None
    noise: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the measures of a task say together; each of the groups names metrics, `models` their leaders."""

    verdict: str
    groups: dict[str, tuple[str, ...]]
    models: dict[str, tuple[str, ...]]
    stale: tuple[str, ...]


def is_fresh(day: date, on: date) -> bool:
    """Whether a snapshot still says where things stand."""
    return on - day <= FRESH


def agreement(measures: Sequence[Measure], on: date) -> Agreement:
    """Whether the fresh measures of a task agree on where open stands."""
    groups: dict[str, list[Measure]] = {name: [] for name in (*SAID, UNKNOWN)}
    for measure in measures:
        if is_fresh(measure.on, on):
            groups[compared(measure.gap, measure.noise)].append(measure)
    said = [name for name in SAID if groups[name]]
    count = sum(len(groups[name]) for name in said)
    one = {0: NONE, 1: SINGLE}.get(count, AGREE)
    return Agreement(
        DISAGREE if len(said) > 1 else one,
        {name: tuple(m.metric for m in found) for name, found in groups.items()},
        {name: tuple(dict.fromkeys(m.model for m in groups[name] if m.model)) for name in groups},
        tuple(m.metric for m in measures if not is_fresh(m.on, on)),
    )


def sentence(found: Agreement) -> str:
    """`Measures disagree: open is tied on 1 (GLM-5.1), behind on 3 (GLM-5.1, Kimi K2.5).`"""
    parts = [
        f"{SAID[name]} on {len(found.groups[name])} ({', '.join(found.models[name])})"
        for name in SAID
        if found.groups[name]
    ]
    if not parts:
        return f"{NOTHING}{_aside((found.stale, OLD))}."
    lead = "One measure only" if found.verdict == SINGLE else f"Measures {found.verdict}"
    aside = _aside((found.groups[UNKNOWN], "without noise"), (found.stale, OLD))
    return f"{lead}: open is {', '.join(parts)}{aside}."


def _aside(*left_out: tuple[Sequence[str], str]) -> str:
    """`; 3 without noise, 1 over 60 days old` of what does not take part."""
    told = [f"{len(metrics)} {why}" for metrics, why in left_out if metrics]
    return f"; {', '.join(told)}" if told else ""
