"""A week's edition: previewed again and again, frozen once, sent once to each recipient."""

from __future__ import annotations

import dataclasses
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args, get_type_hints

from tracker.config import Settings
from tracker.digest import views
from tracker.digest.build import build
from tracker.digest.model import Digest
from tracker.digest.render import render
from tracker.digest.style import Style, styled
from tracker.digest.weeks import Week
from tracker.errors import NothingFound, StoreError
from tracker.store import ledger
from tracker.store.reading import reading, snapshot


@dataclass(frozen=True, slots=True)
class Edition:
    """A rendered week; `frozen` where it has been published and will not change."""

    week: str
    content: str
    html: str
    text: str
    frozen: bool


def edition(settings: Settings, week: Week) -> Edition:
    """The frozen edition of a week, or a preview made now. NothingFound before the week has begun."""
    if week.start > settings.clock():
        raise NothingFound(f"{week.name} has not begun yet")
    with reading(settings.db) as connection:
        if kept := ledger.frozen(connection, week.name):
            return Edition(week.name, *kept, frozen=True)
        return _made(settings, build(connection, week, settings.clock(), editing=settings.digest))


def _made(settings: Settings, digest: Digest) -> Edition:
    return Edition(
        digest.week,
        _as_json(digest),
        render(digest, "html", settings.templates),
        render(digest, "text", settings.templates),
        frozen=False,
    )


def _as_json(digest: Digest) -> str:
    return json.dumps(dataclasses.asdict(digest), ensure_ascii=False)


def load(content: str) -> Digest:
    """The Digest that was kept as JSON."""
    return cast(Digest, _rebuilt(Digest, json.loads(content)))


def _rebuilt(hint: Any, value: Any) -> Any:
    """A value of JSON as its field has it: dataclasses again, and tuples where JSON has lists."""
    parts = get_args(hint)
    if isinstance(value, list):
        return tuple(_rebuilt(parts[0], part) for part in value)
    if isinstance(value, dict):
        kind = hint if isinstance(hint, type) else parts[0]
        hints = get_type_hints(kind)
        return kind(**{name: _rebuilt(hints[name], part) for name, part in value.items() if name in hints})
    return value


def publish(settings: Settings, week: Week) -> Edition:
    """Freeze a week after its end, in every reader's style; published before, it stays as it is."""
    from tracker.store import database

    if week.end > settings.clock():
        raise NothingFound(f"{week.name} is not over yet; it can be published from {week.end:%Y-%m-%d} on")
    with reading(settings.db) as connection:
        if ledger.frozen(connection, week.name):
            return edition(settings, week)
        with snapshot(connection):  # every style tells the same figures
            now = settings.clock()
            made = _made(settings, build(connection, week, now, preview=False, editing=settings.digest))
            others = {}
            for style in sorted(_styles(settings), key=lambda style: style.name):
                with styled(style):
                    others[style.name] = _as_json(
                        build(connection, week, now, preview=False, editing=settings.digest)
                    )
    with database.writing(settings.db) as writing:
        kept = ledger.Frozen(made.content, made.html, made.text, others)
        ledger.freeze(writing, week.name, now, kept)
    return edition(settings, week)


def _styles(settings: Settings) -> set[Style]:
    """The readers' styles besides the usual one."""
    return {views.style_of(one.reader) for one in settings.mail.everyone} - {Style()}


def in_style(settings: Settings, made: Edition, style: Style) -> tuple[Digest, Style]:
    """A frozen edition's digest in a style, and which that is: the usual one where it is not kept."""
    with reading(settings.db) as connection:
        kept = ledger.in_style(connection, made.week, style.name) if style.name else None
    return (load(kept), style) if kept else (load(made.content), Style())


def write(settings: Settings, made: Edition) -> tuple[Path, Path]:
    """Put an edition's page and text into the folder of digests; whole files or none."""
    paths = tuple(settings.out / f"{made.week}.{ending}" for ending in ("html", "txt"))
    for path, content in zip(paths, (made.html, made.text), strict=True):
        write_whole(path, content)
    return paths[0], paths[1]


def write_whole(path: Path, content: str, *, lasting: bool = True) -> None:
    """Write a file so that a reader sees the old one or the new one, never a half.

    What is not `lasting` can be made again, and does not wait for the disk.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as file:
            try:
                file.write(content)
                file.flush()
                if lasting:
                    os.fsync(file.fileno())
                os.chmod(file.name, 0o644)
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as error:
        raise StoreError(f"{path}: the digest cannot be written: {error.strerror}") from error
