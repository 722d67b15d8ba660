"""The digest as mail: what stands in a message, and what becomes of it at real servers on loopback."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from tests.support import digests
from tests.support.post import SECRET, Authority, PostOffice, authority_in, body, parsed, serving
from tests.support.servers import closed_port
from tracker.deliver import smtp
from tracker.deliver.message import compose, message_id
from tracker.deliver.parcel import Delivery
from tracker.deliver.smtp import password
from tracker.deliver.weekly import parcel_of
from tracker.digest import pictures
from tracker.digest.model import Digest
from tracker.digest.render import render
from tracker.errors import UsageError
from tracker.outlets import Mail

ROOT = Path(__file__).resolve().parent.parent
ANN, BEN, CID = "Ann <ann@example.org>", "ben@example.org", "cid@example.org"
PLAIN = Mail(host="127.0.0.1", security="none", sender="digest@gapwatch.example")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority_in(tmp_path_factory.mktemp("ca"))


def message(digest: Digest = digests.RICH, recipient: str = ANN, mail: Mail = PLAIN) -> EmailMessage:
    return compose(parcel_of(digest), mail, recipient)


def written(*recipients: str) -> list[EmailMessage]:
    parcel = parcel_of(digests.RICH)
    return [compose(parcel, PLAIN, recipient) for recipient in recipients]


def send(messages: list[EmailMessage], mail: Mail, secret: str = "") -> list[Delivery]:
    return list(smtp.send(messages, mail, secret))


# What stands in a message


def test_a_message_that_was_sent_reads_back_as_it_was_written() -> None:
    pytest.importorskip("matplotlib", reason="pictures need the extra charts")
    office = PostOffice()
    with serving(office) as port:
        assert send(written(ANN), replace(PLAIN, port=port)) == [Delivery(ANN, True, "accepted")]
    mail = parsed(office.taken["ann@example.org"])
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "multipart/related"]
    assert body(mail, "plain") == render(digests.RICH, "text")
    assert body(mail, "html").strip() == render(digests.RICH, "mail").strip()
    assert mail["From"] == "Gapwatch <digest@gapwatch.example>"
    assert mail["To"] == ANN
    assert mail["Date"].datetime.isoformat() == "2025-01-27T06:00:00+00:00"
    assert mail["List-Id"] == "Gapwatch weekly digest <digest.gapwatch.gapwatch.example>"
    assert not mail.defects


def test_the_subject_is_the_headline_cut_at_a_word() -> None:
    subject = written(ANN)[0]["Subject"]
    assert len(subject) <= 120
    assert digests.RICH.headline.startswith(subject.removesuffix("…"))
    assert subject.endswith("…")


def test_a_preview_says_so_in_its_subject() -> None:
    assert (
        message(replace(digests.QUIET, preview=True))["Subject"]
        == "Nothing moved beyond the noise this week. (preview)"
    )


def test_the_message_id_is_one_for_each_week_and_recipient() -> None:
    once, again, other = written(ANN, ANN, BEN)
    later = message(digests.QUIET)
    assert once["Message-ID"] == again["Message-ID"]
    assert len({once["Message-ID"], other["Message-ID"], later["Message-ID"]}) == 3
    assert "ann" not in once["Message-ID"]


@pytest.mark.parametrize(
    ("headline", "sender", "recipient", "named"),
    [
        ("fine\r\nBcc: all@example.org", PLAIN.sender, ANN, "headline"),
        ("fine\x00", PLAIN.sender, ANN, "headline"),
        ("fine\u2028Bcc: all@example.org", PLAIN.sender, ANN, "headline"),
        ("fine", "a@example.org\nBcc: all@example.org", ANN, "sender"),
        ("fine", PLAIN.sender, "Ann\r\nBcc: all@example.org <ann@example.org>", "to"),
        ("fine", PLAIN.sender, "ann@example.org\n", "to"),
        ("fine", PLAIN.sender, "nobody", "to"),
        ("fine", PLAIN.sender, "ann@example.org, ben@example.org", "to"),
        ("fine", "", ANN, "sender"),
    ],
)
def test_what_would_begin_another_header_or_is_no_address_is_refused(
    headline: str, sender: str, recipient: str, named: str
) -> None:
    plain = parcel_of(digests.QUIET)
    with pytest.raises(UsageError, match=named) as refused:
        compose(replace(plain, title=headline), replace(PLAIN, sender=sender), recipient)
    assert "\n" not in str(refused.value)


def test_the_pictures_that_the_page_shows_are_in_the_message_by_their_content_ids() -> None:
    pytest.importorskip("matplotlib", reason="pictures need the extra charts")
    from PIL import Image  # comes with matplotlib

    office = PostOffice()
    with serving(office) as port:
        send(written(ANN), replace(PLAIN, port=port))
    mail = parsed(office.taken["ann@example.org"])
    shown = re.findall(r'src="cid:([^"]+)"', body(mail, "html"))
    images = {part["Content-ID"].strip("<>"): part for part in mail.walk() if part["Content-ID"]}
    drawn = [row.spark for row in digests.RICH.board if row.spark.points]
    assert list(images) == shown == [pictures.cid(spark) for spark in drawn]
    for part in images.values():
        assert part.get_content_type() == "image/png"
        assert part.get_content_disposition() == "inline"
        with Image.open(io.BytesIO(part.get_content())) as image:
            assert image.size == (2 * pictures.WIDTH, 2 * pictures.HEIGHT)
            assert len(image.getcolors(100_000) or ()) > 2  # not an empty sheet
    assert 'alt="The gap over twelve months: 79 points on 19 June 2024' in body(mail, "html")


WITHOUT = """
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "matplotlib" else find(name, *more)
from tests.support import digests
from tracker.deliver.weekly import parcel_of
made = parcel_of(digests.RICH)
assert not made.pictures and "cid:" not in made.html
assert "▁" in made.html
"""


def test_without_the_extra_the_mail_has_bars_of_text() -> None:
    subprocess.run([sys.executable, "-c", WITHOUT], check=True, cwd=ROOT, timeout=60)


def test_the_page_of_a_mail_is_small_and_holds_in_old_clients() -> None:
    html = parcel_of(digests.RICH).html
    assert len(html.encode()) < 100_000
    assert not re.search(r"display:\s*(flex|grid|inline-block)|position:|<(svg|script|link)", html)
    assert '<!--[if mso]><table role="presentation" width="600"' in html
    assert "<style" in html
    assert html.count('style="') > 50


@pytest.mark.parametrize(
    ("leave", "header", "post"),
    [
        ((), None, None),
        (
            ("mailto:off@example.org?subject=unsubscribe",),
            "<mailto:off@example.org?subject=unsubscribe>",
            None,
        ),
        (("https://x.example/u?token=abc",), "<https://x.example/u?token=abc>", "List-Unsubscribe=One-Click"),
        (
            ("https://x.example/u?token=abc", "mailto:off@example.org"),
            "<https://x.example/u?token=abc>, <mailto:off@example.org>",
            "List-Unsubscribe=One-Click",
        ),
    ],
    ids=["nothing configured", "by mail", "by one click", "both"],
)
def test_a_message_says_how_to_leave_where_there_is_a_way(
    leave: tuple[str, ...], header: str | None, post: str | None
) -> None:
    sent = parsed(compose(parcel_of(digests.QUIET), PLAIN, ANN, leave).as_bytes())
    assert sent["List-Unsubscribe"] == header
    assert sent["List-Unsubscribe-Post"] == post


def test_a_subject_of_plain_letters_goes_over_the_wire_in_plain_letters() -> None:
    parcel = replace(parcel_of(digests.QUIET), title="71 points are left, 4.9\u00a0%.")
    assert b"\nSubject: 71 points are left, 4.9 %.\n" in compose(parcel, PLAIN, ANN).as_bytes()


def test_a_message_is_of_seven_bits_which_every_relay_passes_on() -> None:
    assert compose(parcel_of(digests.RICH), PLAIN, ANN).as_bytes().isascii()
    assert compose(replace(parcel_of(digests.QUIET), text="Größe", html=""), PLAIN, ANN).as_bytes().isascii()


LONG = f"https://gapwatch.{'long-' * 9}name.example.org/leave?token={'Zr-XrrUKSjrPq_FM' * 4}"


@pytest.mark.parametrize("leave", [(LONG,), (LONG, "mailto:off@example.org?subject=unsubscribe")])
def test_a_long_link_goes_over_the_wire_as_it_is(leave: tuple[str, ...]) -> None:
    """As a word in an encoding it is no link, and the mail client shows no button."""
    office, mail = PostOffice(), replace(PLAIN, sender=f"gapwatch@{'long-' * 9}name.example.org")
    with serving(office) as port:
        send([compose(parcel_of(digests.QUIET), mail, ANN, leave)], replace(mail, port=port))
    lines = unfolded(office.taken["ann@example.org"].split(b"\r\n\r\n")[0])
    headers = {name: value for name, _, value in (line.partition(": ") for line in lines)}
    assert headers["List-Unsubscribe"] == ", ".join(f"<{link}>" for link in leave)
    assert headers["Message-ID"] == message_id(digests.QUIET.week, mail, ANN)
    assert headers["List-Id"].startswith("Gapwatch weekly digest <digest.gapwatch.long-")
    assert not [name for name, value in headers.items() if "=?" in value]


def unfolded(head: bytes) -> list[str]:
    """The header lines as they were before they were folded."""
    return head.decode("ascii").replace("\r\n ", " ").split("\r\n")


# Where the password comes from


def test_without_a_user_there_is_no_password() -> None:
    assert password(PLAIN, {"GAPWATCH_SMTP_PASSWORD": SECRET}) == ""


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    mail = replace(PLAIN, user="me", password_file=tmp_path / "none")
    assert password(mail, {"GAPWATCH_SMTP_PASSWORD": SECRET}) == SECRET


@pytest.mark.parametrize(
    ("mode", "content", "said"),
    [
        (0o600, f"{SECRET}\n", ""),
        (0o400, SECRET, ""),
        (0o640, SECRET, "can be read by others"),
        (0o604, SECRET, "can be read by others"),
        (0o600, "\n", "is empty"),
        (None, "", "cannot be read"),
    ],
    ids=["private", "read only", "group reads", "others read", "empty", "missing"],
)
def test_a_password_file_must_be_private(tmp_path: Path, mode: int | None, content: str, said: str) -> None:
    file = tmp_path / "smtp"
    if mode is not None:
        file.write_text(content)
        file.chmod(mode)
    mail = replace(PLAIN, user="me", password_file=file)
    if not said:
        assert password(mail, {}) == SECRET
        return
    with pytest.raises(UsageError, match=said) as refused:
        password(mail, {})
    assert SECRET not in str(refused.value)


def test_a_user_without_a_password_is_a_wrong_configuration() -> None:
    with pytest.raises(UsageError, match="no password"):
        password(replace(PLAIN, user="me"), {})


# What becomes of messages


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_login_goes_over_verified_tls(authority: Authority, security: str) -> None:
    office = PostOffice()
    implicit = {"ssl_context": authority.server}
    explicit = {"tls_context": authority.server, "require_starttls": True, "auth_required": True}
    extra: dict[str, Any] = implicit if security == "tls" else explicit
    if security == "starttls":
        extra["authenticator"] = office.login
    with serving(office, **extra) as port:
        mail = replace(PLAIN, security=security, port=port, ca_file=authority.file)
        mail = replace(mail, user="me") if security == "starttls" else mail
        assert send(written(ANN, BEN), mail, SECRET) == [
            Delivery(ANN, True, "accepted"),
            Delivery(BEN, True, "accepted"),
        ]
    assert office.logins == (["me"] if security == "starttls" else [])
    assert set(office.taken) == {"ann@example.org", "ben@example.org"}


def test_a_wrong_password_fails_all_and_is_told_to_nobody(authority: Authority) -> None:
    office = PostOffice()
    with serving(
        office, tls_context=authority.server, auth_required=True, authenticator=office.login
    ) as port:
        mail = replace(PLAIN, security="starttls", port=port, ca_file=authority.file, user="me")
        results = send(written(ANN, BEN), mail, "wrong-horse")
    assert [result.ok for result in results] == [False, False]
    assert all("refused the user name or password (535)" in result.note for result in results)
    assert not any("horse" in result.note for result in results)
    assert not office.taken


def _untrusted(mail: Mail) -> Mail:
    return replace(mail, ca_file=None)


def _misnamed(mail: Mail) -> Mail:
    return replace(mail, host="localhost")


@pytest.mark.parametrize("turned", [_untrusted, _misnamed], ids=["unknown authority", "another name"])
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_that_does_not_hold_stops_the_mail(
    authority: Authority, security: str, turned: Callable[[Mail], Mail]
) -> None:
    office = PostOffice()
    key = "ssl_context" if security == "tls" else "tls_context"
    with serving(office, **{key: authority.server}) as port:
        mail = turned(replace(PLAIN, security=security, port=port, ca_file=authority.file))
        (result,) = send(written(ANN), mail)
    assert not result.ok
    assert "certificate is not trusted" in result.note
    assert not office.taken


def test_a_server_without_starttls_gets_nothing() -> None:
    office = PostOffice()
    with serving(office) as port:
        (result,) = send(written(ANN), replace(PLAIN, security="starttls", port=port))
    assert not result.ok
    assert "STARTTLS" in result.note
    assert not office.taken


@pytest.mark.parametrize("answer", ["550 no such user", "451 try again later", "552 mailbox\x07 full"])
def test_a_refused_recipient_does_not_stop_the_others(answer: str) -> None:
    office = PostOffice(refuses={"ben@example.org": answer})
    with serving(office) as port:
        results = send(written(ANN, BEN, CID), replace(PLAIN, port=port))
    assert results == [
        Delivery(ANN, True, "accepted"),
        Delivery(BEN, False, answer.replace("\x07", ""), answer.startswith("5")),
        Delivery(CID, True, "accepted"),
    ]
    assert set(office.taken) == {"ann@example.org", "cid@example.org"}


def test_a_connection_lost_after_the_message_leaves_the_rest_failed() -> None:
    office = PostOffice(hangs_up_after="ben@example.org")
    with serving(office) as port:
        results = send(written(ANN, BEN, CID), replace(PLAIN, port=port))
    assert [(result.recipient, result.ok) for result in results] == [(ANN, True), (BEN, False), (CID, False)]
    assert all("lost; a message under way may have arrived" in result.note for result in results[1:])


def test_where_nobody_listens_every_recipient_is_failed() -> None:
    with closed_port() as port:
        results = send(written(ANN, BEN), replace(PLAIN, port=port))
    assert [result.ok for result in results] == [False, False]
    assert all(f"127.0.0.1:{port}" in result.note for result in results)


@pytest.mark.parametrize(
    ("mail", "secret", "said"),
    [
        (replace(PLAIN, host="mail.example.org", user="me"), SECRET, "would travel open"),
        (replace(PLAIN, user="me"), "schön", "outside ASCII"),
        (replace(PLAIN, ca_file=Path("none.pem")), "", "ca_file none.pem"),
    ],
    ids=["password in the open", "password not ASCII", "no such authority"],
)
def test_a_configuration_that_cannot_work_is_refused_before_connecting(
    mail: Mail, secret: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said) as refused:
        send(written(ANN), mail, secret)
    assert not secret or secret not in str(refused.value)
