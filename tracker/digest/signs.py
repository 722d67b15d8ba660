"""The signs by which topics.py tells what an announcement is about: phrases.py, and shapes of titles.

A sign is general: it names no model and no maker of one. One of negative weight says what a phrase that is
found beside it does not mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from tracker.digest.phrases import PHRASES

OTHER = "other"


class Sign(NamedTuple):
    """What speaks for a topic, and how heavily. `where` is title, start, shape, text or filed."""

    topic: str
    weight: int
    where: str
    pattern: re.Pattern[str]


SUM = r"[$€]\s?\d|\d\s?[MBmb]?\s?€"
NEW = "Introducing|Announcing|Launching|Unveiling|Bringing|Making|Expanding|Upgrading|Advancing|Redesigning"
NEW += "|Closing|Accelerating|Measuring|Quantifying|Open|Enabling"
HANDS = r"(?i:\b(?:partners?|partnership|collaborates?|teams up)\b.* to (?:launch|enhance|power)\b"
HANDS += r"|expands? partnership\b.* to (?:bring|provide)\b)"
DO = "Book|Research|Plan|Order|Buy|Track|Watch|Listen|Read|Reserve|Organize|Draft|Study|Secure|Save"
BUILT = r"infrastructure|data cent\w+|gigawatts?|\d ?GW"
TOOL = r"(?i:\bopen[- ]sourc(?:e|ing)\b.*\b(?:tools?|toolkit|framework)\b)"
# Case tells names from words here.
SHAPES = (
    ("funding", 9, rf"(?i:\b(?:raises?|raised|secures?|closes|invests?|adds?|lands|gets)\b).*(?:{SUM})"),
    ("funding", 9, r"^[\w.]+ (?:is joining|joins) [A-Z]|(?i:\bbuy(?:s|ing) .*start-?up)"),
    # Plans have these names.
    ("price", 9, r"^(?:Updates?|Changes) to .*\b(?:[Pp]lans?|Pro|Max|Plus|Teams?|Ultra)\b"),
    ("deprecation", 7, r"(?i:\btransition\w* .+ to\b)"),
    # What serving needs is built or bought, or made fast.
    ("speed", 12, rf"(?i:\b(?:invest|spend|commit|build)\w* .*\b(?:{BUILT})\b)"),
    ("speed", 9, r"(?i:\bpartner\w*\b.*\b(?:compute|chips?|GPUs?|TPUs?|model training)\b)"),
    ("speed", 9, r"^How (?:we|[A-Z]\S+) (?:made .* fast|serves? |speeds up)"),
    ("speed", 4, r"\d[x×] (?i:acceleration|speed)"),
    ("launch", 3, r"\bv?\d+\.\d+\b"),
    # A name and what it is; a name for, in or on something; hardly more than a name.
    ("launch", 3, r"^\w?[A-Z][\w.-]*(?: (?:[A-Z\d][\w.-]*|in|for)){0,3}: (?!An? \w+ update)"),
    ("launch", 3, r"^(?=[^ ]+(?: [^ ]+)?$|[^ ]+.* [A-Z0-9])(?:[^ ]+(?: |$)){1,5}$"),
    # What was read off a page begins with its date and its kind.
    (OTHER, 9, r"^[A-Z][a-z]{2} \d{1,2}, \d{4}(?:Policy|Announcements)"),
    # An essay or a guide begins with what one is doing; a round-up lists what it holds.
    (OTHER, 4, rf"^(?i:\w+ly )?(?!(?:{NEW})\b)[A-Z][a-z]+ing\b"),
    # What a customer does with it.
    (OTHER, 6, r"^[A-Z]\S*(?: [A-Z]\S*)? (?:builds|cuts|doubles|improves|saves|scales|speeds) .*with "),
    # A partnership that puts something into somebody's hands is a launch.
    (OTHER, -8, HANDS),
    ("launch", 7, HANDS),
    (OTHER, -5, r"\bnow\b|^Now\b|\bNow Available\b"),
    ("launch", 4, r"(?i:\bannounces? .* support\b)"),
    # A company; of a person more is said.
    ("funding", 12, r"^Welcoming [A-Z]\S+ to "),
    # Do this with our product.
    ("launch", 3, rf"^(?:{DO})\b.* (?:with|on|in) [A-Z]"),
    # A tool that a research blog gives away is for use, and has no weights.
    ("research", -9, rf"{TOOL}|(?i:\bcan now\b)"),
    ("weights", -7, TOOL),
    ("launch", 4, rf"(?i:\ban |^){TOOL}"),
    ("research", 20, r"\bReport: "),
    (OTHER, 9, r"\b[Bb]log$|\((?:19|20)\d\d\)$|\[(?:pdf|video)\]$"),
    (OTHER, 20, r"^\w?[A-Z0-9][^,]* [^,]+(?:, \w?[A-Z0-9][^,]* [^,]+){2}"),
)


@cache
def signs() -> tuple[Sign, ...]:
    """The signs, ready to be looked for; phrases want text without case."""
    return tuple(_phrases()) + tuple(Sign(t, w, "shape", re.compile(p)) for t, w, p in SHAPES)


def _phrases() -> Iterator[Sign]:
    for line in PHRASES.replace("\n    ", " ").strip().splitlines():
        head, _, phrases = line.partition(": ")
        topic, weight, where = head.split()
        any_of = "|".join(_pattern(phrase) for phrase in phrases.split(", "))
        begins = "^" if where == "start" else r"(?<!\w)"
        yield Sign(topic, int(weight), where, re.compile(rf"{begins}(?:{any_of})(?!\w)"))


def _pattern(phrase: str) -> str:
    """A phrase as a regular expression: a `*` by itself is a word, within one it is its ending."""
    words = (r"[\w,-]+" if word == "*" else re.escape(word).replace(r"\*", r"\w*") for word in phrase.split())
    return "[- ]".join(words)
