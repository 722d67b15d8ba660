"""The ways to deliver, each behind the one interface of parcel.py, as the configuration names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage

from tracker.config import Settings
from tracker.deliver import files, notify, smtp, unsubscribe, webhook
from tracker.deliver.message import compose
from tracker.deliver.parcel import Carrier, Delivery, Parcel
from tracker.errors import UsageError
from tracker.outlets import Mail, Outlet, Reader

Way = Callable[[Outlet, Settings, Iterable[Parcel]], Iterator[Delivery]]
WAYS: dict[str, Way] = {
    "file": files.to_file,
    "maildir": files.to_maildir,
    "webhook": webhook.post,
    "apprise": notify.notify,
}


def carriers(settings: Settings, gone: set[str]) -> list[Carrier]:
    """Every configured way, without those who are gone from the list of mail."""
    everyone = settings.mail.everyone
    readers = {one.address: one.reader for one in everyone if unsubscribe.bare(one.address) not in gone}
    found: list[Carrier] = [ByMail(settings.mail, readers)] if readers else []
    return [*found, *(ByOutlet(outlet, settings) for outlet in settings.deliver)]


@dataclass(frozen=True, slots=True)
class ByMail:
    """Through the one SMTP server, a message a recipient, over one connection."""

    mail: Mail
    readers: dict[str, Reader]

    @property
    def names(self) -> tuple[str, ...]:
        """The recipients' addresses."""
        return tuple(self.readers)

    def reader(self, name: str) -> Reader:
        """As the recipient wants it."""
        return self.readers[name]

    def carry(self, parcels: Iterable[tuple[str, Parcel]]) -> Iterator[Delivery]:
        """Hand each to the server. UsageError where the settings cannot work."""
        secret = unsubscribe.key(self.mail) if self.mail.unsubscribe_url else b""
        password = smtp.password(self.mail)
        name, wrong = "", list[Delivery]()

        def messages() -> Iterator[EmailMessage]:
            nonlocal name
            for name, parcel in parcels:
                try:
                    yield compose(parcel, self.mail, name, unsubscribe.links(self.mail, secret, name))
                except UsageError as error:  # one address that is none does not stop the others
                    wrong.append(Delivery(name, False, str(error), True))

        for said in smtp.send(messages(), self.mail, password):
            yield said._replace(recipient=name)  # as configured; the header may write it otherwise
        yield from wrong


@dataclass(frozen=True, slots=True)
class ByOutlet:
    """One outlet, by the way of its kind; it gets what was published, as it was published."""

    outlet: Outlet
    settings: Settings

    @property
    def names(self) -> tuple[str, ...]:
        """The outlet's name."""
        return (self.outlet.name,)

    def reader(self, name: str) -> Reader:
        """As published."""
        return Reader()

    def carry(self, parcels: Iterable[tuple[str, Parcel]]) -> Iterator[Delivery]:
        """Hand each over."""
        way = WAYS[self.outlet.kind]
        return way(self.outlet, self.settings, (parcel for _, parcel in parcels))
