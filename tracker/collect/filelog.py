"""The git history of the very file that a place shows: each version of it is read as the place's page.

A file that was renamed is followed to its older names. Where a place has several pages, each of the history's
paths is one of them, in order.
"""

from __future__ import annotations

from collections.abc import Iterator

from tracker.collect.gitlog import Repository, Version
from tracker.collect.past import Asked, kept
from tracker.collect.trees import is_followed, refuse
from tracker.errors import ParseError
from tracker.source import History
from tracker.store.bulk import Snapshot


def snapshots(asked: Asked, history: History, repository: Repository) -> Iterator[Snapshot]:
    """The versions that are asked for, oldest first; one that cannot be read is reported and left out."""
    versions = repository.versions(history.paths, follow=len(history.paths) == 1)
    standing: dict[str, str] = {}  # path -> blob
    with repository.blobs() as blobs:
        for number, version in enumerate(versions):
            for path, blob in version.changes.items():
                standing.pop(path, None)
                standing |= {path: blob} if blob else {}
            if is_followed(versions, number) or not asked.wants(version.at, f"commit {version.commit[:8]}"):
                continue
            shown = _shown(standing, history)
            bodies = blobs.read(shown.values())
            yield from _version(asked, history, version, {path: bodies[shown[path]] for path in shown})


def _shown(standing: dict[str, str], history: History) -> dict[str, str]:
    """The files that are pages now: of one that goes by several names the one that changed last."""
    if len(history.paths) == 1:
        return dict(list(standing.items())[-1:])
    return {path: standing[path] for path in history.paths if path in standing}


def _version(asked: Asked, history: History, version: Version, files: dict[str, bytes]) -> Iterator[Snapshot]:
    try:
        for path, body in files.items():
            refuse(path, body)
    except ParseError as error:
        asked.skipped.append(f"commit {version.commit[:8]}: {error}")
        return
    pages = [kept(f"{history.urls[0]}/blob/{version.commit}/{path}", body) for path, body in files.items()]
    if pages:
        yield from asked.read(version.at, pages)
