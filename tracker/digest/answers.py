"""Answers to the builder's questions, and which of them say what they said a week ago."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tracker.digest.model import Answer, Refs

AS_BEFORE = "As last week"


class Said(NamedTuple):
    """An answer: in full, in a few words, and its core, by which it is the same as another week's.

    The core is the verdict and who it is about; points that shift by one leave it as it is.
    """

    question: str
    text: str
    refs: Refs
    brief: str = ""
    core: tuple[str, ...] = ()


def told(answers: Sequence[Said], before: Sequence[Said] = ()) -> tuple[Answer, ...]:
    """The answers as a digest has them; those with the core of one of `before` stand together in one."""
    last = {one.question: one.core for one in before}
    same = [one for one in answers if one.core and last.get(one.question) == one.core]
    changed = tuple(Answer(one.question, one.text, one.refs) for one in answers if one not in same)
    if not same:
        return changed
    line = "; ".join(f"{one.question[:1].lower()}{one.question[1:]}: {one.brief}" for one in same)
    refs = dict.fromkeys(ref for one in same for ref in one.refs)
    return (*changed, Answer(AS_BEFORE, f"{line[:1].upper()}{line[1:]}.", tuple(refs)))
