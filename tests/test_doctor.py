"""`gapwatch doctor`: each thing that can be wrong is found, named, and comes with what to do.

Real databases, spoilt in one way each.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.arrivals import arrival, at, board, register, score
from tracker.cli.keep_doctor import Finding, doctor, examine
from tracker.config import Settings, load
from tracker.domain import Outcome
from tracker.outlets import Mail
from tracker.store import database, health, writer
from tracker.store.health import Report

SECRET = "correct horse battery staple"
BODY = b"a page that is long enough to fill more than one database page " * 800


@pytest.fixture
def well(tmp_path: Path) -> Settings:
    """Settings of a database in which nothing is wrong."""
    settings = load(db=tmp_path / "gapwatch.db", now="2026-05-31T20:00:00Z", environ={})
    place = board()
    with database.writing(settings.db) as connection:
        register(connection, place)
        writer.store(connection, arrival(place, at("2026-05-31T08:00"), [score("a", "1")], body=BODY))
        health.report(connection, Report("board", Outcome.NEW, at("2026-05-31T08:00"), rows=1))
    return settings


def wrong(settings: Settings) -> list[Finding]:
    return [finding for finding in examine(settings) if not finding.fine]


def change(settings: Settings, *statements: str) -> None:
    with closing(sqlite3.connect(settings.db)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_where_all_is_fine_it_says_so_and_ends_with_0(well: Settings) -> None:
    result = CliRunner().invoke(doctor, obj=well)
    assert result.exit_code == 0
    assert [line[:5] for line in result.output.splitlines()] == ["fine "] * 9
    assert "1 watched, none silent" in result.output


def test_it_changes_nothing(well: Settings) -> None:
    before = well.db.read_bytes()
    examine(well)
    assert well.db.read_bytes() == before
    left = {file.name for file in well.db.parent.iterdir()}
    assert left - {"gapwatch.db-shm", "gapwatch.db-wal"} == {"gapwatch.db"}  # SQLite's own, for readers


def test_without_a_database_it_says_how_to_make_one_and_makes_none(tmp_path: Path) -> None:
    settings = load(db=tmp_path / "gapwatch.db", environ={})
    (finding,) = wrong(settings)
    assert finding.text.endswith("no database yet; `gapwatch run` makes one")
    assert not settings.db.exists()


def another_programs(settings: Settings) -> None:
    settings.db.unlink()
    change(settings, "CREATE TABLE bookmarks (url TEXT)")


def a_flipped_byte(settings: Settings) -> None:
    """Inside a stored value, where SQLite's own check does not look."""
    with closing(sqlite3.connect(settings.db)) as connection, connection:
        (body,) = connection.execute("SELECT body FROM payload").fetchone()
        spoilt = body[:-20] + bytes([body[-20] ^ 1]) + body[-19:]
        connection.execute("UPDATE payload SET body = ?", (spoilt,))


def other_bytes(settings: Settings) -> None:
    import zlib

    with closing(sqlite3.connect(settings.db)) as connection, connection:
        connection.execute("UPDATE payload SET body = ?", (zlib.compress(b"another page"),))


def a_damaged_index(settings: Settings) -> None:
    """An index that does not hold what its table holds."""
    with closing(sqlite3.connect(settings.db)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET rootpage = (SELECT rootpage FROM sqlite_master"
            " WHERE name = 'ix_point_capture') WHERE name = 'ix_series_subject'"
        )


def a_lost_capture(settings: Settings) -> None:
    change(settings, "DELETE FROM capture")


def a_silent_source(settings: Settings) -> None:
    change(
        settings, "UPDATE source SET last_success = '2026-05-20T08:00:00Z', outcome = 'failed', note = '503'"
    )


def a_source_never_heard_from(settings: Settings) -> None:
    change(settings, "UPDATE source SET last_success = NULL, outcome = 'offline', note = 'no network'")


def a_clock_that_is_behind(settings: Settings) -> None:
    change(settings, "UPDATE capture SET until = '2026-06-09T08:00:00Z'")


@pytest.mark.parametrize(
    ("spoil", "check", "said"),
    [
        pytest.param(another_programs, "database", "is another program's database", id="foreign"),
        pytest.param(a_flipped_byte, "payloads", "1 of 1 are not what was fetched", id="flipped-byte"),
        pytest.param(other_bytes, "payloads", "1 of 1 are not what was fetched", id="other-bytes"),
        pytest.param(a_damaged_index, "integrity", "the file is damaged", id="damaged-index"),
        pytest.param(
            a_lost_capture, "integrity", "rows refer to what is not there: 1 of capture_page", id="lost-rows"
        ),
        pytest.param(a_silent_source, "sources", "board silent since 2026-05-20", id="silent"),
        pytest.param(
            a_source_never_heard_from, "sources", "board never heard from (offline: no network)", id="never"
        ),
        pytest.param(a_clock_that_is_behind, "clock", "the last capture is of 2026-06-09", id="clock"),
    ],
)
def test_what_is_wrong_is_found(
    well: Settings, spoil: Callable[[Settings], None], check: str, said: str
) -> None:
    spoil(well)
    found = [finding for finding in wrong(well) if finding.check == check]
    assert said in found[0].text
    assert found[0].remedy or "choose another" in found[0].text


def test_a_broken_source_file_is_found(well: Settings, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "broken.py").write_text("this is no Python\n")
    (finding,) = wrong(replace(well, sources=tmp_path / "mine"))
    assert finding.text.startswith("source broken is broken: ")


@pytest.mark.parametrize(
    ("mail", "said"),
    [
        pytest.param(
            Mail(host="smtp.example", user="me", to=("you@example.org",)),
            "user is set, but no password",
            id="no-password",
        ),
        pytest.param(
            Mail(user="me", to=("you@example.org",), password_file=Path("/nowhere/smtp")),
            "/nowhere/smtp",
            id="no-file",
        ),
    ],
)
def test_mail_that_cannot_be_sent_is_found(
    well: Settings, monkeypatch: pytest.MonkeyPatch, mail: Mail, said: str
) -> None:
    monkeypatch.delenv("GAPWATCH_SMTP_PASSWORD", raising=False)
    (finding,) = wrong(replace(well, mail=mail))
    assert finding.check == "mail"
    assert said in finding.text


def test_no_secret_is_printed(well: Settings, tmp_path: Path) -> None:
    file = tmp_path / "smtp"
    file.write_text(SECRET)
    file.chmod(0o600)
    mail = Mail(host="smtp.example", user="me", to=("you@example.org",), password_file=file)
    for arguments in ([], ["--json"]):
        result = CliRunner().invoke(doctor, arguments, obj=replace(well, mail=mail))
        assert result.exit_code == 0
        assert SECRET not in result.output
        assert "smtp.example" in result.output


def test_json_holds_the_same_findings_and_the_exit_code_is_1(well: Settings) -> None:
    a_silent_source(well)
    result = CliRunner().invoke(doctor, ["--json"], obj=well)
    assert result.exit_code == 1
    told = [Finding(**row) for row in json.loads(result.output)]
    still, again = ([f for f in found if f.check != "disk"] for found in (told, examine(well)))
    assert still == again  # how much of the disk is free changes meanwhile


def test_a_note_from_a_source_cannot_steer_the_terminal(well: Settings) -> None:
    change(well, "UPDATE source SET last_success = NULL, outcome = 'failed', note = 'x' || char(27) || '[2J'")
    assert "\x1b" not in CliRunner().invoke(doctor, obj=well).output
