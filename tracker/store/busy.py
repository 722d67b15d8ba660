"""What SQLite says of a database that it cannot use; where another process keeps it locked, which one."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

LOCKS = Path("/proc/locks")  # only Linux tells who holds a lock
_CODES = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def is_locked(error: BaseException | None) -> bool:
    """Whether an error is that of a lock, which passes, rather than one of the file."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _CODES  # the upper bits tell kinds of them apart


def reason(path: str | Path | None, error: BaseException | None) -> str:
    """What SQLite says; of a lock `locked by process 4711; try again when it is done`."""
    if not is_locked(error):
        return str(error)
    holders = ", ".join(map(str, sorted(set(_holders(Path(path)))))) if path else ""
    return f"locked by {f'process {holders}' if holders else 'another process'}; try again when it is done"


def _holders(path: Path) -> Iterator[int]:
    """The processes that may write: they hold such a lock on the file, or on the index of its log."""
    try:
        files = {_numbered(file) for file in (path, Path(f"{path}-shm")) if file.exists()}
        lines = LOCKS.read_text(encoding="ascii").splitlines()
    except OSError:
        return
    for line in lines:  # `1: POSIX  ADVISORY  WRITE 4711 fe:00:2548149 120 120`; `1: -> POSIX` one who waits
        parts = line.split()
        if parts[3] == "WRITE" and parts[5] in files and parts[4] != str(os.getpid()):
            yield int(parts[4])


def _numbered(file: Path) -> str:
    """A file as the list of locks names it: by its device and its number there."""
    found = file.stat()
    return f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
