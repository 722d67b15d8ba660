"""A week reaches everybody once: by mail, files, a webhook and notifications, through failures and deaths.

Servers, files, databases and processes are real. A process is killed with SIGKILL by the server that it talks
to, so that the moment is exact.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import mailbox
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from tests.support.post import PostOffice, parsed, serving
from tests.support.published import NOW, WEEK, asked, recorded, settings
from tests.support.servers import NOT_FOUND, Reply, answer, closed_port, hang, redirect, site
from tracker.config import Settings
from tracker.deliver import again, rounds, weekly
from tracker.deliver.parcel import Delivery
from tracker.digest import editions
from tracker.digest.weeks import parse_week
from tracker.store import database, ledger
from tracker.store.times import moment

ROOT = Path(__file__).resolve().parent.parent
ANN, BEN = "ann@example.org", "ben@example.org"


def mail(port: int, *to: str) -> str:
    return f'[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nto = {json.dumps(list(to))}\n'


def deliver(chosen: Settings, *, forced: bool = False) -> list[Delivery]:
    """Publish the week, if it is not, and hand it over."""
    made = editions.publish(chosen, parse_week(WEEK, chosen.zone))
    return rounds.deliver(chosen, WEEK, weekly.parcels(chosen, made), forced=forced)


def later(chosen: Settings, **span: int) -> Settings:
    return replace(chosen, now=chosen.clock() + timedelta(**span))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    recorded(tmp_path)
    return tmp_path


# Every way, once


def test_a_file_has_the_edition_as_it_was_frozen(folder: Path) -> None:
    out = folder / "out"
    forms = ("html", "text", "json", "eml")
    tables = [f'[[deliver]]\nname="{f}"\nkind="file"\npath="{out}"\nform="{f}"\n' for f in forms]
    chosen = settings(folder, "".join(tables))
    assert [(one.recipient, one.ok) for one in deliver(chosen)] == [(form, True) for form in forms]
    (content, html, text), *_ = asked(chosen.db, "SELECT content, html, text FROM digest")
    assert sorted(path.name for path in out.iterdir()) == [
        f"{WEEK}.{e}" for e in ("eml", "html", "json", "txt")
    ]
    assert (out / f"{WEEK}.html").read_text() == html
    assert (out / f"{WEEK}.txt").read_text() == text
    assert (out / f"{WEEK}.json").read_text() == content
    assert parsed((out / f"{WEEK}.eml").read_bytes())["List-Id"].startswith("Gapwatch weekly digest")


def test_a_maildir_gets_one_message_however_often_it_is_put_there(folder: Path) -> None:
    box = folder / "Maildir"
    chosen = settings(folder, f'[[deliver]]\nname="box"\nkind="maildir"\npath="{box}"\n')
    assert [one.ok for one in deliver(chosen)] == [True]
    assert deliver(chosen) == []
    with closing(sqlite3.connect(chosen.db)) as connection, connection:  # as if killed before it was noted
        connection.execute("UPDATE delivery SET status = 'failed', next_try = at")
    assert [one.ok for one in deliver(chosen)] == [True]
    (message,) = mailbox.Maildir(box)
    assert message["Message-ID"].startswith(f"<gapwatch.{WEEK}.")
    assert not list((box / "tmp").iterdir())


def test_to_see_whether_a_message_is_in_a_maildir_none_is_opened(folder: Path) -> None:
    box = folder / "Maildir"
    mailbox.Maildir(box, create=True)
    (box / "cur" / "1.other.host:2,S").symlink_to(folder / "nowhere")  # it cannot be opened
    chosen = settings(folder, f'[[deliver]]\nname="box"\nkind="maildir"\npath="{box}"\n')
    assert [one.ok for one in deliver(chosen)] == [True]
    (new,) = (box / "new").iterdir()
    read = new.rename(box / "cur" / f"{new.name},S=9:2,RS")  # as a mail client and its server do
    with closing(sqlite3.connect(chosen.db)) as connection, connection:  # as if killed before it was noted
        connection.execute("UPDATE delivery SET status = 'failed', next_try = at")
    assert [one.ok for one in deliver(chosen)] == [True]
    assert list((box / "new").iterdir()) == []
    assert parsed(read.read_bytes())["Message-ID"].startswith(f"<gapwatch.{WEEK}.")


def hook(url: str, **more: object) -> str:
    rest = "".join(f"{key} = {json.dumps(value)}\n" for key, value in more.items())
    return f'[[deliver]]\nname = "team"\nkind = "webhook"\nurl = "{url}"\n{rest}'


def test_a_webhook_gets_the_frozen_digest_as_json(folder: Path) -> None:
    with site({"/hooks/s3cret": answer(status=204)}) as there:
        chosen = settings(folder, hook(there.url("/hooks/s3cret")))
        assert deliver(chosen) == [Delivery("team", True, "127.0.0.1 answered 204")]
        assert deliver(chosen) == []
    (asked_,) = there.asked
    assert asked_.method == "POST"
    assert asked_.headers["content-type"] == "application/json"
    assert asked_.body.decode() == asked(chosen.db, "SELECT content FROM digest")[0][0]
    assert "s3cret" not in str(asked(chosen.db, "SELECT * FROM delivery"))


@pytest.mark.parametrize(
    ("first", "said", "final"),
    [
        (hang, "127.0.0.1: deadline exceeded", False),
        (answer(status=500), "127.0.0.1 answered 500", False),
        (answer(status=429), "127.0.0.1 answered 429", False),
        (answer(status=410), "127.0.0.1 answered 410", True),
        (redirect("/else"), "127.0.0.1 answered 302", False),
        (NOT_FOUND, "127.0.0.1 answered 404", True),
    ],
    ids=["hangs", "is broken", "is busy", "is gone", "leads elsewhere", "is wrong"],
)
def test_a_webhook_that_does_not_take_it_is_tried_again_under_the_same_key(
    folder: Path, first: Reply, said: str, final: bool
) -> None:
    replies = {"/hooks/s3cret": first}
    with site(replies) as there:
        chosen = settings(folder, hook(there.url("/hooks/s3cret"), timeout=1))
        assert deliver(chosen) == [Delivery("team", False, said, final)]
        assert deliver(later(chosen, minutes=1)) == []
        replies["/hooks/s3cret"] = answer(b"ok")
        (taken,) = deliver(later(chosen, days=1))
    assert taken.ok
    keys = [request.headers["idempotency-key"] for request in there.asked]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert keys[0].startswith(f'"gapwatch-{WEEK}-')


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # apprise, on Python 3.11 and 3.12
def test_an_apprise_target_gets_the_digest_in_brief(folder: Path) -> None:
    pytest.importorskip("apprise", reason="notifications need the extra apprise")
    with site({"/notify": answer()}) as there:
        address = there.url("/notify").replace("http://", "json://")
        environ = {"GAPWATCH_URL_CHAT": address}
        chosen = settings(folder, '[[deliver]]\nname="chat"\nkind="apprise"\nurl_file="chat.url"\n')
        (folder / "chat.url").write_text(address)
        (folder / "chat.url").chmod(0o600)
        chosen = replace(chosen, deliver=(replace(chosen.deliver[0], url_file=folder / "chat.url"),))
        assert chosen.deliver[0].address(environ) == chosen.deliver[0].address({}) == address
        assert deliver(chosen) == [Delivery("chat", True, "taken")]
    body = json.loads(there.asked[-1].body)
    assert "DeepSeek R1" in body["message"]
    assert body["title"]


def test_what_cannot_work_is_told_and_does_not_stop_the_others(folder: Path) -> None:
    (folder / "file").touch()
    tables = [
        f'[[deliver]]\nname="box"\nkind="maildir"\npath="{folder}/file/box"\n',
        f'[[deliver]]\nname="disk"\nkind="file"\npath="{folder}/file"\n',
        '[[deliver]]\nname="nowhere"\nkind="webhook"\n',
        f'[[deliver]]\nname="good"\nkind="file"\npath="{folder}/out"\n',
    ]
    with closed_port() as port:
        said = deliver(settings(folder, mail(port, ANN) + "".join(tables)))
    assert {one.recipient: one.ok for one in said} == {
        ANN: False,
        "box": False,
        "disk": False,
        "nowhere": False,
        "good": True,
    }
    notes = {one.recipient: one.note for one in said}
    assert "GAPWATCH_URL_NOWHERE" in notes["nowhere"]
    assert "cannot be written" in notes["disk"]
    assert f"127.0.0.1:{port}" in notes[ANN]
    waiting = asked(
        folder / "gapwatch.db", "SELECT recipient FROM delivery WHERE status = 'failed' ORDER BY 1"
    )
    assert [name for (name,) in waiting] == [ANN, "box", "disk", "nowhere"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[[deliver]]\nname="hook"\nkind="webhook"\nurl="https://[token"\n', "is none"),
        ('[[deliver]]\nname="hook"\nkind="webhook"\nurl="https://me:token@ex\u2100mple.org/x"\n', "is none"),
        ('[mail]\nhost="smtp..example.org"\nto=["a@example.org"]\n', "smtp..example.org"),
        ('[mail]\nhost="localhost"\nsecurity="none"\nuser="jörg"\nto=["a@example.org"]\n', "outside ASCII"),
    ],
    ids=["no host", "a host of other letters", "an empty label", "a user not ASCII"],
)
def test_a_place_that_cannot_be_is_told_without_its_secret_and_does_not_stop_the_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch, table: str, said: str
) -> None:
    monkeypatch.setenv("GAPWATCH_SMTP_PASSWORD", "secret")
    table += f'[[deliver]]\nname="good"\nkind="file"\npath="{folder}/out"\n'
    bad, good = deliver(settings(folder, table))
    assert (bad.ok, good.ok) == (False, True)
    assert said in bad.note
    assert "token" not in bad.note


def test_an_address_that_is_none_does_not_stop_the_others(folder: Path) -> None:
    office = PostOffice()
    with serving(office) as port:
        said = deliver(settings(folder, mail(port, "Ann\r\nBcc: all@example.org <a@b.c>", BEN)))
    good, wrong = said
    assert (good.recipient, good.ok) == (BEN, True)
    assert (wrong.ok, wrong.final) == (False, True)
    assert "line break" in wrong.note
    assert set(office.taken) == {BEN}


# Failures alone are tried again, later, and not for ever


@pytest.mark.parametrize(
    ("answer", "tries", "days"),
    [("451 try later", ledger.MOST, 5), ("550 no such user", ledger.MOST_REFUSED, 2)],
    ids=["for now", "for good"],
)
def test_a_recipient_who_bounces_is_tried_again_for_days_and_then_given_up(
    folder: Path, answer: str, tries: int, days: int
) -> None:
    office = Counting(refuses={BEN: answer})
    with serving(office) as port:
        chosen = settings(folder, mail(port, ANN, BEN))
        assert [one.ok for one in deliver(chosen)] == [True, False]
        times, now = [chosen.clock()], chosen
        for _ in range(24 * 4 * 8):  # eight days of quarters of an hour
            now = later(now, minutes=15)
            if again.deliver_due(now):
                times.append(now.clock())
    assert office.asked == {ANN: 1, BEN: tries}
    assert len(times) == tries
    pauses = [b - a for a, b in itertools.pairwise(times)]
    assert pauses == sorted(pauses)
    assert days - 1 < (times[-1] - times[0]) / timedelta(days=1) < days + 1
    rows = asked(chosen.db, "SELECT recipient, status, attempts, note FROM delivery ORDER BY 1")
    assert rows == [(ANN, "sent", 1, "accepted"), (BEN, "refused", tries, answer)]


def test_a_person_who_asks_does_not_wait_and_what_was_given_up_is_tried(folder: Path) -> None:
    office = PostOffice(refuses={BEN: "451 try later"})
    with serving(office) as port:
        chosen = settings(folder, mail(port, BEN))
        assert [one.ok for one in deliver(chosen)] == [False]
        assert deliver(chosen) == []
        office.refuses.clear()
        assert [one.ok for one in deliver(chosen, forced=True)] == [True]


def test_who_is_removed_or_has_left_is_not_due_any_more(folder: Path) -> None:
    office = PostOffice(refuses={ANN: "451 try later", BEN: "451 try later"})
    with serving(office) as port:
        both = settings(folder, mail(port, ANN, BEN))
        deliver(both)
    tomorrow = later(both, days=1)
    assert again.due(tomorrow) == {WEEK: {ANN, BEN}}
    assert again.due(later(settings(folder, mail(port, ANN)), days=1)) == {WEEK: {ANN}}
    assert again.due(later(settings(folder, ""), days=1)) == {}
    with database.writing(both.db) as connection:
        ledger.unsubscribe(connection, BEN, both.clock())
    assert again.due(tomorrow) == {WEEK: {ANN}}


@dataclass
class Counting(PostOffice):
    """Counts how often each recipient was named."""

    asked: dict[str, int] = field(default_factory=dict)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.asked[address] = self.asked.get(address, 0) + 1
        return await super().handle_RCPT(server, session, envelope, address, options)


# Two at once, and deaths


def test_of_many_who_send_at_once_each_recipient_hears_from_one(folder: Path) -> None:
    office = Counting()
    with serving(office) as port:
        chosen = settings(folder, mail(port, ANN, BEN))
        threads = [threading.Thread(target=deliver, args=(chosen,)) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert office.asked == {ANN: 1, BEN: 1}
    assert asked(chosen.db, "SELECT count(*) FROM digest") == [(1,)]


@dataclass
class Deadly(PostOffice):
    """Kills the process that is its client, once, when it is at a command for a recipient."""

    at: str = ""
    child: Callable[[], int] = lambda: 0
    all_taken: list[tuple[str, bytes]] = field(default_factory=list)

    def _kill(self, moment: str) -> None:
        if moment == self.at:
            self.at = ""
            os.kill(self.child(), signal.SIGKILL)

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, name: str, said: list[str]
    ) -> list[str]:
        session.host_name = name
        self._kill("connected")
        return said

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self._kill(f"rcpt {address}")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        (address,) = envelope.rcpt_tos
        self.all_taken.append((address, envelope.content))
        self._kill(f"taken {address}")
        await asyncio.sleep(0)
        return "250 taken"


@pytest.mark.parametrize(
    ("at", "twice"),
    [
        ("connected", set()),
        (f"rcpt {ANN}", set()),
        (f"taken {ANN}", {ANN}),
        (f"rcpt {BEN}", set()),
        (f"taken {BEN}", {BEN}),
    ],
)
def test_a_process_that_is_killed_leaves_nobody_out_and_a_second_mail_bears_the_same_id(
    folder: Path, at: str, twice: set[str]
) -> None:
    """At least once: between "taken" and the ledger nobody can know, and the second has the first's id."""
    office = Deadly(at=at)
    with serving(office) as port:
        chosen = settings(folder, mail(port, ANN, BEN))
        child = subprocess.Popen(
            [*GAPWATCH, *options(folder, NOW), "digest", "--week", WEEK, "--send"], cwd=ROOT
        )
        office.child = lambda: child.pid
        assert child.wait(30) == -signal.SIGKILL
        frozen = asked(chosen.db, "SELECT content FROM digest")
        deliver(chosen)  # at once: what is claimed is left alone, for its sender might live
        again.deliver_due(later(chosen, minutes=16))
        deliver(later(chosen, minutes=17))
        assert again.deliver_due(later(chosen, days=1)) == []
    got = [address for address, _ in office.all_taken]
    assert {name: got.count(name) for name in (ANN, BEN)} == {
        name: 2 if name in twice else 1 for name in (ANN, BEN)
    }
    ids = {(address, parsed(raw)["Message-ID"]) for address, raw in office.all_taken}
    assert len(ids) == 2
    assert asked(chosen.db, "SELECT content FROM digest") == frozen
    assert asked(chosen.db, "SELECT DISTINCT status FROM delivery") == [("sent",)]


