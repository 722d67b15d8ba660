"""The folder that the site is written to: only what changed, whole files or none, and only what is ours.

A manifest in the folder says what was written there, made of what. A page of the same making is not even laid
out again; a page that is gone is taken away if we had written it, and nothing else ever is.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tracker.digest.editions import write_whole
from tracker.errors import StoreError

MANIFEST = ".gapwatch-site.json"
Made = dict[str, tuple[str, str]]  # {path: (of what it was made, of what it consists)}


@dataclass
class Done:
    """How many files were written, left as they were, and taken away."""

    written: int = 0
    kept: int = 0
    removed: int = 0


class Folder:
    """A folder being filled; `finish` takes away what is no longer part of it."""

    def __init__(self, root: Path) -> None:
        self.root, self.done = root, Done()
        self._before = _read(root / MANIFEST)
        self._now: Made = {}

    def put(self, path: str, made_of: str, make: Callable[[], str]) -> None:
        """A file whose content follows from `made_of` alone; `make` is called where that is new."""
        source = sha256(made_of.encode("utf-8", "surrogatepass")).hexdigest()
        before = self._before.get(path)
        if before and before[0] == source and (self.root / path).is_file():
            self._now[path] = before
            self.done.kept += 1
            return
        content = make()
        consists = sha256(content.encode()).hexdigest()
        self._now[path] = source, consists
        if before and before[1] == consists and (self.root / path).is_file():
            self.done.kept += 1
        else:
            write_whole(self.root / path, content, lasting=False)
            self.done.written += 1

    def finish(self) -> Done:
        """Take away pages that are gone, and write down what is there now."""
        for path in self._before.keys() - self._now.keys():
            with suppress(FileNotFoundError):
                (self.root / path).unlink()
                self.done.removed += 1
        if self._now != self._before:
            write_whole(self.root / MANIFEST, json.dumps(self._now, indent=0, sort_keys=True) + "\n")
        return self.done


def _read(path: Path) -> Made:
    """The manifest; empty where there is none. StoreError where it is not one of ours, or leads elsewhere."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        made = {str(name): (str(source), str(content)) for name, (source, content) in read.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise StoreError(
            f"{path}: cannot be read ({error}); delete it, and the site is written anew"
        ) from None
    if strange := [name for name in made if Path(name).is_absolute() or ".." in Path(name).parts]:
        raise StoreError(f"{path}: {strange[0]} is outside the site; delete it, and the site is written anew")
    return made
