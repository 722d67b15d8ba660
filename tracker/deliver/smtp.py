"""Messages handed to one SMTP server, one a recipient, over a connection that is encrypted and verified.

Nothing here knows what was sent before; that is the ledger's.
"""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from tracker import secrets
from tracker.deliver.parcel import Delivery
from tracker.digest.tidy import plain, shortened
from tracker.errors import UsageError
from tracker.outlets import Mail

TIMEOUT = 30.0  # seconds that the server may take for each answer
NOTE = 200
FOR_GOOD = 500  # codes from here on: the same message will not be taken later (RFC 5321, 4.2.1)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def password(mail: Mail, environ: Mapping[str, str] = os.environ) -> str:
    """The SMTP password: of the environment, else of the password file; "" where no user is set."""
    if not mail.user:
        return ""
    found = secrets.secret("GAPWATCH_SMTP_PASSWORD", mail.password_file, "[mail] password_file", environ)
    if not found:
        raise UsageError("[mail] user is set, but no password; set GAPWATCH_SMTP_PASSWORD or password_file")
    return found


def send(messages: Iterable[EmailMessage], mail: Mail, secret: str = "") -> Iterator[Delivery]:
    """Hand each message to the server; one result a message, in their order and as soon as it is known.

    A message is asked for when the one before it has been told of. A recipient that the server refuses does
    not stop the others; where the connection cannot be made or is lost, the rest is reported as failed.
    UsageError where a password would travel unencrypted or not at all, and for a host that is no name.
    """
    _check(mail, secret)
    context = _context(mail)
    waiting = iter(messages)
    message = next(waiting, None)
    if message is None:
        return
    try:
        with _connected(mail, secret, context) as server:
            while message is not None:
                yield _hand_over(server, message)
                message = next(waiting, None)
    except (OSError, smtplib.SMTPException) as error:
        note = _said(error, mail)
        while message is not None:
            yield Delivery(str(message["To"]), False, note)
            message = next(waiting, None)


def _check(mail: Mail, secret: str) -> None:
    if mail.user and mail.security == "none" and mail.host not in _LOOPBACK:
        raise UsageError(
            f"[mail] security is none, and the password for {mail.host} would travel open; use tls"
        )
    try:
        mail.host.encode("idna")  # as a socket will
    except UnicodeError:
        raise UsageError(f"[mail] host: {mail.host!r} is no name of a host") from None
    for what, text in (("user", mail.user), ("password", secret)):
        if not text.isascii():
            raise UsageError(f"[mail] the {what} has characters outside ASCII, which SMTP cannot carry")


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
        return Delivery(recipient, False, _answer(code, said), code >= FOR_GOOD)
    except smtplib.SMTPResponseException as error:
        note = _answer(error.smtp_code, error.smtp_error)
        return Delivery(recipient, False, note, error.smtp_code >= FOR_GOOD)
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
