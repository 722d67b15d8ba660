"""Leaving the list: a link that only its recipient has, and who it belongs to.

The token of a link is an HMAC of the address: nobody can make another's, and the link shows no address.
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Iterable, Mapping
from email.utils import parseaddr
from urllib.parse import quote, urlencode

from tracker import secrets
from tracker.errors import UsageError
from tracker.outlets import Mail

LEAST = 16  # characters of the secret


def key(mail: Mail, environ: Mapping[str, str] = os.environ) -> bytes:
    """The secret that links are made with; UsageError where it is missing or short."""
    file = mail.unsubscribe_secret_file
    found = secrets.secret("GAPWATCH_UNSUBSCRIBE_SECRET", file, "[mail] unsubscribe_secret_file", environ)
    if len(found) < LEAST:
        raise UsageError(
            "[mail] unsubscribe_url needs a secret of at least 16 characters:"
            " set GAPWATCH_UNSUBSCRIBE_SECRET or unsubscribe_secret_file"
        )
    return found.encode()


def bare(recipient: str) -> str:
    """`ann@example.org` of `Ann <Ann@example.org>`: under which it is kept who has left."""
    return (parseaddr(recipient)[1] or recipient).casefold()


def token(secret: bytes, recipient: str) -> str:
    """The token of a recipient's link."""
    digest = hmac.digest(secret, f"gapwatch unsubscribe {bare(recipient)}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def links(mail: Mail, secret: bytes, recipient: str) -> tuple[str, ...]:
    """Where a recipient unsubscribes: the https link first, as far as they are configured."""
    found = []
    if mail.unsubscribe_url:
        joint = "&" if "?" in mail.unsubscribe_url else "?"
        found.append(f"{mail.unsubscribe_url}{joint}{urlencode({'token': token(secret, recipient)})}")
    if mail.unsubscribe_mailto:
        found.append(f"mailto:{quote(mail.unsubscribe_mailto, safe='@')}?subject=unsubscribe")
    return tuple(found)


def whose(secret: bytes, given: str, recipients: Iterable[str]) -> str | None:
    """The recipient that a token belongs to, or None."""
    told = given.encode()
    return next((one for one in recipients if hmac.compare_digest(token(secret, one).encode(), told)), None)
