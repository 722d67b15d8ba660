"""The digest as mail: composed, then handed to one SMTP server, one message a recipient.

A message says the same thing under the same Message-ID however often it is composed, so that a mail
which was sent twice can be seen to be one. Nothing here knows what was sent before; that is the ledger's.
"""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, getaddresses
from hashlib import sha256
from typing import NamedTuple

from tracker import secrets
from tracker.config import Mail
from tracker.digest.model import Digest
from tracker.digest.tidy import KEPT, plain, shortened
from tracker.errors import UsageError

SUBJECT = 120  # characters; phones show about 40, desktops about 80
TIMEOUT = 30.0  # seconds that the server may take for each answer
NOTE = 200
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Delivery(NamedTuple):
    """What became of one recipient's message; `note` is the server's word, or why it got none."""

    recipient: str
    ok: bool
    note: str


def compose(digest: Digest, html: str, text: str, mail: Mail, recipient: str) -> EmailMessage:
    """One recipient's message. UsageError for an address or a title that cannot stand in a header."""
    subject = shortened(_line("the headline", digest.headline), SUBJECT)
    sender = _address("sender", mail.sender)
    to = _address("to", recipient)
    message = EmailMessage()
    message["From"] = Address(sender.display_name or "Gapwatch", addr_spec=sender.addr_spec)
    message["To"] = to
    message["Subject"] = f"{subject} (preview)" if digest.preview else subject
    message["Date"] = format_datetime(datetime.fromisoformat(digest.generated.replace("Z", "+00:00")))
    message["Message-ID"] = message_id(digest, mail, recipient)
    message["List-Id"] = f"Gapwatch weekly digest <digest.gapwatch.{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


def message_id(digest: Digest, mail: Mail, recipient: str) -> str:
    """The same for the same week and recipient, and telling neither: `<2025-W04.5f...@example.org>`."""
    domain = _address("sender", mail.sender).domain
    address = _address("to", recipient).addr_spec
    return f"<gapwatch.{digest.week}.{sha256(f'{digest.week} {address}'.encode()).hexdigest()[:20]}@{domain}>"


def password(mail: Mail, environ: Mapping[str, str] = os.environ) -> str:
    """The SMTP password: of the environment, else of the password file; "" where no user is set."""
    if not mail.user:
        return ""
    found = secrets.secret("GAPWATCH_SMTP_PASSWORD", mail.password_file, "[mail] password_file", environ)
    if not found:
        raise UsageError("[mail] user is set, but no password; set GAPWATCH_SMTP_PASSWORD or password_file")
    return found


def send(messages: Sequence[EmailMessage], mail: Mail, secret: str = "") -> list[Delivery]:
    """Hand each message to the server; one result a message, in their order.

    A recipient that the server refuses does not stop the others. Where the connection cannot be made or
    is lost, the rest is reported as failed. UsageError where a password would travel unencrypted.
    """
    if mail.user and mail.security == "none" and mail.host not in _LOOPBACK:
        raise UsageError(
            f"[mail] security is none, and the password for {mail.host} would travel open; use tls"
        )
    if not secret.isascii():
        raise UsageError("[mail] the password has characters outside ASCII, which SMTP cannot carry")
    context = _context(mail)
    done: list[Delivery] = []
    try:
        with _connected(mail, secret, context) as server:
            for message in messages:
                done.append(_hand_over(server, message))
    except (OSError, smtplib.SMTPException) as error:
        note = _said(error, mail)
        done += [Delivery(str(message["To"]), False, note) for message in messages[len(done) :]]
    return done


def _context(mail: Mail) -> ssl.SSLContext:
    """Certificates are always verified: by the system's authorities, or by those of `ca_file` alone."""
    try:
        return ssl.create_default_context(cafile=mail.ca_file)
    except OSError as error:
        why = error.strerror or "it holds no certificate"
        raise UsageError(f"[mail] ca_file {mail.ca_file} cannot be used: {why}") from None


@contextmanager
def _connected(mail: Mail, secret: str, context: ssl.SSLContext) -> Iterator[smtplib.SMTP]:
    """A connection that is secured and logged in as configured, and closed politely where it still can be."""
    name = socket.gethostname()  # smtplib would ask DNS for more, which takes seconds off line
    if mail.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mail.host, mail.port, local_hostname=name, timeout=TIMEOUT, context=context
        )
    else:
        server = smtplib.SMTP(mail.host, mail.port, local_hostname=name, timeout=TIMEOUT)
    try:
        if mail.security == "starttls":
            server.starttls(context=context)
        if mail.user:
            server.login(mail.user, secret)
        yield server
        with suppress(OSError):  # the messages are in the server's hands; how it says goodbye changes nothing
            server.quit()
    finally:
        server.close()


def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> Delivery:
    """Send one message; a refusal is a result, a lost connection is raised."""
    recipient = str(message["To"])
    try:
        server.send_message(message)
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return Delivery(recipient, False, _answer(code, said))
    except smtplib.SMTPResponseException as error:
        return Delivery(recipient, False, _answer(error.smtp_code, error.smtp_error))
    except smtplib.SMTPException as error:
        return Delivery(recipient, False, shortened(plain(str(error)), NOTE))
    return Delivery(recipient, True, "accepted")


def _said(error: Exception, mail: Mail) -> str:
    """Why no (further) message could be handed over; never what a server echoes of a login."""
    where = f"{mail.host}:{mail.port}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"{where} refused the user name or password ({error.smtp_code})"
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"{where}: its certificate is not trusted: {error.verify_message}; set ca_file if it is your own"
        )
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return f"connection to {where} lost; a message under way may have arrived"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{where} answered {_answer(error.smtp_code, error.smtp_error)}"
    return f"{where}: {shortened(plain(str(error)), NOTE)}"


def _answer(code: int, said: bytes | str) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return shortened(plain(f"{code} {text}"), NOTE)


def _line(name: str, text: str) -> str:
    """The text where it may stand in a header; a line break in one would begin another header."""
    if any(not char.isprintable() and char not in KEPT for char in text):
        raise UsageError(f"mail: {name} contains a line break or control character: {text[:80]!r}")
    return text


def _address(name: str, text: str) -> Address:
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
