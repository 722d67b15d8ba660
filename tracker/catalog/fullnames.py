"""The reviewed catalogue: makers' models by their full names, and which words of a name may be missing.

apertus-70b[-instruct]               the id has all words; those in [] may be missing
deepseek-v3.1(-671b)                 the id is without the words in (); they may be there
pixtral-large[-2411|-2502]           or one of several; the id has the first
mistral-large{-3|-2512}              one of those in {} is there; the id has the first

By rule, and so without a mark, any name may lack the number of its active parameters ("-a35b") or experts
("-16e") behind its size, and that of a first delivery behind its ending ("-instruct-v0.1"), and may have its
words in another order, where no other name would be the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from tracker.catalog.aliases import BadReference

_ACTIVE = re.compile(r"(-(?:\d+x)?\d+(?:\.\d+)?b)-(?:a\d+(?:\.\d+)?b|\d+e)(?=-|$)")
_DELIVERY = re.compile(r"(.*-(?:instruct|chat|it))-v(\d+(?:\.\d+)?)")
_FIRST = ("0.1", "1", "1.0")
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


def by_rule(models: Iterable[str], forms: Mapping[str, str]) -> dict[str, str]:
    """The model of each name that is one by rule: shorter than a model's own, and no form of another.

    A name that would be two models' is none's.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for model in models:
        for name in {model, _ACTIVE.sub(r"\1", model)}:
            found[name].add(forms.get(name, model))
            if delivery := _DELIVERY.fullmatch(name):
                found[delivery[1]].add(model if delivery[2] in _FIRST else "")
    return {name: model for name, (model, *others) in found.items() if model not in ("", name) and not others}


def turned(names: Mapping[str, str]) -> dict[str, str]:
    """The model of each name in order of the alphabet, where no two have the same words."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, model in names.items():
        found[in_order(name)].add(model)
    return {words: model for words, (model, *others) in found.items() if not others}


def in_order(name: str) -> str:
    """The words of a name in order of the alphabet: the same in whatever order they stood."""
    return "-".join(sorted(name.split("-")))


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
