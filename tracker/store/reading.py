"""What a visit needs to know of the last one: read-only, so that worker threads may ask it."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import StoreError
from tracker.store.busy import is_locked, reason


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page of the source's last good visit, and what to ask with whether it changed."""

    url: str
    etag: str
    last_modified: str
    sha256: str
    media_type: str


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A read-only connection; StoreError where there is no database of ours."""
    if not path.is_file():
        raise StoreError(f"{path}: no database yet; `gapwatch run` makes one")
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=15)
    try:
        yield connection
    except sqlite3.DatabaseError as error:
        if str(error).startswith(("no such column", "no such table")):
            raise StoreError(f"{path} is of an earlier Gapwatch; `gapwatch run` upgrades it") from error
        if is_locked(error):
            raise StoreError(f"{path}: {reason(path, error)}") from error
        raise StoreError(f"{path}: cannot be read ({error}); see `gapwatch doctor`") from error
    finally:
        connection.close()


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Let every question of the block see the same state of the database, whoever writes meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.rollback()


def known_pages(connection: sqlite3.Connection, source: str) -> list[KnownPage]:
    """The pages of the source's last good visit, in the order they were read."""
    rows = connection.execute(
        "SELECT url, etag, last_modified, sha256, media_type FROM page WHERE source = ? ORDER BY position",
        (source,),
    )
    return [KnownPage(*row) for row in rows]


def is_edited(connection: sqlite3.Connection, source: str, fingerprint: str) -> bool:
    """Whether the source's file or entry is another one than when it was last read."""
    row = connection.execute("SELECT fingerprint FROM source WHERE name = ?", (source,)).fetchone()
    return bool(row and row[0] and fingerprint) and row[0] != fingerprint


def body(connection: sqlite3.Connection, sha256: str) -> bytes:
    """The kept bytes of a payload."""
    row = connection.execute("SELECT body FROM payload WHERE sha256 = ?", (sha256,)).fetchone()
    if row is None:
        raise StoreError(f"payload {sha256[:12]} is not kept; see `gapwatch doctor`")
    return zlib.decompress(row[0])


def captured_days(connection: sqlite3.Connection, source: str) -> set[str]:
    """The instants at which a source has been captured: an archive's dates are stored once."""
    rows = connection.execute("SELECT observed FROM capture WHERE source = ?", (source,))
    return {row[0] for row in rows}
