"""From the words of a spelling to a model's id and a variant, by the rules of the model's family.

    anthropic claude opus 4.1 20250805 thinking 32k    claude-opus-4-1, "20250805-thinking-32k"
    llama v3.1 405b instruct fp8                        llama-3.1-405b-instruct, "fp8"

Words are taken off the end only while each is known to name a variant in that family; any other word stays in
the id. So a name that the rules do not know becomes a model of its own, and is never merged into another.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.catalog.spelling import is_date

if TYPE_CHECKING:
    from tracker.catalog.reference import Family, Reference

Words = tuple[str, ...]

_QUANTISED = re.compile(
    r"b?fp\d+|bf16|int\d+|nvfp4|mxfp4|awq|gptq|gguf|mlx|bnb|\d+bit|i?q\d[a-z0-9]*|w\d+a\d+|dynamic|quantized"
)
SIZE = re.compile(r"(?:\d+x)?\d+(?:\.\d+)?[bm]|a\d+(?:\.\d+)?b|e\d+b|\d+e")
_BUDGET = re.compile(r"\d+k|\d{4,}")
_KINDS = re.compile("coder|math|next|omni|vision|vl|3n")
VERSION = re.compile(r"v?((?:0|[1-9]\d*)(?:\.\d+)?)")
_GLUED = re.compile(r"([a-z-]+?)-?(\d[\d.]*[a-z]?)")
_TIER = re.compile(r"([a-z]{3,})(\d(?:\.\d)?)")
_TIERS = frozenset({"small", "medium", "large"})
_OWNERS = 4


def place(words: Words, reference: Reference) -> tuple[Family | None, Words]:
    """The family that a name belongs to and its words after the family's; words of owners before it go."""
    for start in range(min(len(words), _OWNERS + 1)):
        found = _family(words[start:], reference)
        if found and not _is_owner(words, start, found[0], reference):
            return found
        if words[start] not in reference.prefixes:
            break
    return None, words


def _is_owner(words: Words, start: int, family: Family, reference: Reference) -> bool:
    """Whether a family's name stands for its maker here: "mistral ministral", "qwen qwq"."""
    for later in range(start + 1, min(len(words), start + _OWNERS)):
        if words[later - 1] not in reference.prefixes:
            return False
        after = _family(words[later:], reference)
        if after:
            return after[0].organisation == family.organisation
    return False


def _family(words: Words, reference: Reference) -> tuple[Family, Words] | None:
    """The longest family that the words begin with, also where a version is written to it ("llama3.1")."""
    for length in reference.family_lengths.get(words[0], ()) if words else ():
        family = reference.families.get(" ".join(words[:length]))
        if family:
            return family, words[length:]
    glued = _GLUED.fullmatch(words[0]) if words else None
    family = reference.families.get(glued[1]) if glued else None
    return (family, (glued[2], *words[1:])) if family and glued else None


def arrange(words: Words, family: Family) -> Words:
    """The words in the order and form that the vendor uses, whatever a source does with them."""
    if family.order == "version":
        words = _version_in_place(words, family)
    elif words and family.plain:
        words = (_plain(words[0]), *words[1:])
    if len(words) > 1 and words[0] in family.fillers and VERSION.fullmatch(words[1]):
        return words[1:]
    return words


def _plain(word: str) -> str:
    """A version without its v: "v3.1" and "3.1" are one."""
    found = VERSION.fullmatch(word)
    return found[1] if found else word


def _version_in_place(words: Words, family: Family) -> Words:
    """The version first, or after the tier from `tier_first_from` on."""
    apart = tuple(part for word in words for part in _apart(word))
    at = next((n for n, word in enumerate(apart[:3]) if VERSION.fullmatch(word) and not is_date(word)), None)
    if at is None:
        return words
    version, rest = _plain(apart[at]), (*apart[:at], *apart[at + 1 :])
    if family.tier_first_from:
        version = version.removesuffix(".0")
    if family.tier_first_from and float(version) >= family.tier_first_from and rest:
        return (rest[0], version, *rest[1:])
    return (version, *rest)


def _apart(word: str) -> Words:
    """A tier and a version that are written as one word: "opus4.5"."""
    found = _TIER.fullmatch(word) if word[-1].isdigit() else None
    return (found[1], found[2]) if found else (word,)


def spell(words: Words, family: Family | None) -> str:
    """The id that a family gives to words: "claude-opus-4-1", "qwen3.5-397b-a17b"."""
    if family is None:
        return "-".join(words)
    if family.point != "." and words:
        words = tuple(
            word.replace(".", family.point) if "." in word and VERSION.fullmatch(word) else word
            for word in words
        )
    if family.glued and words and VERSION.fullmatch(words[0]):
        words = (family.key + words[0], *words[1:])
    else:
        words = (family.key, *words)
    return "-".join(words)


def is_variant(words: Words, taken: Words, family: Family | None, reference: Reference) -> bool:
    """Whether the last word names a variant of what stands before it; `taken` have been taken off already."""
    last, named = words[-1], reference.variants
    if family is not None and family.numbered and _is_delivery(words):
        return True
    if is_date(last):
        return family is None or not (family.keeps_dates or last in family.keeps)
    if last == "latest":
        return _names_version(words, family)
    if last in named["stages"] or last in named["hosted"] or _QUANTISED.fullmatch(last):
        return True
    if family is None:
        return False
    if family.modes and (last in named["modes"] or _is_budget(words, taken, named["modes"])):
        return True
    if family.efforts and last in named["efforts"]:
        return last != "max" or taken[:1] == ("effort",)
    if last in named["speeds"] and any(SIZE.fullmatch(word) for word in words):
        return True
    return last in family.speeds or last in family.revisions


def _names_version(words: Words, family: Family | None) -> bool:
    """Whether "latest" adds nothing: after a version, or where the bare name moves as well (Mistral)."""
    moves = family is not None and family.keeps_dates
    return moves or any(char.isdigit() for word in words for char in word)


def _is_delivery(words: Words) -> bool:
    """Whether the last word only repeats what a numbered name has said: "small 3.2 24b instruct 2506"."""
    last, before = words[-1], words[:-1]
    if not any(VERSION.fullmatch(word) and word[0] != "v" and not is_date(word) for word in before):
        return False
    return (
        is_date(last)
        or last == "instruct"
        or (SIZE.fullmatch(last) is not None and not _TIERS.isdisjoint(before))
    )


def _is_budget(words: Words, taken: Words, modes: frozenset[str]) -> bool:
    """A number of thinking tokens, beside the word for thinking: "thinking 32k", "32k thinking tokens"."""
    if words[-1] == "tokens":
        return len(words) > 1 and words[-2] in modes
    beside = words[-2:-1] + taken[:1]
    return _BUDGET.fullmatch(words[-1]) is not None and any(word in modes for word in beside)


def with_ending(id: str, words: Words, taken: Words, family: Family | None, reference: Reference) -> str:
    """The id with the ending of its family's chat models, where nothing but versions and sizes is named.

    Repositories in the "hf" format have base models under such names.
    """
    if family is None or not words or not SIZE.fullmatch(words[-1]) or "hf" in taken:
        return id
    if not all(SIZE.fullmatch(word) or VERSION.fullmatch(word) or _KINDS.fullmatch(word) for word in words):
        return id
    ending = next(
        (ending for begin, ending in reference.chat if id.startswith((f"{begin}-", f"{begin}."))), ""
    )
    return f"{id}-{ending}" if ending else id
