"""The sources are found by looking: Python files, feeds.toml and tables.toml, the shipped and the user's.

A file `name.py` defines `source = Source(...)`; an entry of `feeds.toml` or `tables.toml` needs no file. In
the user's folder a namesake replaces the shipped source. A file that cannot be loaded is reported, and its
name is never quietly filled by another.
"""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from tracker import paths
from tracker.collect import declared
from tracker.collect.feed import INCIDENT, parse_feed
from tracker.domain import Kind
from tracker.errors import UsageError
from tracker.source import Source

FEEDS, TABLES = "feeds.toml", "tables.toml"
NEEDED = {"name": str, "title": str, "url": str, "vendor": str, "licence": str, "credit": str}
OPTIONAL = {"known": str, "cadence_hours": int, "publishable": bool, "documented": bool}
WORDS = ("topics", "about")
ALLOWED = NEEDED | OPTIONAL | dict.fromkeys(WORDS, list)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: sources by name, and the error of each that could not be loaded."""

    sources: dict[str, Source] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)


def find(overlay: Path | None = None) -> Found:
    """Every source, the user's before the shipped, in order of name."""
    found = Found()
    loaders = _folder(paths.shipped("sources")) | (_folder(overlay) if overlay else {})
    for name, load in sorted(loaders.items()):
        try:
            found.sources[name] = load()
        except (Exception, SystemExit) as error:  # a source file may do anything at all
            found.broken[name] = f"{name}: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return found


def _folder(folder: Path) -> dict[str, Callable[[], Source]]:
    """How to load each source of a folder, without loading it yet."""
    loaders: dict[str, Callable[[], Source]] = {}
    for file, key, make in ((FEEDS, "feed", feed), (TABLES, "table", declared.source)):
        if (folder / file).is_file():
            loaders |= _entries(folder / file, key, make)
    for path in folder.glob("*.py"):
        if not path.name.startswith("_"):
            loaders[path.stem] = partial(load_file, path)
    return loaders


def load_file(path: Path) -> Source:
    """The source that a file defines, named after the file."""
    module_name = f"gapwatch_sources.{path.stem}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None:
        raise UsageError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # before executing: dataclasses and typing look modules up there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[module_name]
        raise
    source = getattr(module, "source", None)
    if not isinstance(source, Source):
        raise UsageError(f"{path} has no line `source = Source(...)`")
    return replace(source, name=path.stem, title=source.title or path.stem.replace("_", " "))


def _entries(
    path: Path, key: str, make: Callable[[Mapping[str, Any]], Source]
) -> dict[str, Callable[[], Source]]:
    """The entries of a file by name; a file that is no TOML is one broken source, named after it."""
    try:
        listed = tomllib.loads(path.read_text(encoding="utf-8")).get(key, [])
        names = [str(entry["name"]) for entry in listed]
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        why = f"{path} is not a list of [[{key}]] tables with a name: {error}"
        return {path.name: partial(_refuse, why)}
    return {
        name: partial(_refuse, f"{path} names {name} twice")
        if names.count(name) > 1
        else partial(make, entry)
        for name, entry in zip(names, listed, strict=True)
        if not name.startswith("_")
    }


def _refuse(message: str) -> Source:
    raise UsageError(message)


def feed(entry: Mapping[str, Any]) -> Source:
    """The news source of one entry of feeds.toml; UsageError where a key is missing, unknown or ill-typed.

    A quiet week of incidents, or of what a feed is searched for, has no item: such a feed may be empty.
    """
    for key, kind in NEEDED.items():
        if not isinstance(entry.get(key), kind) or not entry[key]:
            raise UsageError(f"{FEEDS}: {entry.get('name')} needs a {key}")
    for key, value in entry.items():
        if key not in ALLOWED or not isinstance(value, ALLOWED[key]):
            raise UsageError(f"{FEEDS}: {entry['name']} has {key} = {value!r}; keys are {', '.join(ALLOWED)}")
    topics, about = (_words(entry, key) for key in WORDS)
    return Source(
        kind=Kind.NEWS,
        parse=partial(parse_feed, vendor=entry["vendor"], topics=topics, about=about),
        licence=entry["licence"],
        credit=entry["credit"],
        urls=(entry["url"],),
        name=entry["name"],
        title=entry["title"],
        vendor=entry["vendor"],
        cadence=timedelta(hours=entry.get("cadence_hours", 6)),
        publishable=entry.get("publishable", True),
        listing=False,
        minimum_rows=0 if about or INCIDENT in topics else 1,
        documented=() if entry.get("documented") else None,
    )


def _words(entry: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of words under a key; UsageError where it holds anything else."""
    words = entry.get(key, [])
    if not all(isinstance(word, str) and word for word in words):
        raise UsageError(f"{FEEDS}: {entry['name']} has {key} = {words!r}, which is no list of words")
    return tuple(words)


def is_feed(source: Source) -> bool:
    """Whether a source is an entry of a feeds.toml."""
    return isinstance(source.parse, partial) and source.parse.func is parse_feed