GAPWATCH = (sys.executable, "-m", "tracker")


def options(folder: Path, now: str) -> list[str]:
    return ["--config", str(folder / "gapwatch.toml"), "--db", str(folder / "gapwatch.db"), "--now", now]


DAEMON = """
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from tracker import config
from tracker.cli import do_run
from tracker.daemon import Daemon, Jobs, Pace
from tracker.deliver.endpoint import answering
from tracker.errors import GapwatchError

folder = Path(sys.argv[1])
settings = config.load(db=folder / "gapwatch.db", config=folder / "gapwatch.toml", now=sys.argv[2])
jobs = Jobs(
    poll_due=lambda now: "",
    publish=lambda week, now: do_run.publish_week(settings, week),
    send_again=lambda now: do_run.send_again(settings),
    beside=lambda: answering(settings),
)
pace = Pace(beat=timedelta(seconds=0.2), rest=timedelta(seconds=0.2), patience=timedelta(seconds=2))
try:
    sys.exit(Daemon(settings, jobs, pace).run())
except GapwatchError as error:
    sys.exit(str(error))
"""


def daemon(folder: Path, now: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", DAEMON, str(folder), now], cwd=ROOT, stderr=subprocess.DEVNULL
    )


def eventually(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_of_two_daemons_one_of_which_dies_each_recipient_has_one_mail(folder: Path) -> None:
    """The first is killed as the server takes Ann's mail; the next finds the slot and the claim."""
    office = Deadly(at=f"taken {ANN}")
    with serving(office) as port:
        chosen = settings(folder, mail(port, ANN, BEN))
        first, second = daemon(folder, NOW), daemon(folder, NOW)
        killed = [first, second]
        office.child = lambda: int((folder / "gapwatch.db.lock").read_text())
        eventually(lambda: all(one.poll() is not None for one in killed))
        assert sorted(one.wait() for one in killed) == [-signal.SIGKILL, 1]
        third = daemon(folder, NOW)
        try:
            eventually(lambda: [name for name, _ in office.all_taken] == [ANN, BEN])
        finally:
            third.kill()
            third.wait()
        fourth = daemon(folder, "2025-01-27T07:20:00Z")  # Ann's claim has run out
        try:
            eventually(lambda: len(office.all_taken) == 3)
            time.sleep(1)
        finally:
            fourth.terminate()
            assert fourth.wait(10) == 0
    assert [name for name, _ in office.all_taken] == [ANN, BEN, ANN]
    assert len({parsed(raw)["Message-ID"] for name, raw in office.all_taken if name == ANN}) == 1
    assert asked(chosen.db, "SELECT count(*) FROM digest") == [(1,)]


def test_a_claim_holds_as_long_as_its_sender_may_live() -> None:
    first = moment("2025-01-27T07:00:00Z")
    ends = [ledger.next_try(n, first, final=False) for n in range(1, ledger.MOST)]
    assert all(isinstance(end, datetime) and end > first for end in ends)
    assert ledger.next_try(ledger.MOST, first, final=False) is None
    assert ledger.next_try(ledger.MOST_REFUSED, first, final=True) is None


def test_a_published_week_stays_as_it_is_whatever_is_learnt_later(folder: Path) -> None:
    chosen = settings(folder)
    week = parse_week(WEEK, chosen.zone)
    once = editions.publish(chosen, week)
    assert editions.publish(later(chosen, days=30), week) == once


@bounded(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 600), st.sampled_from(["sent", "later", "never", "died", "asks"]))))
def test_whatever_happens_there_is_one_claim_at_a_time_and_none_after_it_was_taken(
    story: list[tuple[int, str]],
) -> None:
    """Steps of so many minutes; who gets the claim hands over with that end, or dies with it."""
    with tempfile.TemporaryDirectory() as folder, database.writing(Path(folder) / "x.db") as connection:
        now, held_until, sent = moment(NOW), moment(NOW), False
        for minutes, end in story:
            now += timedelta(minutes=minutes)
            claimed = ledger.claim(connection, WEEK, ANN, now, forced=end == "asks")
            assert not claimed or (now >= held_until and not sent)
            if not claimed:
                continue
            held_until = now + ledger.LEASE if end == "died" else now
            if end != "died":
                sent = end in ("sent", "asks")
                said = ledger.Said(ANN, "<id>", sent, end, end == "never")
                ledger.note_delivery(connection, WEEK, said, now)
        rows = connection.exec_driver_sql("SELECT count(*), min(status = 'sent') FROM delivery").one()
        assert rows[0] <= 1
        assert bool(rows[1]) == sent
