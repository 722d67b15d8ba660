"""Looking for damage in a database: read-only questions for `gapwatch doctor`."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib


def faults(connection: sqlite3.Connection) -> list[str]:
    """What SQLite finds wrong with its own file; empty where nothing is."""
    found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
    return [] if found == ["ok"] else found


def broken_links(connection: sqlite3.Connection) -> dict[str, int]:
    """{table: rows that refer to rows which are not there}."""
    counts: dict[str, int] = {}
    for row in connection.execute("PRAGMA foreign_key_check"):
        counts[row[0]] = counts.get(row[0], 0) + 1
    return counts


def payloads(connection: sqlite3.Connection) -> tuple[int, list[str]]:
    """(how many payloads are kept, the keys of those whose bytes are not what they were).

    A byte that flips inside a value escapes SQLite's own check.
    """
    number, damaged = 0, []
    for key, size, body in connection.execute("SELECT sha256, size, body FROM payload"):
        number += 1
        if not _whole(key, size, body):
            damaged.append(str(key))
    return number, damaged


def _whole(key: str, size: int, body: bytes) -> bool:
    try:
        kept = zlib.decompress(body)
    except zlib.error:
        return False
    return len(kept) == size and hashlib.sha256(kept).hexdigest() == key


def revision(connection: sqlite3.Connection) -> str:
    """The schema's revision."""
    return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def newest(connection: sqlite3.Connection) -> str:
    """When something was last observed, or ""."""
    return str(connection.execute("SELECT coalesce(max(until), '') FROM capture").fetchone()[0])
