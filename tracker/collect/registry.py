"""The sources are found by looking: Python files, feeds.toml and tables.toml, the shipped and the user's.

A file `name.py` defines `source = Source(...)`; an entry of `feeds.toml` or `tables.toml` needs no file. In
the user's folder a namesake replaces the shipped source, which is told. What cannot be loaded, or is not what
a source should be, is reported, and its name is never quietly filled by another.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
import tomllib
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from tracker import paths
from tracker.collect import declared, sound
from tracker.collect.feed import INCIDENT, parse_feed
from tracker.domain import Kind, Metric
from tracker.errors import GapwatchError, UsageError
from tracker.source import Source

FEEDS, TABLES = "feeds.toml", "tables.toml"
NEEDED = {"name": str, "title": str, "url": str, "vendor": str, "licence": str, "credit": str}
OPTIONAL = {"known": str, "cadence_hours": int, "publishable": bool, "documented": bool}
WORDS = ("topics", "about")
ALLOWED = NEEDED | OPTIONAL | dict.fromkeys(WORDS, list)


Load = Callable[[], Source]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found: sources by name, and the error of each that could not be loaded.

    `replaced` are the shipped ones in whose stead the user's namesakes stand.
    """

    sources: dict[str, Source] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    replaced: frozenset[str] = frozenset()

    @property
    def installed(self) -> set[str] | None:
        """The names of all that is there, also of what is broken; None where a whole file cannot be read."""
        return None if self.broken.keys() & {FEEDS, TABLES} else {*self.sources, *self.broken}


def find(overlay: Path | None = None) -> Found:
    """Every source, the user's before the shipped, in order of name."""
    shipped, own = _folder(paths.shipped("sources")), _folder(overlay) if overlay else {}
    found = Found(replaced=frozenset(shipped.keys() & own.keys()))
    for name, load in sorted((shipped | own).items()):
        try:
            found.sources[name] = load()
        except (Exception, SystemExit) as error:  # a source file may do anything at all
            said = str(error) if isinstance(error, GapwatchError) else f"{name}: {_story(error)}"
            found.broken[name] = " ".join(said.split())[:400]
    _refuse_discord(found)
    return found


def _refuse_discord(found: Found) -> None:
    """A metric means one thing: of two places that describe it differently, the second is broken."""
    first: dict[str, tuple[str, Metric]] = {}
    for name, source in list(found.sources.items()):
        for metric in source.metrics:
            owner, known = first.setdefault(metric.id, (name, metric))
            if known != metric:
                found.sources.pop(name, None)
                found.broken[name] = f"{name}: its metric {metric.id} is another one in {owner}"


def _folder(folder: Path) -> dict[str, Load]:
    """How to load each source of a folder, without loading it yet; of two under one name, neither is."""
    listed: dict[str, list[tuple[Path, Load]]] = defaultdict(list)
    for file, key, make in ((FEEDS, "feed", feed), (TABLES, "table", declared.source)):
        if (path := folder / file).is_file():
            for name, load in _entries(path, key, make):
                listed[name].append((path, load))
    for path in sorted(folder.glob("*.py")):
        if not path.name.startswith("_"):
            listed[path.stem].append((path, partial(load_file, path)))
    return {name: _one(name, ways) for name, ways in listed.items()}


def _one(name: str, ways: list[tuple[Path, Load]]) -> Load:
    if len(ways) == 1:
        return ways[0][1]
    places = [path for path, _ in ways]
    where = f"twice in {places[0]}" if len(set(places)) == 1 else f"in {' and '.join(map(str, places))}"
    return partial(_refuse, f"{name} is named {where}: a name is of one place")


def load_file(path: Path) -> Source:
    """The source that a file defines, named after the file. UsageError names the file and what is wrong."""
    if not path.is_file():
        raise UsageError(f"{path}: there is no such file")
    try:
        source = getattr(_module(path), "source", None)
    except (Exception, SystemExit) as error:  # a source file may do anything at all
        raise UsageError(f"{path} cannot be loaded: {_story(error, path)}") from error
    if not isinstance(source, Source):
        raise UsageError(f"{path} has no line `source = Source(...)`")
    title = source.title or path.stem.replace("_", " ")
    mark = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        return sound.check(replace(source, name=path.stem, title=title, fingerprint=mark))
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from None


def _module(path: Path) -> Any:
    """The module of a source file, executed."""
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
    return module


def _story(error: BaseException, path: Path | None = None) -> str:
    """An exception in one line, with the line of the file where it happened."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
    line = frames[-1].lineno if frames else getattr(error, "lineno", None)
    what = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {' '.join(what.split())[:200]}" + (f" (line {line})" if line else "")


def _entries(path: Path, key: str, make: Callable[[Mapping[str, Any]], Source]) -> Iterator[tuple[str, Load]]:
    """The entries of a file by name; a file that is no list of them is one broken source, named after it."""
    try:
        listed = _listed(path, key)
    except (OSError, ValueError, UsageError) as error:
        yield path.name, partial(_refuse, f"{path} is no list of [[{key}]] tables with a name: {error}")
        return
    for entry in listed:
        if not entry["name"].startswith("_"):
            yield entry["name"], partial(_entry, path, make, entry)


def _listed(path: Path, key: str) -> list[dict[str, Any]]:
    """The entries of a file; UsageError where it has anything else in it."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    if others := document.keys() - {key}:
        raise UsageError(f"it has {', '.join(sorted(others))}")
    listed = document.get(key, [])
    if isinstance(listed, dict):
        raise UsageError(f"it has [{key}]; write [[{key}]], for there may be several")
    if not isinstance(listed, list):
        raise UsageError(f"{key} is {listed!r}")
    for number, entry in enumerate(listed, 1):
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            raise UsageError(f"number {number} has no name")
    return listed


def _entry(path: Path, make: Callable[[Mapping[str, Any]], Source], entry: Mapping[str, Any]) -> Source:
    mark = hashlib.sha256(json.dumps(entry, sort_keys=True, default=str).encode()).hexdigest()
    source = make(entry)
    try:
        return sound.check(replace(source, fingerprint=mark))
    except UsageError as error:
        raise UsageError(f"{path.name}: {entry['name']}: {error}") from None


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
