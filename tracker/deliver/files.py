"""Parcels as files: into a folder, or into a maildir, where a mail client finds them as new mail."""

from __future__ import annotations

import mailbox
from collections.abc import Iterable, Iterator

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
    """Put each in as a mail to its sender, unless one of its Message-ID is there already.

    A message is written into `tmp` and then moved to `new`, so that a reader sees it whole or not at all.
    """
    assert outlet.path is not None, "outlets.py has looked"
    for parcel in parcels:
        message = compose(parcel, settings.mail, settings.mail.sender)
        try:
            box = mailbox.Maildir(outlet.path, create=True)
            if all(one["Message-ID"] != message["Message-ID"] for one in box):
                box.add(message)
            yield Delivery(outlet.name, True, f"put into {outlet.path}")
        except (OSError, mailbox.Error) as error:
            said = getattr(error, "strerror", None) or error
            yield Delivery(outlet.name, False, f"{outlet.path}: {said}")
