"""Leaving the list: the link of a mail, the page that it leads to, and what is sent afterwards."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from click.testing import CliRunner, Result

from tests.support.post import PostOffice, body, parsed, serving
from tests.support.published import NOW, WEEK, asked, recorded, settings
from tracker.cli import cli
from tracker.config import Settings
from tracker.deliver import rounds, unsubscribe, weekly
from tracker.deliver.endpoint import answering
from tracker.digest import editions
from tracker.digest.weeks import parse_week
from tracker.errors import UsageError
from tracker.outlets import Mail

ANN, BEN = "Ann <ann@example.org>", "ben@example.org"
SECRET = "a secret of some length"
URL = "https://gapwatch.example.org/leave"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def mail(folder: Path, port: int = 25, listen: str = "0") -> str:
    (folder / "secret").write_text(SECRET)
    (folder / "secret").chmod(0o600)
    return (
        f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nto = ["{ANN}", "{BEN}"]\n'
        f'unsubscribe_url = "{URL}"\nunsubscribe_mailto = "off@example.org"\n'
        f'unsubscribe_listen = "{listen}"\nunsubscribe_secret_file = "{folder / "secret"}"\n'
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    recorded(tmp_path)
    return tmp_path


@contextmanager
def page(chosen: Settings) -> Iterator[httpx.Client]:
    with answering(chosen) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as web:
        yield web


def target(recipient: str) -> str:
    """The path and query of a recipient's link."""
    parts = urlsplit(unsubscribe.links(Mail(unsubscribe_url=URL), SECRET.encode(), recipient)[0])
    return f"{parts.path}?{parts.query}"


def gone(chosen: Settings) -> list[str]:
    return [row[0] for row in asked(chosen.db, "SELECT address FROM unsubscribed ORDER BY 1")]


def deliver(chosen: Settings, week: str = WEEK) -> set[str]:
    made = editions.publish(chosen, parse_week(week, chosen.zone))
    return {one.recipient for one in rounds.deliver(chosen, week, weekly.parcels(chosen, made)) if one.ok}


def test_the_link_of_a_mail_asks_and_then_does_and_no_further_mail_comes(folder: Path) -> None:
    office = PostOffice()
    with serving(office) as port:
        chosen = settings(folder, mail(folder, port))
        assert deliver(chosen) == {ANN, BEN}
        sent = parsed(office.taken["ann@example.org"])
        link, by_mail = re.findall(r"<([^>]+)>", sent["List-Unsubscribe"])
        assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert by_mail == "mailto:off@example.org?subject=unsubscribe"
        assert link.startswith(f"{URL}?token=")
        assert "ann" not in link.lower()
        path = link.removeprefix("https://gapwatch.example.org")
        with page(chosen) as web:
            question = web.get(path)
            assert question.status_code == 200
            assert '<form method="post">' in question.text
            assert gone(chosen) == []
            for _ in range(2):  # again is as well
                done = web.post(path, data=ONE_CLICK)
                assert (done.status_code, "unsubscribed" in done.text) == (200, True)
            assert web.get(path).status_code == 200
        assert gone(chosen) == ["ann@example.org"]
        office.taken.clear()
        following = replace(chosen, now=chosen.clock() + timedelta(days=7))
        assert deliver(following, "2025-W05") == {BEN}
    assert set(office.taken) == {BEN}


def ask(chosen: Settings, *words: str) -> Result:
    """What `gapwatch subscribers` answers."""
    where = ["--db", str(chosen.db), "--config", str(chosen.db.parent / "gapwatch.toml")]
    return CliRunner().invoke(cli, [*where, "--now", NOW, "subscribers", *words])


def test_who_left_is_listed_and_taken_back_by_command(folder: Path) -> None:
    office = PostOffice()
    with serving(office) as port:
        chosen = settings(folder, mail(folder, port))
        with page(chosen) as web:
            web.post(target(ANN), data=ONE_CLICK)
        rows = json.loads(ask(chosen, "--json").stdout)
        assert rows == [
            {"address": ANN, "configured": True, "left": NOW},
            {"address": BEN, "configured": True, "left": None},
        ]
        assert deliver(chosen) == {BEN}
        back = ask(chosen, "--restore", "ANN@example.org")
        assert (back.exit_code, back.stderr) == (0, "gapwatch: ann@example.org gets mail again\n")
        assert "left" not in back.stdout
        assert gone(chosen) == []
        assert deliver(chosen) == {ANN}  # the digest that she missed
    assert set(office.taken) == {"ann@example.org", BEN}


@pytest.mark.parametrize("address", ["nobody@example.org", BEN, "no address"])
def test_who_has_not_left_cannot_be_taken_back(folder: Path, address: str) -> None:
    chosen = settings(folder, mail(folder))
    with page(chosen) as web:
        web.post(target(ANN), data=ONE_CLICK)
    said = ask(chosen, "--restore", address)
    assert said.exit_code == 4
    assert said.stderr == f"gapwatch: {address} has not left; `gapwatch subscribers` lists who has\n"
    assert gone(chosen) == ["ann@example.org"]


def test_who_is_named_no_more_is_listed_and_told_apart(folder: Path) -> None:
    chosen = settings(folder, mail(folder))
    with page(chosen) as web:
        web.post(target(ANN), data=ONE_CLICK)
    chosen = settings(folder)
    assert re.search(r"ann@example.org +left on 2025-01-27 +no", ask(chosen).stdout)
    back = ask(chosen, "--restore", ANN)
    assert back.exit_code == 0
    assert "no [mail] `to` or recipient in the configuration names it" in back.stderr
    assert ask(chosen).exit_code == 4


