"""Secrets: where a password or a key comes from. They are read here alone, and never shown."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from tracker.errors import UsageError


def secret(variable: str, file: Path | None, said: str, environ: Mapping[str, str] = os.environ) -> str:
    """A secret: of the environment's variable, else of a file that only its owner can read, else "".

    `said` names the file's setting in messages. UsageError where there is a file and no secret in it.
    """
    if found := environ.get(variable):
        return found.rstrip("\r\n")
    if file is None:
        return ""
    try:
        mode = file.stat().st_mode
        found = file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not text"
        raise UsageError(f"{said} {file} cannot be read: {why}") from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise UsageError(f"{said} {file} can be read by others; give it the mode 600")
    if not found:
        raise UsageError(f"{said} {file} is empty")
    return found
