"""A real SMTP server on loopback that takes or refuses what a test says, and authorities for its TLS."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.support.servers import closed_port

SECRET = "correct-horse"


@dataclass
class PostOffice:
    """What the server does with a recipient's message, and what it has taken."""

    refuses: dict[str, str] = field(default_factory=dict)
    hangs_up_after: str = ""
    taken: dict[str, bytes] = field(default_factory=dict)
    logins: list[str] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        (address,) = envelope.rcpt_tos
        self.taken[address] = envelope.content
        if address == self.hangs_up_after:
            server.transport.abort()
            await asyncio.sleep(0)
        return "250 taken"

    def login(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins.append(data.login.decode())
        said = data.password.decode()
        if said == SECRET:
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False, message=f"535 {said} is wrong")


@contextmanager
def serving(office: PostOffice, **how: Any) -> Iterator[int]:
    """A server on a free port of loopback, until the end of the block."""
    with closed_port() as port:  # free again below; aiosmtpd cannot tell which port it was given
        pass
    controller = Controller(office, hostname="127.0.0.1", port=port, **how)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the test, and a server's side of TLS that it vouches for."""

    file: Path
    server: ssl.SSLContext


def authority_in(folder: Path) -> Authority:
    """A new authority, whose certificate lies in the folder."""
    made = trustme.CA()
    file = folder / "ca.pem"
    made.cert_pem.write_to_path(str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.issue_cert("127.0.0.1").configure_cert(context)
    return Authority(file, context)


def parsed(raw: bytes) -> EmailMessage:
    """A message as Python's parser reads what went over the wire."""
    return BytesParser(policy=policy.default).parsebytes(raw)


def body(message: EmailMessage, kind: str) -> str:
    """The text of a message's "plain" or "html" part."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
