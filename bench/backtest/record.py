"""Recorded history, stored by the product itself: the official boards, and one that a stranger kept.

The boards of which pages are recorded version by version become a git history first, since that is where
their sources keep their past. Everything goes through `gapwatch db backfill`, with its guards and vintages.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.processes import GAPWATCH, once
from tracker.collect import registry
from tracker.source import Source
from tracker.store.times import moment

SHARED = Path(__file__).resolve().parents[3] / "shared"
NOW = "2026-05-31T12:00:00Z"
BUNDLES = {
    "livebench": "livebench",
    "aider_polyglot": "aider",
    "aider_edit": "aider",
    "modelsdev": "models.dev",  # weights and licences of what the boards list
}
PAGES = ("kagi", "swe_bench", "vectara", "bigcodebench", "evalplus", "alpaca_eval")


def is_there() -> bool:
    """Whether the recorded web and the histories lie beside the project."""
    return (SHARED / "web" / "replay.py").is_file() and (SHARED / "history").is_dir()


def official(folder: Path) -> Path:
    """The database of every board on record; LMArena's from its official dataset."""
    db, library = folder / "official.db", _replay().Library(SHARED / "web" / "data")
    with _replay().Replay(date=NOW) as web:
        _backfill(db, "lmarena", environ=web.env)
    sources = registry.find().sources
    for name in PAGES:
        _backfill(db, name, place=_repository(folder / name, sources[name], library))
    for name, bundle in BUNDLES.items():
        _backfill(db, name, place=SHARED / "history" / f"{bundle}.bundle")
    return db


def kept(folder: Path) -> Path:
    """The database of LMArena's overall table alone, as a public repository kept it."""
    db = folder / "kept.db"
    _backfill(db, "lmarena", place=SHARED / "history" / "llm-leaderboard-csv.bundle")
    return db


def _backfill(db: Path, source: str, *, place: Path | None = None, environ: Mapping[str, str] = {}) -> None:
    origin = ["--from", str(place)] if place else []
    command = [*GAPWATCH, "--quiet", "--db", str(db), "--now", NOW, "db", "backfill", source, *origin]
    once(command, environ, fine=(0, 3))


def _replay() -> Any:
    folder = str(SHARED / "web")
    if folder not in sys.path:
        sys.path.append(folder)
    import replay  # type: ignore[import-not-found, unused-ignore]

    return replay


def _repository(folder: Path, source: Source, library: Any) -> Path:
    """A repository whose commits are the recorded versions of a source's page."""
    subprocess.run(["git", "init", "--quiet", "--bare", folder], check=True)
    stream = b"".join(_commits(source.history[0].paths[0], library.packs[source.urls[0]]))
    subprocess.run(["git", "-C", folder, "fast-import", "--quiet"], input=stream, check=True)
    return folder


def _commits(path: str, pack: Any) -> Iterator[bytes]:
    for number, stamp in enumerate(pack.stamps):
        body = pack.body(number)
        when = f"{moment(stamp).timestamp():.0f} +0000"
        yield f"commit refs/heads/main\ncommitter record <> {when}\ndata 0\n".encode()
        yield f"M 644 inline {path}\ndata {len(body)}\n".encode() + body + b"\n"
