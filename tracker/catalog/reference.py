"""The reviewed reference data of `db/`, read once into one frozen `Reference`.

    aliases.toml         spellings that rules cannot settle, each with a reason
    catalogue.toml       models that stand on no board and no lab's list
    licences.toml        what licences allow, and rulings where authorities disagree
    organisations.toml   who makes models, and how the names of their families are built
    providers.toml       who sells tokens, and in which role

Raises BadReference with the file and the entry that is wrong.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import md5
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tracker import paths
from tracker.catalog.aliases import Alias, BadReference, check, read_aliases
from tracker.catalog.fullnames import by_rule, read_catalogue, turned
from tracker.catalog.licences import Licence, Ruling, read_licences, read_rulings
from tracker.catalog.providers import Provider, provider, read_providers

FILES = ("aliases", "catalogue", "licences", "organisations", "providers")


@dataclass(frozen=True, slots=True)
class Family:
    """How the names of one family of models are built; the fields are told in organisations.toml."""

    key: str
    organisation: str = ""
    name: str = ""
    join: str = " "
    glued: bool = False
    order: str = ""
    tier_first_from: int = 0
    whole_from: int = 0
    pointless: bool = False
    tiers: tuple[str, ...] = ()
    point: str = "."
    letter: str = ""
    complete: bool = False
    modes: bool = False
    efforts: bool = False
    speeds: tuple[str, ...] = ()
    revisions: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    keeps_dates: bool = False
    moves: bool = False
    keeps: tuple[str, ...] = ()
    paired: tuple[str, ...] = ()
    says: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    numbered: bool = False
    plain: bool = False
    fillers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """All reference data; every lookup is by lower-case key."""

    aliases: Mapping[str, Alias]
    catalogue: Mapping[str, str]
    full_names: Mapping[str, str]
    short_names: Mapping[str, str]
    turned: Mapping[str, str]
    families: Mapping[str, Family]
    family_lengths: Mapping[str, tuple[int, ...]]
    tiers: Mapping[str, Family]
    organisations: Mapping[str, str]
    organisation_spellings: Mapping[str, str]
    prefixes: frozenset[str]
    folders: frozenset[str]
    serving: frozenset[str]
    variants: Mapping[str, frozenset[str]]
    marks: Mapping[str, str]
    chat: tuple[tuple[str, str], ...]
    base: tuple[tuple[str, str], ...]
    bare: tuple[tuple[str, str], ...]
    repositories: frozenset[str]
    own: frozenset[str]
    own_begin: tuple[str, ...]
    licences: Mapping[str, Licence]
    rulings: Mapping[str, Ruling]
    fingerprint: str
    providers: Mapping[str, Provider] = field(default_factory=dict)
    derived: dict[str, tuple[str, str, str]] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )  # a memory of identity.derive: price lists repeat each spelling at many providers

    def provider(self, spelling: str) -> Provider:
        """Who a price list's provider is; an unknown spelling is itself, in the role "unknown"."""
        return provider(spelling, self.providers)

    def organisation(self, spelling: str) -> str:
        """The id of an organisation as a source spells it; the spelling as a slug where it is unknown."""
        plain = spelling.strip().lower()
        return self.organisation_spellings.get(plain, plain.replace(" ", "-"))


@cache
def load_reference(folder: Path | None = None) -> Reference:
    """Read the five files of `folder` (the shipped ones unless told otherwise), once per process."""
    where = folder or paths.shipped("db")
    files = {name: where / f"{name}.toml" for name in FILES}
    texts = {name: _text(file) for name, file in files.items()}
    found: dict[str, Any] = {}
    for name, file in files.items():
        with _named(file):
            found |= _READERS[name](_toml(texts[name]))
    fingerprint = md5("".join(texts.values()).encode(), usedforsecurity=False).hexdigest()
    reference = Reference(**found, fingerprint=fingerprint)
    own = reference.own | set(reference.catalogue) | set(reference.rulings)
    with _named(files["aliases"]):
        check(reference.aliases, own, reference.full_names)
    return reference


@contextmanager
def _named(file: Path) -> Iterator[None]:
    """Name the file in what is said of its entries."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadReference(f"{file}: an entry is not as the file's heading says: {error!r}") from error
    except BadReference as error:
        raise BadReference(f"{file}: {error}") from None


def _catalogue(table: Mapping[str, Any]) -> dict[str, Any]:
    makers, full_names = read_catalogue(table["catalogue"])
    short_names = by_rule(makers, full_names)
    return {
        "catalogue": MappingProxyType(makers),
        "full_names": MappingProxyType(full_names),
        "short_names": MappingProxyType(short_names),
        "turned": MappingProxyType(turned({**short_names, **{model: model for model in makers}})),
    }


def _licences(table: Mapping[str, Any]) -> dict[str, Any]:
    licences, rulings = read_licences(table["licence"]), read_rulings(table["ruling"])
    return {"licences": MappingProxyType(licences), "rulings": MappingProxyType(rulings)}


def _organisations(table: Mapping[str, Any]) -> dict[str, Any]:
    spellings = dict(_organisation_spellings(table["organisation"]))
    parts = (text.replace("-", " ").split() for text in spellings)
    names = table["own"]["names"]
    families = dict(_families(table["family"]))
    return {
        "families": MappingProxyType(families),
        "family_lengths": MappingProxyType(_lengths(families)),
        "tiers": MappingProxyType({word: family for family in families.values() for word in family.tiers}),
        "organisations": MappingProxyType({id: listed[0] for id, listed in table["organisation"].items()}),
        "organisation_spellings": MappingProxyType(spellings),
        "prefixes": frozenset(table["prefixes"]).union(*parts),
        "folders": frozenset(table["folders"]),
        "serving": frozenset(table["serving"]),
        "variants": MappingProxyType({kind: frozenset(listed) for kind, listed in table["variant"].items()}),
        "marks": MappingProxyType(table["mark"]),
        **{kind: tuple(sorted(table[kind].items(), key=_longest)) for kind in ("chat", "base", "bare")},
        "repositories": frozenset(table["repository"]["names"]),
        "own": frozenset(names),
        "own_begin": tuple(name for name in names if name.endswith("-")),
    }


# File -> the fields of Reference that it fills.
_READERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "aliases": lambda table: {"aliases": MappingProxyType(read_aliases(table["alias"]))},
    "catalogue": _catalogue,
    "licences": _licences,
    "organisations": _organisations,
    "providers": lambda table: {"providers": MappingProxyType(read_providers(table))},
}


def _longest(pair: tuple[str, str]) -> int:
    return -len(pair[0])


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadReference(f"{file}: cannot be read as reference data: {error}") from None


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadReference(f"cannot be read as reference data: {error}") from None


def _families(table: Mapping[str, Any]) -> Iterator[tuple[str, Family]]:
    for name, entry in table.items():
        fields = {"organisation": entry} if isinstance(entry, str) else entry
        lists = {word: tuple(value) for word, value in fields.items() if isinstance(value, list)}
        family = Family(name, **{"name": name.capitalize(), **fields, **lists})
        for spelled in (name, *family.also):
            yield spelled.replace("-", " "), family


def _lengths(names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """How many words the families' names have that begin with a word, longest first."""
    found: dict[str, set[int]] = {}
    for name in names:
        found.setdefault(name.split()[0], set()).add(len(name.split()))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


def _organisation_spellings(table: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    for id, (name, *others) in table.items():
        for spelling in (id, name.lower(), *others):
            yield spelling, id
