"""What a name of versions, sizes and kinds alone means: the chat model, the base model, either, or none.

The beginnings of names are listed under [chat], [base], [bare] and [repository] in db/organisations.toml.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.catalog.arrangement import SIZE, VERSION
from tracker.catalog.spelling import Words

if TYPE_CHECKING:
    from tracker.catalog.reference import Family, Reference

_KINDS = re.compile("coder|llm|math|next|omni|vision|vl|3n")
_WITHOUT = re.compile("ollama/[^:]*$", re.IGNORECASE)
_NUMBER = re.compile(r"\d")
_TAG = re.compile(r":[\dx.]+b\b", re.IGNORECASE)  # as Ollama marks a size: "qwen2.5:7b"


def ended(id: str, words: Words, taken: Words, subject: str, family: Family, reference: Reference) -> str:
    """The id with the ending that it means; "" where that is another one at the next seller.

    `words` are the id's after its family, `taken` those that name the variant: repositories in the "hf"
    format have base models under such names.
    """
    if not any(map(SIZE.fullmatch, words)) or not _is_plain(words):
        return "" if family.moves and _WITHOUT.match(subject) and not _NUMBER.search(id) else id
    is_base = "hf" in taken
    chat = _begun(id, reference.chat, "-.")
    if chat and not is_base and (SIZE.fullmatch(words[-1]) or words[-1] == "vision"):
        return f"{id}-{chat}"
    base, either = _begun(id, reference.base, "-"), _begun(id, reference.bare, "-")
    if base is None and either is None:
        return id
    tagged = _TAG.search(subject) and (base or either)
    if tagged:
        return f"{id}-{tagged}"
    return f"{id}-base" if is_base or base is not None or _in_repository(subject, reference) else ""


def is_base(id: str, words: Words, subject: str, reference: Reference) -> bool:
    """Whether a name, that of a chat model elsewhere, is a base model's where it stands."""
    return (
        _begun(id, reference.bare, "-") is not None
        and _is_plain(words)
        and _in_repository(subject, reference)
    )


def _begun(id: str, beginnings: tuple[tuple[str, str], ...], after: str) -> str | None:
    """What is listed for the longest beginning of an id."""
    for begin, ending in beginnings:
        if id.startswith(begin) and id[len(begin) : len(begin) + 1] in after:
            return ending
    return None


def _in_repository(subject: str, reference: Reference) -> bool:
    """Whether a name stands in its maker's repository, or with a seller who names all as these do."""
    place = re.split("[/:]", subject.lower())[:-1]
    return not reference.repositories.isdisjoint((*place[-1:], "/".join(place[-3:])))


def _is_plain(words: Words) -> bool:
    return all(SIZE.fullmatch(word) or VERSION.fullmatch(word) or _KINDS.fullmatch(word) for word in words)