def test_a_multipart_form_is_taken_as_well(folder: Path) -> None:
    chosen = settings(folder, mail(folder))
    with page(chosen) as web:
        assert web.post(target(BEN), files={"List-Unsubscribe": (None, "One-Click")}).status_code == 200
    assert gone(chosen) == [BEN]


@pytest.mark.parametrize(
    ("method", "path", "form", "status"),
    [
        ("GET", "/", {}, 404),
        ("GET", "/leave", {}, 404),
        ("GET", "/leave?token=guessed", {}, 404),
        ("GET", "/leave?token=%C3%A4", {}, 404),
        ("POST", "/leave?token=guessed", ONE_CLICK, 404),
        ("POST", "/other" + target(ANN).removeprefix("/leave"), ONE_CLICK, 404),
        ("POST", target(ANN), {}, 400),
        ("POST", target(ANN), {"List-Unsubscribe": "perhaps"}, 400),
        ("POST", target(ANN), ONE_CLICK | {"x": "x" * 5000}, 400),
        ("DELETE", target(ANN), {}, 501),
    ],
)
def test_nothing_else_is_served(
    folder: Path, method: str, path: str, form: dict[str, str], status: int
) -> None:
    chosen = settings(folder, mail(folder))
    with page(chosen) as web:
        said = web.request(method, path, data=form or None)
    assert said.status_code == status
    assert "example.org" not in said.text
    assert gone(chosen) == []


def test_an_address_that_is_none_is_not_there_either(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = settings(folder, mail(folder))
    with answering(chosen) as port, socket.create_connection(("127.0.0.1", port), timeout=5) as caller:
        caller.sendall(b"GET http://[/leave HTTP/1.0\r\n\r\n")
        said = caller.makefile("rb").readline()
    assert b" 404 " in said
    assert capsys.readouterr().err == ""


def test_a_link_is_its_recipients_alone_however_the_address_is_written() -> None:
    mine = unsubscribe.token(SECRET.encode(), ANN)
    assert mine == unsubscribe.token(SECRET.encode(), "ANN@example.org")
    assert mine != unsubscribe.token(SECRET.encode(), BEN)
    assert mine != unsubscribe.token(b"another secret of some length", ANN)


def test_it_answers_on_loopback_alone_and_a_slow_caller_keeps_nobody_waiting(folder: Path) -> None:
    chosen = settings(folder, mail(folder))
    with answering(chosen) as port, socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"GET /leave HTTP/1.1\r\nX-Slow: ")
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=2) as web:
            assert web.get(target(ANN)).status_code == 200
            assert web.get(target(ANN)).headers["referrer-policy"] == "no-referrer"
        others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)}
        for other in others - {"127.0.0.1", "127.0.1.1"}:
            with pytest.raises(OSError):  # noqa: PT011 (refused, however the system says it)
                socket.create_connection((str(other), port), timeout=1)


def test_two_who_leave_at_once_both_have_left(folder: Path) -> None:
    chosen = settings(folder, mail(folder))
    with page(chosen) as web:
        threads = [
            threading.Thread(target=web.post, args=(target(one),), kwargs={"data": ONE_CLICK})
            for one in (ANN, BEN) * 3
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert gone(chosen) == ["ann@example.org", BEN]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"unsubscribe_listen": "somewhere"}, "is no port"),
        ({"unsubscribe_listen": "127.0.0.1:99999"}, "is no port"),
        ({"unsubscribe_listen": "192.0.2.1:0"}, "192.0.2.1:0"),
        ({"unsubscribe_secret_file": None}, "GAPWATCH_UNSUBSCRIBE_SECRET"),
    ],
    ids=["no port", "a port too high", "an address of another machine", "no secret"],
)
def test_what_cannot_be_served_is_a_wrong_configuration(
    folder: Path, change: dict[str, str | None], said: str
) -> None:
    chosen = settings(folder, mail(folder))
    wrong = replace(chosen, mail=replace(chosen.mail, **change))  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=said), answering(wrong):
        raise AssertionError("it was served")


@pytest.mark.parametrize(
    "url",
    [
        "http://gapwatch.example.org/leave",
        "gapwatch.example.org",
        "https://gapwatch.example.org/our list",
        "https://gapwatch.example.org/<leave>",
        "https://gapwatch.example.org/verlaß",
    ],
)
def test_a_link_that_cannot_stand_in_a_header_is_a_wrong_configuration(folder: Path, url: str) -> None:
    with pytest.raises(UsageError, match=r"\[mail\]: unsubscribe_url must begin with https://"):
        settings(folder, mail(folder).replace(URL, url))


def test_a_short_or_public_secret_is_refused(folder: Path) -> None:
    chosen = settings(folder, mail(folder))
    (folder / "secret").write_text("short")
    with pytest.raises(UsageError, match="at least 16 characters"):
        unsubscribe.key(chosen.mail, {})
    (folder / "secret").chmod(0o644)
    with pytest.raises(UsageError, match="can be read by others"):
        unsubscribe.key(chosen.mail, {})
    assert unsubscribe.key(chosen.mail, {"GAPWATCH_UNSUBSCRIBE_SECRET": SECRET}) == SECRET.encode()


def test_without_an_address_to_listen_at_nothing_is_served(folder: Path) -> None:
    with answering(settings(folder)) as port:
        assert port == 0


def test_the_message_is_readable_still(folder: Path) -> None:
    office = PostOffice()
    with serving(office) as port:
        deliver(settings(folder, mail(folder, port)))
    sent = parsed(office.taken[BEN])
    assert body(sent, "plain") == asked(folder / "gapwatch.db", "SELECT text FROM digest")[0][0]
