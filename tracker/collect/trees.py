"""A git history as snapshots: only what a commit changed is read, and every version knows what it touched.

A capture's pages are the files that its commit changed; replayed in order they give every version again,
which is how `reparse` reads them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import islice

from tracker.collect import guards
from tracker.collect.gitlog import LARGEST, Repository, Version
from tracker.collect.past import Asked, kept
from tracker.collect.records import checked
from tracker.domain import Record, Unread
from tracker.errors import GapwatchError, ParseError
from tracker.source import History, Tree
from tracker.store.bulk import Snapshot
from tracker.store.holding import Snapshot as Believed
from tracker.store.spans import GONE, Key, Value, figures
from tracker.store.times import stamp
from tracker.store.writer import KeptPage

MARKS = (b"<<<<<<< ", b">>>>>>> ")  # at the beginning of a line, of a conflict that nobody resolved
CONFLICT = re.compile(rb"^(?:<{7}|>{7}) ", re.MULTILINE)
AHEAD = 50  # versions whose files are asked for at once, since git answers many as fast as one
MANY = 0.3  # the share of series that moves before the whole version is put to the guards
ADDRESS = re.compile(r"/blob/([0-9a-f]{7,64})/(.+)")


class Standing:
    """What a tree says as it stands, by series; and which of them the last changes touched."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._parts: dict[str, dict[Key, Value]] = {}
        self.figures: dict[Key, Value] = {}
        self.groups: Counter[tuple[str, str]] = Counter()
        self.was: dict[Key, Value] = {}  # what the touched series said before; GONE where there were none

    def take(self, files: Mapping[str, bytes | None]) -> dict[str, str]:
        """Take in changed files; returns why some could not be read, by path. Those stand as they were."""
        failed: dict[str, str] = {}
        parts: dict[str, str] = {}
        for path, body in files.items():
            try:
                refuse(path, body)
                parts |= dict.fromkeys(self._tree.change(path, body), path)
            except ParseError as error:
                failed[path] = str(error)
            except Exception as error:  # a source file is anybody's code
                failed[path] = _unread(path, error)
        for part, path in parts.items():
            try:
                self._replace(part, figures(_sane(self._tree.read(part))))
            except Exception as error:
                failed[path] = _unread(part, error)
        return failed

    def _replace(self, part: str, now: dict[Key, Value]) -> None:
        before = self._parts.pop(part, {})
        if now:
            self._parts[part] = now
        for key, value in before.items():
            if now.get(key) != value:
                self.was.setdefault(key, value)
            if key not in now:
                del self.figures[key]
                self._count(key, -1)
        for key in now:
            if key not in before:
                self.was.setdefault(key, GONE)
                self._count(key, 1)
        self.figures.update(now)

    def _count(self, key: Key, step: int) -> None:
        group = key.metric, key.vintage
        self.groups[group] += step
        if not self.groups[group]:
            del self.groups[group]

    def before(self) -> dict[Key, Value]:
        """Everything that it said before the last changes."""
        return {key: value for key, value in (self.figures | self.was).items() if value != GONE}


def _unread(what: str, error: Exception) -> str:
    said = str(error) if isinstance(error, GapwatchError) else f"{type(error).__name__} {error}"
    return f"{what} cannot be read: {' '.join(said.split())[:160]}"


def _sane(records: Iterable[Record]) -> Iterator[Record]:
    """The records but those that can be no figures."""
    return (one for one in map(checked, records) if not isinstance(one, Unread))


def refuse(path: str, body: bytes | None) -> None:
    """Raise ParseError for a file that no parser should be asked to read."""
    if body is None:
        return
    if len(body) > LARGEST:
        raise ParseError(f"{path} is larger than {LARGEST:,} bytes")
    if any(mark in body for mark in MARKS) and CONFLICT.search(body):
        raise ParseError(f"{path} has conflict marks")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A version that is asked for: the files that changed since the tree was last read, and which are to be
    kept, by path and blob.
    """

    version: Version
    unread: dict[str, str | None]
    unkept: Set[str]


def snapshots(asked: Asked, history: History, repository: Repository) -> Iterator[Snapshot]:
    """The versions that are asked for, oldest first; what lies between them is read into the next."""
    assert history.tree is not None
    standing = Standing(history.tree())
    wanted = _wanted(asked, repository.versions(history.paths))
    with repository.blobs() as blobs:
        while some := list(islice(wanted, AHEAD)):
            bodies = blobs.read(blob for one in some for blob in one.unread.values() if blob)
            for one in some:
                files = {path: bodies[blob] if blob else None for path, blob in one.unread.items()}
                failed = standing.take(files)
                asked.skipped += [f"commit {one.version.commit[:8]}: {why}" for why in failed.values()]
                if good := {path: files[path] for path in files if path in one.unkept - failed.keys()}:
                    yield _snapshot(asked, history, one.version, standing, good)


def _wanted(asked: Asked, versions: list[Version]) -> Iterator[_Wanted]:
    unread: dict[str, str | None] = {}
    unkept: set[str] = set()
    for number, version in enumerate(versions):
        unread |= version.changes
        unkept |= version.changes.keys()
        if stamp(version.at) in asked.known:
            unkept = set()
        if is_followed(versions, number) or not asked.wants(version.at, f"commit {version.commit[:8]}"):
            continue
        yield _Wanted(version, unread, unkept)
        unread, unkept = {}, set()


def is_followed(versions: list[Version], number: int) -> bool:
    """Whether the next version comes in the same second: then it is the one that was seen."""
    return number + 1 < len(versions) and versions[number + 1].at == versions[number].at


def _snapshot(
    asked: Asked, history: History, version: Version, standing: Standing, files: Mapping[str, bytes | None]
) -> Snapshot:
    pages = [
        kept(f"{history.urls[0]}/blob/{version.commit}/{path}", body or b"") for path, body in files.items()
    ]
    arrival = asked.arrival(version.at, pages, [], _judged(asked, version, standing))
    touched, standing.was = standing.was.keys(), {}
    return Snapshot(arrival, standing.figures, len(standing.figures), touched, standing.groups)


def _judged(asked: Asked, version: Version, standing: Standing) -> str:
    """The guards' word on a version, against the one before.

    A commit is somebody's edit and never half a page: where few series move there is nothing to find, and
    one that is held is believed with the next.
    """
    if len(standing.was) <= MANY * len(standing.figures):
        return ""
    before = standing.before()
    if not before:
        return ""
    known, now = Believed(before, asked.believed(version.at).weights), standing.figures
    return guards.weigh(asked.source, now, known, version.at, rows=len(now))


def replayed(pages: list[KeptPage]) -> dict[str, bytes | None] | None:
    """The files that a capture's pages are, by path; None where they are pages of another kind."""
    found = [(ADDRESS.search(page.url), page.body) for page in pages]
    return {match[2]: body or None for match, body in found if match} if all(m for m, _ in found) else None
