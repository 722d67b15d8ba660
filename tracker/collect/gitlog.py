"""A git repository as dated versions of its files: one `git log`, one `git cat-file --batch`.

Versions are those of the main line (first parents): what the repository showed, and when. A remote
repository or a bundle is cloned once, whole or not at all; a local one is read in place.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from tracker.errors import ParseError, Unreachable, UsageError

ABROAD = ("https", "http")
PAUSE = 500  # requests written before answers are read: fewer bytes than a pipe holds
FORMAT = "%x01%H %ct"
GONE = "0" * 40
LONGEST_CLONE = 3600
LARGEST = 32 * 1024 * 1024  # of a larger file only this and one byte more are read


@dataclass(frozen=True, slots=True)
class Version:
    """One commit of the main line: which files it changed, by blob; None is a file that is gone."""

    commit: str
    at: datetime
    changes: dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository on this machine, and the revision that is read."""

    folder: Path
    revision: str

    def versions(self, paths: Sequence[str], *, follow: bool = False) -> list[Version]:
        """The commits that change the paths, oldest first; a clock that ran backwards is held still.

        With `follow` there is one path, and it is followed to the names that it had before.
        """
        said = _git(
            self.folder,
            *("log", "--first-parent", "-m", "--raw", "--no-abbrev", "-z"),
            *(("--follow", "-M") if follow else ("--no-renames",)),
            *(f"--format={FORMAT}", self.revision, "--", *paths),
        )
        found: list[Version] = []
        for commit in said.split("\x01")[:0:-1]:
            head, _, rest = commit.partition("\0")
            name, _, seconds = head.partition(" ")
            at = datetime.fromtimestamp(int(seconds), UTC)
            found.append(Version(name, max(at, found[-1].at) if found else at, _changes(rest)))
        return found

    @contextmanager
    def blobs(self) -> Iterator[Blobs]:
        """A reader of file contents; one process for all of them."""
        command = ["git", "-C", str(self.folder), "cat-file", "--batch"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_env()) as process:
            assert process.stdin
            assert process.stdout
            try:
                yield Blobs(process.stdin, process.stdout)
            finally:
                process.stdin.close()
                process.stdout.close()


@dataclass(frozen=True, slots=True)
class Blobs:
    """The two ends of a `git cat-file --batch`."""

    ask: IO[bytes]
    answer: IO[bytes]

    def read(self, names: Iterable[str]) -> dict[str, bytes]:
        """The contents of blobs by name; ParseError where one is not there."""
        found = {}
        wanted = list(dict.fromkeys(names))
        for start in range(0, len(wanted), PAUSE):
            some = wanted[start : start + PAUSE]
            self.ask.write("".join(f"{name}\n" for name in some).encode())
            self.ask.flush()
            for name in some:
                found[name] = self._one(name)
        return found

    def _one(self, name: str) -> bytes:
        head = self.answer.readline().split()
        if len(head) != 3 or not head[2].isdigit():
            raise ParseError(
                f"the repository lacks {name[:12]}: {b' '.join(head).decode()[:80] or 'no answer'}"
            )
        size = int(head[2])
        body = self.answer.read(min(size, LARGEST + 1))
        left = size - len(body)
        while left > 0 and (piece := self.answer.read(min(left, LARGEST))):
            left -= len(piece)
        if self.answer.read(1) != b"\n":
            raise ParseError(f"the repository ends in the middle of {name[:12]}")
        return body


def _changes(text: str) -> dict[str, str | None]:
    """The files of one commit: `:modes blob blob status NUL path NUL` again and again.

    A rename has two paths, the old one and the new.
    """
    found: dict[str, str | None] = {}
    words = iter(text.strip("\n\0").split("\0"))
    for head, path in zip(words, words, strict=False):
        blob, status = head.split(" ")[3:5]
        if status[0] in "RC":
            found |= {path: None} if status[0] == "R" else {}
            path = next(words, path)
        found[path] = None if blob == GONE else blob
    return found


def opened(place: str, cache: Path) -> Repository:
    """The repository at a URL, in a folder or in a bundle; UsageError, Unreachable or ParseError else."""
    path = Path(place)
    if path.is_dir():
        return Repository(path, _revision(path, place))
    scheme = urlsplit(place).scheme
    if not path.is_file() and scheme not in ABROAD:
        raise UsageError(f"{place} is neither a repository, a bundle nor an https address")
    kept = cache / f"{_named(place)}.git"
    if kept.is_dir():
        _git(
            kept, "fetch", "--quiet", "--force", "--prune", "origin", "+refs/heads/*:refs/heads/*", said=place
        )
    else:
        _clone(str(path.resolve()) if path.is_file() else place, kept, place)
    return Repository(kept, _revision(kept, place))


def _clone(address: str, kept: Path, place: str) -> None:
    """Clone beside, then put in its place: what was cut short is never taken for a repository."""
    half = kept.with_suffix(".part")
    shutil.rmtree(half, ignore_errors=True)
    half.parent.mkdir(parents=True, exist_ok=True)
    try:
        _git(half.parent, "clone", "--quiet", "--bare", "--", address, str(half), said=place)
        half.rename(kept)
    finally:
        shutil.rmtree(half, ignore_errors=True)


def _named(place: str) -> str:
    stem = re.sub(r"[^A-Za-z0-9.-]+", "-", Path(urlsplit(place).path).stem)[-60:] or "history"
    return f"{stem}-{sha256(place.encode()).hexdigest()[:8]}"


def _revision(folder: Path, place: str) -> str:
    """HEAD, or where a bundle names none: main, master, or its first branch."""
    if _quiet(folder, "rev-parse", "--verify", "HEAD^{commit}"):
        return "HEAD"
    heads = _quiet(folder, "for-each-ref", "--format=%(refname)", "refs/heads").split()
    preferred = [name for name in ("refs/heads/main", "refs/heads/master") if name in heads]
    if not heads:
        raise ParseError(f"{place} is no git repository, or has no branch; give another with --from")
    return (preferred or heads)[0]


def _quiet(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *words], capture_output=True, text=True, env=_env(), check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""


def _git(folder: Path, *words: str, said: str = "") -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *words],
            capture_output=True,
            env=_env(),
            check=False,
            timeout=LONGEST_CLONE,
        )
    except FileNotFoundError:
        raise UsageError("git is not installed, and a git history cannot be read without it") from None
    except subprocess.TimeoutExpired:
        raise Unreachable(f"{said or folder} did not come whole within an hour; try again") from None
    if done.returncode:
        last = " ".join(done.stderr.decode(errors="replace").split())[-200:]
        broken = ParseError if Path(said or folder).exists() else Unreachable
        raise broken(f"{said or folder} cannot be read by git: {last}")
    return done.stdout.decode(errors="surrogateescape")


def _env() -> dict[str, str]:
    """No questions, and no transport that runs a program."""
    return {**os.environ, "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "https:http:file", "LC_ALL": "C"}
