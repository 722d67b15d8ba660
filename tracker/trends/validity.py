"""Which price held when: a pure decider, what a list said and when in, what held out.

A list speaks of one offer again and again, and some of its prices are dated. A statement holds from the
first day that it gives for itself, else from the moment that it was observed; where two speak of the same
day, the later one counts. A beginning or an end that is gone, or said otherwise, before its day is cancelled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

ALWAYS, NEVER = "", "9999"  # before and after every moment in RFC 3339


class State(StrEnum):
    """What a price is at the moment that is asked about."""

    PAST = "past"
    IN_FORCE = "in force"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a list said of an offer when it was observed; without prices: that it is no longer listed.

    Days are in ISO form, "" where not said. `aside` marks a price that was not in force on the day it was
    read. `withdrawn` is when the list was first seen without the day that it had announced,
    `dropped` when it no longer had the price that was to begin before.
    """

    prices: Mapping[str, str]
    observed: str
    announced: str = ""
    effective_from: str = ""
    effective_to: str = ""
    aside: bool = False
    withdrawn: str = ""
    dropped: str = ""
    points: tuple[int, ...] = ()
    captures: tuple[int, ...] = ()

    @property
    def begin(self) -> str:
        """From when it holds; ALWAYS where only the end of a past price is known."""
        if self.effective_from:
            return f"{self.effective_from}T00:00:00Z"
        return ALWAYS if self.aside else self.observed

    @property
    def end(self) -> str:
        """The first moment at which it no longer holds.

        A past price without a last day ends where it was observed to be past. A last day that is over
        while the price is still listed as in force ends nothing.
        """
        past = self.aside and self.begin <= self.observed
        if not self.effective_to:
            return self.observed if past else self.dropped or NEVER
        last = date.fromisoformat(self.effective_to)
        end = f"{last + timedelta(days=1)}T00:00:00Z" if last < date.max else NEVER  # as lists write "never"
        return end if past or end > self.observed else NEVER


@dataclass(frozen=True, slots=True)
class Held:
    """A price and the span in which it held, holds or is to hold; `end` of a corrected one: when it was."""

    statement: Statement
    state: State
    start: str
    end: str


Line = list[tuple[str, Statement | None]]  # from when, what holds until the next; None: nothing is known


def held(statements: Iterable[Statement], on: str) -> list[Held]:
    """The prices of an offer in order of time, as of a moment, then the corrected and cancelled ones."""
    stated = list(statements)
    standing = sorted((one for one in stated if not one.withdrawn), key=_turn)
    line: Line = [(ALWAYS, None)]
    for one in standing:
        line = _told(line, one)
    spans = [Held(one, _state(start, end, on), start, end) for start, end, one in _spans(line)]
    return [*spans, *_corrected(line, standing), *_cancelled(stated)]


def _turn(one: Statement) -> tuple[str, int]:
    """In which order statements count: an announcement when its day comes, what is past before what is."""
    past = one.aside and one.begin <= one.observed
    return max(one.observed, one.begin), 0 if past else 1 if one.aside else 2


def _told(line: Line, one: Statement) -> Line:
    """The line after a statement."""
    begin, end = one.begin, one.end
    if begin == ALWAYS:  # fills only the time of which nothing else is known
        line = _ended(line, one)
        if line[0][1] is not None and line[0][1].begin != ALWAYS:
            return line
        end = min(end, line[1][0] if len(line) > 1 else NEVER)
    if begin >= end:
        return line
    known = dict(line).get(begin)
    if known and known.prices == one.prices:  # it takes effect as announced
        one = replace(one, observed=min(known.observed, one.observed))
    before = [cut for cut in line if cut[0] < begin]
    if end == NEVER:
        return [*before, (begin, one)]
    if one.aside:
        return [*before, (begin, one), (end, _at(line, end)), *(cut for cut in line if cut[0] > end)]
    return [*before, (begin, one), *([cut for cut in line if cut[0] == end] or [(end, None)])]


def _ended(line: Line, one: Statement) -> Line:
    """The line with the end of a price that was seen before, as it is known since."""
    until = _at(line, one.end)
    if until is None or until.prices != one.prices or one.end in dict(line):
        return line
    return sorted([*line, (one.end, None)], key=lambda cut: cut[0])


def _at(line: Line, moment: str) -> Statement | None:
    return [one for start, one in line if start <= moment][-1]


def _spans(line: Line) -> Iterator[tuple[str, str, Statement]]:
    """(start, end, statement) of every price; neighbours that say the same are one."""
    ends = [*(start for start, _ in line[1:]), NEVER]
    last: tuple[str, str, Statement] | None = None
    for (start, one), end in zip(line, ends, strict=True):
        if last and one and last[2].prices == one.prices:
            last = (last[0], end, _both(last[2], one, end))
            continue
        if last and last[2].prices:
            yield last
        last = (start, end, one) if one else None
    if last and last[2].prices:
        yield last


def _both(first: Statement, second: Statement, end: str) -> Statement:
    """Two statements of one price as one that holds until `end`."""
    last = next((said.effective_to for said in (second, first) if said.end == end), "")
    return replace(first, observed=min(first.observed, second.observed), effective_to=last)


def _state(start: str, end: str, on: str) -> State:
    return State.ANNOUNCED if start > on else State.PAST if end <= on else State.IN_FORCE


def _cancelled(stated: Iterable[Statement]) -> list[Held]:
    """Beginnings that were announced and taken back; and such ends, unless they are the same thing."""
    taken = [one for one in stated if one.withdrawn]
    begun = [one for one in taken if one.begin > one.observed]
    days = {one.begin for one in begun}
    ended = [one for one in taken if one.begin <= one.observed and one.end not in days]
    dates = [*((one.begin, one) for one in begun), *((one.end, one) for one in ended)]
    return [Held(one, State.CANCELLED, day, one.withdrawn) for day, one in dates]


def _corrected(line: Line, standing: Sequence[Statement]) -> list[Held]:
    """What the list later said otherwise, of all the time for which it had been said."""
    kept = {id(one) for _, one in line}
    found = []
    for one in standing:
        instead = _at(line, one.begin)
        if id(one) in kept or not instead or not instead.prices or instead.observed <= one.observed:
            continue
        if one.prices and one.prices != instead.prices:
            found.append(Held(one, State.CORRECTED, one.begin, instead.observed))
    return found
