"""How fast models are served: who is fastest, and whose measured speed moved beyond what it does anyway."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from tracker.digest import words
from tracker.digest.answers import Said
from tracker.digest.evidence import Evidence
from tracker.digest.known import Known
from tracker.digest.model import Refs
from tracker.store import weekly
from tracker.store.query import Row, speed
from tracker.store.times import stamp
from tracker.trends.speed import NOTABLE, moved

QUESTION = "Latency"
UNTIMED = "Not measured in 30 days; `gapwatch speed MODEL --probe` measures."
RECORD = timedelta(weeks=8)  # that a speed is held against
NAMED = 2  # moves in the answer
PARTS = ("tokens_per_second", "ttft_seconds")
_KIND = {"open": "open", "closed": "proprietary"}
_Series = tuple[str, ...]


class Moved(NamedTuple):
    """A part of a speed that moved in the week: the row of today, what is usual now and was before."""

    row: Row
    part: str
    before: Decimal
    now: Decimal

    @property
    def size(self) -> Decimal:
        """How many times the one is the other, at least 1."""
        return max(self.now / self.before, self.before / self.now)

    @property
    def text(self) -> str:
        """`Llama 3.3 70B now writes 300 tokens a second, usually 200`."""
        if self.part == "ttft_seconds":
            first = f"now takes {words.seconds(self.now)} to the first token"
            return f"{self.row['name']} {first}, usually {words.seconds(self.before)}"
        then = words.rate(self.before).partition(" ")[0]
        return f"{self.row['name']} now writes {words.rate(self.now)}, usually {then}"

    def refs(self, known: Known, evidence: Evidence) -> Refs:
        """The evidence of today's figure."""
        return evidence(*weekly.captures(known.connection, self.row["evidence"]))


def moves(known: Known) -> tuple[Moved, ...]:
    """The speeds that moved in the week beyond the noise of their own record, the greatest move first.

    What is measured is a model at a host by one place in one way; only what differs from a week ago is held
    against its record of eight weeks. A catch-up edition knows no week before.
    """
    if known.catch_up:
        return ()
    before = {_series(row): row for row in known.speeds(known.since)}
    changed = {_series(row): row for row in known.speeds() if _differs(row, before.get(_series(row)))}
    records = _records(known, changed).items()
    found = [move for key, past in records for move in _held(changed[key], past, known)]
    ordered = sorted(found, key=lambda move: (-move.size, move.row["name"], move.part))
    once = {(move.row["model"], move.row["provider"]): move for move in reversed(ordered)}
    return tuple(reversed(once.values()))


def _differs(row: Row, then: Row | None) -> bool:
    pairs = [(row[part], then[part]) for part in PARTS if then and row[part] and then[part]]
    return any(max(now / was, was / now) >= NOTABLE for now, was in pairs)


def _records(known: Known, changed: Mapping[_Series, Row]) -> Mapping[_Series, list[Row]]:
    """The rows of the last weeks of what changed."""
    if not changed:
        return {}
    models = sorted({row["model"] for row in changed.values()})
    ask = speed.Ask(known.at, models, since=stamp(known.week.start - RECORD), until=known.at)
    found: dict[_Series, list[Row]] = defaultdict(list)
    for row in speed.speeds(known.connection, ask):
        if (key := _series(row)) in changed:
            found[key].append(row)
    return found


def _held(row: Row, past: Sequence[Row], known: Known) -> Iterator[Moved]:
    """The parts of a speed that moved, held against its record."""
    for part in PARTS:
        figures = [(one["observed"], one[part]) for one in past if one[part]]
        earlier = [float(value) for at, value in figures if at < known.since]
        week = [float(value) for at, value in figures if at >= known.since]
        if usual := moved(earlier, week):
            yield Moved(row, part, *(Decimal(repr(value)) for value in usual))


def _series(row: Row) -> _Series:
    return tuple(str(row[part]) for part in ("source", "spelling", "provider", "condition"))


def answer(known: Known, found: Sequence[Moved], evidence: Evidence) -> Said:
    """The fastest open and closed model at the level of the highest tier, and what moved."""
    rows = known.speeds()
    if not rows:
        return Said(QUESTION, UNTIMED, (), "not measured", ("untimed",))
    tier = known.tiers[0] if known.tiers else None
    reaching = [row for row in rows if tier and known.scores.get(row["model"], float("-inf")) >= tier.score]
    where = f"at the level of {known.names[tier.model]}" if tier and reaching else "at any level"
    told = [(kind, row) for kind in _KIND if (row := _quickest(reaching or rows, kind))]
    said = "; ".join(f"fastest {_KIND[kind]}: {_pace(row)}" for kind, row in told)
    text = words.sentence(f"{where}, {said}") if told else "No model of known weights was timed this month."
    captures = weekly.captures(known.connection, [one for _, row in told for one in row["evidence"]])
    refs = (*evidence(*captures), *(ref for move in found[:NAMED] for ref in move.refs(known, evidence)))
    text = " ".join((text, *_moved(found[:NAMED])))
    core = tuple(part for _, row in told for part in (row["model"], str(row["provider"])))
    brief = "; ".join(f"{row['name']}{_at(row)}" for _, row in told)
    return Said(QUESTION, text, tuple(dict.fromkeys(refs)), brief, () if found else core)


def _moved(found: Iterable[Moved]) -> Iterator[str]:
    """`At Groq Llama 3.3 70B now writes 300 tokens a second, usually 200.`"""
    for move in found:
        yield words.sentence(f"{_at(move.row)} {move.text}")


def _quickest(rows: Sequence[Row], kind: str) -> Row | None:
    found = [
        one for one in speed.leaders(rows) if one["weights"] == kind and one["part"] == "tokens_per_second"
    ]
    return found[0]["row"] if found else None


def _at(row: Row) -> str:
    return f" at {row['provider_name']}" if row["provider_name"] else ""


def _pace(row: Row) -> str:
    """`gpt-oss-120b at Cerebras, 2,100 tokens a second, 0.3 seconds to the first token`."""
    first = f", {words.seconds(row['ttft_seconds'])} to the first token" if row["ttft_seconds"] else ""
    return f"{row['name']}{_at(row)}, {words.rate(row['tokens_per_second'])}{first}"
