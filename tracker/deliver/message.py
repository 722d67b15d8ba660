"""A parcel as a mail: whole as text and as HTML, with its pictures, and the headers of a list.

A message says the same thing under the same Message-ID however often it is composed, so that one that was
sent twice can be seen to be one.
"""

from __future__ import annotations

from collections.abc import Sequence
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import EmailPolicy, Policy
from email.utils import format_datetime, getaddresses
from hashlib import sha256

from tracker.deliver.parcel import Parcel
from tracker.digest.tidy import KEPT, shortened
from tracker.errors import UsageError
from tracker.outlets import Mail

SUBJECT = 120  # characters; phones show about 40, desktops about 80


class _Whole(UnstructuredHeader, BaseHeader):
    """A header that is broken after commas alone: as Python folds it, a long link becomes an encoded word."""

    def fold(self, *, policy: Policy) -> str:
        """The header as it goes out."""
        return f"{self.name}: {self}".replace(", ", f",{policy.linesep} ") + policy.linesep


_HEADERS = HeaderRegistry()
for _name in ("list-unsubscribe", "list-id", "message-id"):
    _HEADERS.map_to_type(_name, _Whole)
_POLICY = EmailPolicy(header_factory=_HEADERS, cte_type="7bit")  # what every relay passes on unchanged


def compose(parcel: Parcel, mail: Mail, to: str, leave: Sequence[str] = ()) -> EmailMessage:
    """One recipient's message. UsageError for an address or a title that cannot stand in a header.

    `leave` are the addresses where its reader unsubscribes: mailto: or https:, the latter by one click.
    """
    sender = address("sender", mail.sender)
    message = EmailMessage(_POLICY)
    message["From"] = Address(sender.display_name or "Gapwatch", addr_spec=sender.addr_spec)
    message["To"] = address("to", to)
    title = " ".join(_line("the headline", parcel.title).split())  # in ASCII, else the blank is encoded
    message["Subject"] = shortened(title, SUBJECT)
    message["Date"] = format_datetime(parcel.at)
    message["Message-ID"] = message_id(parcel.key, mail, to)
    message["List-Id"] = f"Gapwatch weekly digest <digest.gapwatch.{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if leave:
        message["List-Unsubscribe"] = ", ".join(f"<{_line('unsubscribe_url', url)}>" for url in leave)
    if any(url.startswith("https:") for url in leave):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message.set_content(parcel.text)
    if parcel.html:
        message.add_alternative(parcel.html, subtype="html")
        _add_pictures(message, parcel)
    return message


def _add_pictures(message: EmailMessage, parcel: Parcel) -> None:
    """Put the pictures that the HTML shows beside it, by content id."""
    html = message.get_body(("html",))
    for number, (cid, png) in enumerate(parcel.pictures.items(), 1):
        if html is not None and f"cid:{cid}" in parcel.html:
            name = f"gap-{number}.png"
            html.add_related(png, "image", "png", cid=f"<{cid}>", filename=name, disposition="inline")


def message_id(key: str, mail: Mail, to: str) -> str:
    """One for each parcel and recipient, and not telling who: `<gapwatch.2025-W04.5f...@example.org>`."""
    domain = address("sender", mail.sender).domain
    spec = address("to", to).addr_spec
    return f"<gapwatch.{key}.{sha256(f'{key} {spec}'.encode()).hexdigest()[:20]}@{domain}>"


def _line(name: str, text: str) -> str:
    """The text where it may stand in a header; a line break in one would begin another header."""
    if any(not char.isprintable() and char not in KEPT for char in text):
        raise UsageError(f"mail: {name} contains a line break or control character: {text[:80]!r}")
    return text


def address(name: str, text: str) -> Address:
    """`Ann <ann@example.org>` or `ann@example.org` as an address."""
    found = getaddresses([_line(name, text)])
    display, spec = found[0] if len(found) == 1 else ("", "")
    local, _, domain = spec.rpartition("@")
    if not local or not domain or " " in spec:
        raise UsageError(f"[mail] {name}: {text!r} is no address; write one like ann@example.org")
    try:
        return Address(display, addr_spec=spec)
    except (ValueError, IndexError) as error:
        raise UsageError(f"[mail] {name}: {text!r} is no address: {error}") from None
