"""Parcels as files: into a folder, or into a maildir, where a mail client finds them as new mail."""

from __future__ import annotations

import mailbox
import os
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from pathlib import Path

from tracker.config import Settings
from tracker.deliver.message import compose
from tracker.deliver.parcel import Delivery, Parcel
from tracker.digest.editions import write_whole
from tracker.errors import StoreError
from tracker.outlets import Mail, Outlet

ENDINGS = {"html": "html", "text": "txt", "json": "json", "eml": "eml"}


def to_file(outlet: Outlet, settings: Settings, parcels: Iterable[Parcel]) -> Iterator[Delivery]:
    """Write each as `2025-W04.html` and its like, whole or not at all; the same again replaces itself."""
    assert outlet.path is not None, "outlets.py has looked"
    for parcel in parcels:
        form = outlet.form if parcel.page or outlet.form != "html" else "text"
        path = outlet.path / f"{parcel.key}.{ENDINGS[form]}"
        try:
            write_whole(path, written(parcel, form, settings.mail))
            yield Delivery(outlet.name, True, f"written to {path}")
        except StoreError as error:
            yield Delivery(outlet.name, False, str(error))


def written(parcel: Parcel, form: str, mail: Mail) -> str:
    """A parcel in one of the forms of ENDINGS; a mail is to its own sender."""
    if form == "eml":
        return compose(parcel, mail, mail.sender).as_string()
    return {"html": parcel.page, "text": parcel.text, "json": parcel.content}[form]


def to_maildir(outlet: Outlet, settings: Settings, parcels: Iterable[Parcel]) -> Iterator[Delivery]:
    """Put each in as a mail to its sender, unless it is there already, read or not."""
    assert outlet.path is not None, "outlets.py has looked"
    for parcel in parcels:
        message = compose(parcel, settings.mail, settings.mail.sender)
        try:
            _put(outlet.path, _unique(parcel, message), message)
            yield Delivery(outlet.name, True, f"put into {outlet.path}")
        except OSError as error:
            yield Delivery(outlet.name, False, f"{outlet.path}: {error.strerror or error}")


def _unique(parcel: Parcel, message: EmailMessage) -> str:
    """The name of a message's file: by its time and Message-ID, and so the same whenever it is put there."""
    local = message["Message-ID"].strip("<>").rpartition("@")[0]
    return f"{parcel.at.timestamp():.0f}.{local}"


def _put(folder: Path, name: str, message: EmailMessage) -> None:
    """Write into `tmp`, then move to `new`, so that a reader sees a message whole or not at all.

    A mail client moves it on to `cur` and appends its notes to the name; to see that, nothing is opened.
    """
    mailbox.Maildir(folder, create=True)  # its three folders
    if any(any((folder / part).glob(f"{name}*")) for part in ("new", "cur")):
        return
    half = folder / "tmp" / f"{name}.{os.getpid()}"
    with open(half, "wb") as file:
        file.write(message.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    half.replace(folder / "new" / name)
