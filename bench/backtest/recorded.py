"""The part of the report on recorded history: what was told, what of it was true, what was missed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from statistics import median

from bench.backtest import baselines
from bench.backtest.boards import Boards, Shot
from bench.backtest.judge import FALSE, HIT, MISS, OPEN, Told, Verdict, judge, of, replay
from bench.backtest.shares import Share, share
from bench.backtest.table import table
from bench.backtest.truth import truth
from tracker.domain import Standing

OVERALL = "lmarena.text.overall"
Rule = Callable[[str, Sequence[Shot]], list[Verdict]]
RULES: dict[str, Rule] = {
    "Gapwatch's events": judge,
    f"threshold: {baselines.POINTS:g} points, {baselines.PERCENT:g} %": baselines.threshold,
    "slope: Theil-Sen over 90 days, block bootstrap, 90 %": baselines.slope,
}
# Releases by which the detector was judged before it was written: as the board names them, and their day.
NAMED = {
    "DeepSeek-V3": ("deepseek-v3@", date(2024, 12, 26)),
    "DeepSeek-R1": ("deepseek-r1@", date(2025, 1, 20)),
    "DeepSeek-R1-0528": ("deepseek-r1@0528", date(2025, 5, 28)),
    "GLM-4.5": ("glm-4.5@", date(2025, 7, 28)),
}


def measured(boards: Boards) -> Boards:
    """The boards whose noise is known; on others nothing is claimed."""
    return {m: shots for m, shots in boards.items() if any(s.seen.noise is not None for s in shots)}


def rules(boards: Boards) -> str:
    """Precision and recall of each rule, on the same boards and the same truth."""
    rows = []
    for name, rule in RULES.items():
        found = [one for metric, shots in measured(boards).items() for one in rule(metric, shots)]
        rows.append((name, *map(str, (_precision(found), _recall(boards, found)))))
    return table(("rule", "precision", "recall"), rows)


def _precision(found: Iterable[Verdict]) -> Share:
    return share((one.release, one.verdict == HIT) for one in of(found, HIT, FALSE))


def _recall(boards: Boards, found: Iterable[Verdict], least: float = 0, most: float = 1e9) -> Share:
    """Of the true steps of a size in units of the noise on the day they came."""
    missed = {(one.metric, one.side, one.release) for one in of(found, MISS)}
    return share(
        (name, (metric, side, name) not in missed)
        for metric, shots in measured(boards).items()
        for (side, name), said in truth(shots).items()
        if said and said.best and said.counted
        if least <= said.lead / (shots[said.first].seen.noise or said.noise) < most
    )


def sizes(boards: Boards) -> str:
    """Recall by the size of the step against the noise when it came."""
    found = [one for metric, shots in measured(boards).items() for one in judge(metric, shots)]
    bins = {"under 1": (0, 1), "1 to 2": (1, 2), "2 to 4": (2, 4), "4 and more": (4, 1e9)}
    rows = [(name, str(_recall(boards, found, *ends))) for name, ends in bins.items()]
    return table(("settled lead / noise on the first day", "recall"), rows)


def delays(boards: Boards) -> str:
    """In which snapshot true events were told and confirmed, the one that first lists the model being 1."""
    found = [one for m, shots in measured(boards).items() for one in of(judge(m, shots), HIT)]
    rows = []
    for what, numbers in (("told", [v.found for v in found]), ("confirmed", [v.confirmed for v in found])):
        first, second = sum(n <= 1 for n in numbers), sum(n <= 2 for n in numbers)
        rows.append((what, len(numbers), first, second, f"{median(numbers):g}", max(numbers)))
    return table(("", "events", "in the 1st", "by the 2nd", "median", "latest"), rows)


def years(boards: Boards) -> str:
    """Confirmed events by metric and year: true, false, and not judged."""
    counts: dict[str, Counter[tuple[int, str]]] = defaultdict(Counter)
    for metric, shots in measured(boards).items():
        for one in of(judge(metric, shots), HIT, FALSE, OPEN):
            counts[metric][one.on.year, one.verdict] += 1
    span = range(2024, 2027)
    rows = [
        (
            metric,
            len(shots),
            *(" / ".join(str(counts[metric][y, v]) for v in (HIT, FALSE, OPEN)) for y in span),
        )
        for metric, shots in measured(boards).items()
    ]
    return table(("metric", "snapshots", *map(str, span)), rows)


def wrong(boards: Boards) -> str:
    """Every confirmed event that did not settle as a step."""
    found = [one for m, shots in measured(boards).items() for one in of(judge(m, shots), FALSE)]
    rows = [
        (
            one.metric,
            one.on,
            one.release.rstrip("@"),
            f"{one.move:+.1f}",
            f"{one.noise:.1f}" if one.noise else "",
            f"{one.settled.lead:+.1f}" if one.settled else "",
            f"{one.settled.noise:.1f}" if one.settled else "",
        )
        for one in found
    ]
    return table(("metric", "day", "model", "told", "noise then", "settled", "noise there"), rows)


def contrary(boards: Boards) -> int:
    """How many confirmed events settled at or below nothing: the model is not above its side's top at all."""
    found = (one for m, shots in measured(boards).items() for one in of(judge(m, shots), FALSE))
    return sum(one.settled is None or one.settled.lead <= 0 for one in found)


def named(shots: Sequence[Shot]) -> str:
    """What was told of each of the named releases on a board."""
    told = {(one.event.side, one.event.model): one for one in replay(shots)}
    return table(
        ("model", "released", "first listed", "told", "snapshot", "gap", "standing", "settled lead"),
        [
            (name, day, *_named(shots, told.get(("open", model)), model))
            for name, (model, day) in NAMED.items()
        ],
    )


def _named(shots: Sequence[Shot], told: Told | None, model: str) -> Iterator[object]:
    first = next((n for n, shot in enumerate(shots) if model in shot.listed), None)
    said = truth(shots).get(("open", model))
    yield shots[first].on if first is not None else "never"
    if told and first is not None:
        event = told.event
        yield from (event.on, told.found - first + 1, f"{event.before:.0f} to {event.after:.0f}")
        yield event.standing
    else:
        yield from ("not told", "", "", "")
    yield f"{said.lead:+.1f} (noise {said.noise:.1f})" if said else "not on record"


def contradictions(boards: Boards, stored: set[tuple[str, ...]]) -> tuple[int, int, int]:
    """(events replayed snapshot by snapshot, those not stored so in one go, stored ones never told)."""
    told: set[tuple[str, ...]] = {
        (metric, str(one.event.on), one.event.model.partition("@")[0], str(one.event.standing))
        for metric, shots in measured(boards).items()
        for one in replay(shots)
    }
    return len(told), len(told - stored), len(stored - told)


def standings(boards: Boards) -> dict[Standing, int]:
    """How many events of each standing there are in the end."""
    told = [one.event.standing for shots in measured(boards).values() for one in replay(shots)]
    return dict(Counter(told))
