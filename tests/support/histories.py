"""Small git repositories with dates of their own, for tests of histories."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

Files = Mapping[str, str | None]


def repository(folder: Path, commits: Sequence[tuple[str, Files]]) -> Path:
    """A repository whose commits change files at times ("2026-03-01T08:00:00Z"); None removes one.

    A text that begins with "-> " is a symbolic link.
    """
    _git(folder.parent, "init", "--quiet", "--initial-branch=main", str(folder))
    extend(folder, commits)
    return folder


def extend(folder: Path, commits: Sequence[tuple[str, Files]]) -> None:
    """Further commits."""
    for when, files in commits:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if text is not None and text.startswith("-> "):
                path.symlink_to(text.removeprefix("-> "))
            elif text is not None:
                path.write_text(text)
        _git(folder, "add", "--all")
        _git(folder, "commit", "--quiet", "--allow-empty", "--message", "data", when=when)


def bundle(folder: Path, path: Path) -> Path:
    """The repository as one file."""
    _git(folder, "bundle", "create", "--quiet", str(path), "main")
    return path


def _git(folder: Path, *words: str, when: str = "2026-01-01T00:00:00Z") -> None:
    name = {"NAME": "A", "EMAIL": "a@example.com", "DATE": when}
    environ = {f"GIT_{who}_{key}": value for who in ("AUTHOR", "COMMITTER") for key, value in name.items()}
    subprocess.run(["git", "-C", str(folder), *words], check=True, env={**os.environ, **environ})
