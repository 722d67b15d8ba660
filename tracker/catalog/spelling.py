"""A source's spelling as plain words: paths, punctuation, dates and version numbers evened out.

    "anthropic.claude-opus-4-1-20250805-v1:0"   anthropic claude opus 4.1 20250805
    "accounts/fireworks/models/llama-v3p1-405b" llama v3.1 405b
    "Gemini 1.5 Pro (05-14)"                    gemini 1.5 pro 05-14

Nothing is known here of models; what a word means is identity's business.
"""

from __future__ import annotations

import re
from functools import lru_cache

Words = tuple[str, ...]

_DASHES = re.compile("[‐-―−]")
_BRACKETS = re.compile(r"\([^()]*\)")
# A cloud's number for its delivery, which every model bears: Amazon's "-v1:0", Google's "@001".
_DEPLOYMENT = re.compile(r":[0-9a-f]{32,}$")  # Replicate's hash of what it runs
_REVISION = re.compile(r"(?:-v1|(?<=\d{8})-v\d|-\d)?:0(?=$|:)|(?:@|(?<=@\d{4})-)00\d$")
_ORGANISATION_DOT = re.compile(r"(?<=[a-z])\.(?=[a-z])|\.(?=[a-z][a-z\d])")  # "us.anthropic", not "4.1v"
_P_FOR_POINT = re.compile(r"(?<=\d)-?p(?=\d)")  # "v3p1", "v2-p1"
_PLUS = re.compile(r"(?<=[a-z])\+(?![a-z])")  # "command-r+", not "7b+reranker"
_PLUS_BETWEEN = re.compile(r"(?<=\d)\+(?=[a-z])")  # "tulu 2+dpo"
_QUANTISATION = re.compile(r"(?<![a-z])(i?q\d(?:_[a-z0-9]+)+)")  # "q4_k_m" is one word
_BREAK = re.compile(r"[\s_\-:@,~()\[\]]+")
_PAIRS = re.compile(r"\b(?:non? (?:think|thinking|reasoning)|high throughput|deep think)\b")
_DATES = re.compile(
    r"(?<![^ ])(?:"
    r"20\d\d (?:0[1-9]|1[0-2]) ?[0-3]\d|"  # 2025 08 05
    r"2[3-9] (?:0[1-9]|1[0-2]) [0-3]\d|"  # 26 01 10
    r"(?:0[1-9]|1[0-2]) 20\d\d|"  # 08 2024
    r"20\d\d (?:0[1-9]|1[0-2])|"  # 2025 07
    r"2[3-9] (?:0[1-9]|1[0-2])|"  # 26 02
    r"(?:0[1-9]|1[0-2]) [0-3]\d"  # 05 06
    r")(?![^ ])"
)
_MONTH = "jan|feb|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov|dec"
_DATE = re.compile(
    r"20\d\d[01]\d[0-3]\d|20\d\d[01]\d|2[3-9][01]\d[0-3]\d|[\d-]+-[\d-]+"
    rf"|(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])|2[3-9](?:0[1-9]|1[0-2])|(?:{_MONTH})-20\d\d"
)
_MONTHS = re.compile(rf"\b({_MONTH})(?: 20| '|' )(\d\d)\b")  # "may 2024", "may '24"
_VERSION = re.compile(r"(?<![^ ])([a-z]*\d{1,2}) (\dv?|[1-9]\d)(?![^ ])")  # "v3 1", "4 20", "4 5v"
_SIZE = re.compile(r"(?<=\d\.\d )(\d) (\d+[bm])(?![^ ])")  # "1 2b" after a version with its point


@lru_cache(maxsize=32768)  # price lists repeat each spelling hundreds of times
def words(subject: str) -> Words:
    """The words of a spelling, lower case; a date is one word ("2025-08-05"), so is a version ("3.1")."""
    text = _DASHES.sub("-", subject.strip().lower()).rstrip("/").replace("%2f", "/")
    if "(" in text:  # a slash in brackets is no path: "(04/09)"
        text = _BRACKETS.sub(lambda found: found[0].replace("/", "-"), text)
    text = text.rsplit("/", 1)[-1]
    if len(text) > 40:
        text = _DEPLOYMENT.sub("", text)
    if ":0" in text or text[-3:-1] == "00":
        text = _REVISION.sub("", text)
    if "." in text:
        text = _ORGANISATION_DOT.sub("-", text)
    text = _P_FOR_POINT.sub(".", text)
    if "+" in text:
        text = _PLUS_BETWEEN.sub("-", _PLUS.sub("-plus", text))
    if "_" in text:
        text = _QUANTISATION.sub(lambda found: found[0].replace("_", ""), text)
    text = " ".join(filter(None, _BREAK.split(text)))
    text = _PAIRS.sub(lambda found: found[0].replace(" ", "-"), text)
    if " 20" in text or "'" in text:
        text = _MONTHS.sub(r"\1-20\2", text)
    text = _DATES.sub(lambda found: found[0].replace(" ", "-"), text)
    text = _VERSION.sub(r"\1.\2", text)
    if "." in text:
        text = _SIZE.sub(r"\1.\2", text)
    return tuple(text.split())


def is_date(word: str) -> bool:
    """Whether a word is a date in one of the ways that vendors write snapshots ("0528", "20250805")."""
    return _DATE.fullmatch(word) is not None


def month(word: str) -> int:
    """The number of a month by its name or the three letters that it begins with."""
    return "janfebmaraprmayjunjulaugsepoctnovdec".index(word[:3]) // 3 + 1
