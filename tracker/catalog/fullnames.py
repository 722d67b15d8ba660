"""The reviewed catalogue: makers' models by their full names, and which words of a name may be missing.

qwen3-coder-480b[-a35b][-instruct]   the id has all words; those in [] may be missing
deepseek-v3.1(-671b)                 the id is without the words in (); they may be there
pixtral-large[-2411|-2502]           or one of several; the id has the first
mistral-large{-3|-2512}              one of those in {} is there; the id has the first
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product

from tracker.catalog.aliases import BadReference

_PARTS = re.compile(r"\[[^]]*\]|\([^)]*\)|{[^}]*}|[^[({]+")


def read_catalogue(table: Mapping[str, list[str]]) -> tuple[dict[str, str], dict[str, str]]:
    """The maker of each model, and the model of each form of its name.

    BadReference where a form would be two models.
    """
    makers: dict[str, str] = {}
    forms: dict[str, str] = {}
    for maker, names in table.items():
        for name in names:
            model = _model(name)
            makers[model] = maker
            for form in _forms(name):
                if forms.setdefault(form, model) != model:
                    raise BadReference(
                        f"{form!r} cannot be both {forms[form]!r} and {model!r}; name more words"
                    )
    return makers, forms


def _model(name: str) -> str:
    """The id that a full name gives."""
    parts = (part for part in _PARTS.findall(name) if part[0] != "(")
    return "".join(part[1:-1].split("|")[0] if part[0] in "[{" else part for part in parts)


def _forms(name: str) -> Iterator[str]:
    """All names that it stands for."""
    return map("".join, product(*map(_choices, _PARTS.findall(name))))


def _choices(part: str) -> tuple[str, ...]:
    if part[0] not in "[({":
        return (part,)
    listed = part[1:-1].split("|")
    return (*listed, "") if part[0] in "[(" else tuple(listed)
