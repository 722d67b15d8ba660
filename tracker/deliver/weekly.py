"""A published week as parcels: the frozen digest as each reader has it, laid out once a kind of reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from tracker.config import Settings
from tracker.deliver.parcel import Parcel, Parcels
from tracker.digest import editions
from tracker.digest.editions import Edition
from tracker.digest.model import Digest
from tracker.digest.pictures import pictures
from tracker.digest.render import render
from tracker.digest.style import styled
from tracker.digest.tidy import clean
from tracker.digest.views import style_of, view
from tracker.outlets import Reader


def parcels(settings: Settings, made: Edition) -> Parcels:
    """What each reader gets of an edition. Who has no wishes gets its text as it was frozen."""

    @cache
    def parcel(reader: Reader) -> Parcel:
        digest, style = editions.in_style(settings, made, style_of(reader))
        seen = view(digest, reader)
        with styled(style):
            found = parcel_of(seen, settings.templates)
        text = made.text if reader == Reader() else found.text
        return replace(found, text=text, content=made.content, page=made.html)

    return parcel


def parcel_of(digest: Digest, templates: Path | None = None) -> Parcel:
    """A digest as it is, laid out; without the JSON and the page that it was frozen with."""
    return Parcel(
        key=digest.week,
        title=f"{digest.headline} (preview)" if digest.preview else digest.headline,
        at=datetime.fromisoformat(digest.generated),
        text=render(digest, "text", templates),
        brief=brief(digest),
        content="",
        html=render(digest, "mail", templates),
        pictures=pictures(clean(digest)),
    )


def brief(digest: Digest) -> str:
    """The digest in a few lines, for a chat: the summary and what happened."""
    lines = [f"Gapwatch, {digest.title} ({digest.span})", digest.summary]
    return "\n".join([*filter(None, lines), *(f"- {item.text}" for item in digest.happened)])
