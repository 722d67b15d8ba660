"""From the words of a spelling to a model's id and a variant, by the rules of the model's family.

    anthropic claude opus 4.1 20250805 thinking 32k    claude-opus-4-1, "20250805-thinking-32k"
    llama v3.1 405b instruct fp8                        llama-3.1-405b-instruct, "fp8"

Words are taken off the end only while each is known to name a variant in that family; any other word stays in
the id. So a name that the rules do not know becomes a model of its own, and is never merged into another.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.catalog.arrangement import ENDINGS, SIZE, VERSION
from tracker.catalog.spelling import Words, is_date

if TYPE_CHECKING:
    from tracker.catalog.reference import Family, Reference

_QUANTISED = re.compile(
    r"b?fp\d+|bf16|int\d+|nvfp4|mxfp4|awq|gptq|gguf|mlx|bnb|\d+bit|i?q\d[a-z0-9]*|w\d+a\d+|dynamic|quantized"
)
_BUDGET = re.compile(r"\d+k|\d{4,}")
_GLUED = re.compile(r"([a-z-]+?)-?(\d[\d.]*[a-z]?)")
_TIERS = frozenset({"small", "medium", "large"})
_CONTEXTS = frozenset(str(1024 << n) for n in range(2, 8))  # 4096 to 131072, as hosts write a limit of theirs
# Of an offer, where the name without it is a model's.
_CONTEXT = re.compile(r"(?:8|16|32|64|128|256|512)k|[12]m")
_GREEK = frozenset({"alpha", "beta"})
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
    if family and glued:
        return family, (glued[2], *words[1:])
    family = reference.tiers.get(words[0]) if len(words) > 1 else None
    return (family, words) if family and VERSION.fullmatch(words[1]) else None


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
    if is_silent(words, family):
        return True
    if is_date(last):
        return family is None or not (family.keeps_dates or last in family.keeps)
    if last == "latest":
        return _names_version(words, family)
    if last in _GREEK and family is None:
        return False  # "zephyr alpha" and "zephyr beta" are two models; so may a stranger's be
    if last in named["stages"] or last in named["hosted"] or last in named["answers"]:
        return True
    if _QUANTISED.fullmatch(last) or last in _CONTEXTS or "=" in last:
        return True
    if family is None:
        return False
    if _CONTEXT.fullmatch(last) and spell(words[:-1], family) in reference.catalogue:
        return True
    if last in named["modes"]:
        return ENDINGS.isdisjoint(words[-2:-1]) and _has_modes(words, family, reference)
    if family.modes and _is_budget(words, taken, named["modes"]):
        return True
    if family.efforts and last in named["efforts"]:
        return last != "max" or taken[:1] == ("effort",)
    if last in named["speeds"] and any(SIZE.fullmatch(word) for word in words):
        return True
    return last in family.speeds or last in family.revisions


def is_silent(words: Words, family: Family | None) -> bool:
    """Whether the last word says nothing, not even a variant: a cloud's or a repository's own word."""
    if family is None:
        return False
    if family.numbered and _is_delivery(words):
        return True
    if words[-1] == "v1" and words[-2:-1] and words[-2] in ENDINGS:
        return True  # Amazon's, without its ":0"
    return words[-1] in family.silent


def _has_modes(words: Words, family: Family, reference: Reference) -> bool:
    """Whether thinking is a mode, in the family or in that of a maker's mark ("llama 3.3 nemotron")."""
    marked = (reference.families.get(word) for word in words if word in reference.marks)
    return family.modes or any(found.modes for found in marked if found)


def _names_version(words: Words, family: Family | None) -> bool:
    """Whether "latest" adds nothing: after a version, or where the bare name moves, too (Mistral, Qwen)."""
    moves = family is not None and family.moves
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
