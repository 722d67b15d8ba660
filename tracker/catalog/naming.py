"""Names as people write them, from ids: "claude-opus-4-5" is Claude Opus 4.5, "gpt-5.2" is GPT-5.2."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.catalog import grammar
from tracker.catalog.arrangement import SIZE, VERSION

if TYPE_CHECKING:
    from tracker.catalog.reference import Family, Reference

_AS_WRITTEN = {
    "airx": "AirX",
    "deepresearch": "DeepResearch",
    "flashx": "FlashX",
    "moe": "MoE",
    "qwq": "QwQ",
    "turbos": "TurboS",
} | {word: word.upper() for word in ("api", "asr", "dpo", "gpt", "it", "llm", "lm", "ocr", "tts", "vl")}
_UPPER = re.compile(
    r"[a-z]?\d+(?:\.\d+)?[bmeak]?|[a-z]\d+[a-z]?|\d+(?:\.\d+)?v|a\d+(?:\.\d+)?b|v\d+(?:\.\d+)*"
)
_LOWER = re.compile(r"\d+x\d+b|\d+o")
_PLAIN = ("gpt-oss", "o1", "o3", "o4")  # as OpenAI writes them, all small
_SMALL = ("mini", "nano")  # OpenAI writes its tiers so


def display(model_id: str, reference: Reference) -> str:
    """The display name of an id."""
    family, rest = _split(model_id, reference)
    if family is None:
        return _written(rest)
    if family.key in _PLAIN:
        return "-".join((family.name, *rest))
    name = _written(rest, _SMALL if family.organisation == "openai" else ())
    if family.glued and rest and VERSION.fullmatch(rest[0]):
        return family.name + name
    join = family.join if name[:1].isdigit() else " "
    return join.join(filter(None, (family.name, name)))


def _written(words: tuple[str, ...], small: tuple[str, ...] = ()) -> str:
    pairs = zip(("", *words), words, strict=False)
    return " ".join(word if word in small else _word(word, before) for before, word in pairs)


def _split(model_id: str, reference: Reference) -> tuple[Family | None, tuple[str, ...]]:
    """An id's family and words; the points of a version are put back where ids have none."""
    family, rest = grammar.place(tuple(model_id.split("-")), reference)
    if family and family.point == "-":
        rest = tuple(re.sub(r"(?<=\b\d) (?=\d\b)", ".", " ".join(rest)).split())
    return family, rest


def _word(word: str, before: str) -> str:
    if word in _AS_WRITTEN:
        return _AS_WRITTEN[word]
    if _LOWER.fullmatch(word):
        return word.replace("b", "B")
    if word[:1] == "v" and (before in ("instruct", "chat") or SIZE.fullmatch(before)):
        return word  # the version of a delivery: "Mixtral 8x7B Instruct v0.1", but "DeepSeek V3.1"
    return word.upper() if _UPPER.fullmatch(word) else word.capitalize()


def owner(subject: str, reference: Reference) -> str:
    """The organisation that a path names before the model ("arcee-ai/..."), if it is one that is known."""
    place = subject.lower().rsplit("/", 2)
    return reference.organisation_spellings.get(place[-2], "") if len(place) > 1 else ""
