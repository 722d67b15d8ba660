"""The part of the report on simulated boards: false alarms, precision, recall, power."""

from __future__ import annotations

from pathlib import Path

from bench.backtest import baselines, pipeline, stored, trials
from bench.backtest.shares import wilson
from bench.backtest.simulate import ARRIVAL, WEEKS, WORLDS, simulate
from bench.backtest.table import table
from bench.backtest.trials import Tally

BOARDS, RULED, RUNS, KEPT = 100, 15, 300, 2
SIZES = (0, 0.5, 1, 1.5, 2, 2.5, 3)
LOOKS = (1, 4, 26)
RULES = {"threshold": (baselines.jumps, 4), "slope": (baselines.slopes, 17)}
BARS = " ▁▂▃▄▅▆▇█"


def worlds() -> str:
    """What the detector makes of each world."""
    heads = ("world", "what happens", "events", "precision", "recall", "of clear steps", "false a board-year")
    return table(heads, [_world(name, trials.trial(name, BOARDS)) for name in WORLDS])


def _world(name: str, tally: Tally) -> tuple[object, ...]:
    told = tally.true + tally.false
    return (
        name,
        WORLDS[name].what,
        told,
        _rate(tally.true, told) if tally.steps else "",
        _rate(tally.found, tally.steps),
        _rate(tally.clear_found, tally.clear),
        f"{tally.false / tally.boards:.2f}",
    )


def _rate(k: int, n: int) -> str:
    if not n:
        return ""
    low, high = wilson(k / n, n)
    return f"{k / n:.3f} ({low:.3f} to {high:.3f})"


def rules() -> str:
    """The plain rules on some of the same boards, beside the detector on those."""
    rows = []
    for name in WORLDS:
        ours = trials.trial(name, RULED)
        others = [trials.alarms(name, RULED, *rule) for rule in RULES.values()]
        rows.append((name, *map(_brief, (ours, *others))))
    return table(("world", "events", *RULES), rows)


def _brief(tally: Tally) -> str:
    """`0.98, 0.91; 0.03`: precision and recall where there are steps; false alarms a board-year."""
    told = tally.true + tally.false
    rates = (
        f"{tally.true / told if told else 1:.2f}, {tally.found / tally.steps:.2f}; " if tally.steps else ""
    )
    return f"{rates}{tally.false / RULED:.2f}"


def power() -> str:
    """How often a step is confirmed, by its size and how long one waits."""
    rows = []
    for size in SIZES:
        rates = trials.power(size, RUNS, LOOKS)
        bar = ("█" * int(rates[-1] * 20) + BARS[int(rates[-1] * 160) % 8])[:20]
        rows.append((f"{size:g}", *(f"{rate:.3f}" for rate in rates), f"`{bar:<20}`"))
    return table(("step / noise", *(f"by week {weeks}" for weeks in LOOKS), "in the end"), rows)


def through_store(folder: Path) -> tuple[int, int]:
    """(boards, those whose stored events differ from what the pure functions say)."""
    differ = 0
    for name, world in WORLDS.items():
        for seed in range(KEPT):
            pages = simulate(world, seed).pages
            told = pipeline.found(pipeline.snapshots(pages))
            pure = {(str(e.on), e.model, str(e.standing)) for e in told}
            differ += stored.events(folder / f"{name}-{seed}.db", pages) != pure
    return len(WORLDS) * KEPT, differ


def setting() -> str:
    """How the boards were made, in a sentence."""
    return (
        f"{BOARDS} boards a world (seeds 0 to {BOARDS - 1}), {WEEKS} weekly pages each, a newcomer with"
        f" chance {ARRIVAL:g} a week."
    )
