"""A place that wants the user's key: without one it rests, with one it is asked, and nobody else learns it.

The place is a real source file in a folder of the user's, on a real server.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.servers import Asked, Reply, Site, answer, redirect, site
from tracker.cli import cli
from tracker.collect.registry import find
from tracker.config import Settings, load
from tracker.errors import UsageError
from tracker.secrets import secret

KEY = "k-an-invented-key-0123456789"
NAME = "BOARD_KEY"
PAGE = answer(b'[{"model": "gpt-4o", "score": 1}]')
SOURCE = '''"""A board that wants a key."""
from decimal import Decimal
from tracker.domain import Follow, Kind, Observation
from tracker.source import Key, Source

def parse(payload):
    for row in payload.json():
        if "follow" in row:
            yield Follow(row["follow"])
        else:
            yield Observation(row["model"], "lmarena.text.overall", Decimal(row["score"]))

source = Source(kind=Kind.LEADERBOARD, parse=parse, licence="MIT", credit="A board", urls=("{url}",),
    key=Key("BOARD_KEY", "X-Api-Key", "https://board.example/keys", prefix="Token "))
'''


class Place:
    """The user's folder, with one source that wants a key, and what Gapwatch does there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.db = folder, folder / "gapwatch.db"
        self.config = folder / "gapwatch.toml"
        self.configure("")

    def configure(self, more: str) -> None:
        self.config.write_text(f'sources = "{self.folder}"\nallow_addresses = ["127.0.0.0/8"]\n{more}')

    def watch(self, url: str) -> None:
        (self.folder / "board.py").write_text(SOURCE.replace("{url}", url))

    def run(self, *words: str, now: str = "2026-05-31T08:00:00Z") -> Result:
        asked = ["--db", str(self.db), "--config", str(self.config), "--now", now, *words]
        return CliRunner().invoke(cli, asked, prog_name="gapwatch")

    def poll(self, **more: str) -> dict[str, str]:
        done = self.run("sources", "poll", "board", "--json", **more)
        (row,) = json.loads(done.stdout)
        return {"code": str(done.exit_code), "outcome": row["outcome"], "note": row["note"]}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name in [name for name in os.environ if name.lower().endswith("_proxy") or name == NAME]:
        monkeypatch.delenv(name)
    return Place(tmp_path)


@contextmanager
def serving(place: Place, replies: dict[str, Reply]) -> Iterator[Site]:
    with site(replies) as server:
        place.watch(server.url("/board"))
        yield server


def sent(server: Site) -> dict[str, str | None]:
    return {asked.path: asked.headers.get("x-api-key") for asked in server.asked}


def test_without_a_key_a_place_rests_and_its_note_says_how_to_give_one(place: Place) -> None:
    with serving(place, {"/board": PAGE}) as server:
        said = place.poll()
        assert (said["code"], said["outcome"]) == ("0", "paused")
        assert said["note"] == (
            "it needs your key: set BOARD_KEY, or name its file under [keys] in gapwatch.toml; "
            "see https://board.example/keys"
        )
        assert server.connections == 0
    listed = json.loads(place.run("sources", "list", "--json").stdout)
    (row,) = [row for row in listed if row["name"] == "board"]
    assert (row["outcome"], row["failures"], row["next_due"]) == ("paused", 0, "2026-05-31T20:00:00Z")


def test_a_resting_place_is_neither_wrong_nor_silent(place: Place) -> None:
    place.watch("https://board.example/board")
    place.poll()
    examined = json.loads(place.run("doctor", "--json").stdout)
    told = [finding for finding in examined if finding["check"] == "sources"]
    about = [finding for finding in told if re.search(r"\bboard\b", finding["text"])]
    assert [(finding["fine"], finding["text"]) for finding in about] == [
        (True, "paused: board; see gapwatch sources list")
    ]
    digest = place.run("digest", "--format", "json", now="2026-05-31T09:00:00Z")
    assert digest.exit_code == 0, digest.stderr
    assert "BOARD_KEY" not in digest.stdout


def test_with_the_key_it_is_asked_and_a_place_that_rested_is_due_at_once(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(place, {"/board": PAGE}) as server:
        assert place.poll()["outcome"] == "paused"
        monkeypatch.setenv(NAME, KEY)
        others = sorted(find().sources)  # whose hosts nobody answers for here
        assert place.run("sources", "pause", *others).exit_code == 0
        polled = json.loads(place.run("sources", "poll", "--json", now="2026-05-31T08:05:00Z").stdout)
        assert [row["outcome"] for row in polled if row["name"] == "board"] == ["new"]
        assert sent(server) == {"/robots.txt": None, "/board": f"Token {KEY}"}


def test_a_key_may_come_from_a_private_file(place: Place) -> None:
    file = place.folder / "key"
    file.write_text(f"{KEY}\n")
    file.chmod(0o600)
    place.configure(f'[keys]\n{NAME} = "{file}"\n')
    with serving(place, {"/board": PAGE}) as server:
        assert place.poll() == {"code": "0", "outcome": "new", "note": ""}
        assert sent(server)["/board"] == f"Token {KEY}"
    assert "BOARD_KEY can be read, by you alone" in place.run("doctor").stdout


BAD_FILES = {
    "others can read it": (0o644, KEY, "can be read by others; give it the mode 600"),
    "it is empty": (0o600, "\n", "is empty"),
    "it is not there": (None, "", "cannot be read: No such file or directory"),
}


@pytest.mark.parametrize(("mode", "content", "said"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_file_that_is_no_secret_is_refused_and_the_place_is_not_asked(
    place: Place, mode: int | None, content: str, said: str
) -> None:
    file = place.folder / "key"
    if mode is not None:
        file.write_text(content)
        file.chmod(mode)
    place.configure(f'[keys]\n{NAME} = "{file}"\n')
    with serving(place, {"/board": PAGE}) as server:
        polled = place.poll()
        assert (polled["code"], polled["outcome"]) == ("3", "failed")
        assert polled["note"] == f"[keys] {NAME} {file} {said}"
        assert server.connections == 0
    assert said in place.run("doctor").stdout


def test_the_environment_wins_and_an_empty_variable_is_none(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("filed")
    file.chmod(0o600)
    settings = Settings(tmp_path / "g.db", tmp_path, keys={NAME: file})
    assert settings.key(NAME, {NAME: f"{KEY}\n"}) == KEY
    assert settings.key(NAME, {NAME: ""}) == "filed"
    assert settings.key("OTHER", {}) == ""
    assert secret(NAME, None, "x", {}) == ""


def test_keys_are_named_in_the_configuration_and_never_stand_there(tmp_path: Path) -> None:
    config = tmp_path / "gapwatch.toml"
    config.write_text(f"[keys]\n{NAME} = '~/key'\n")
    assert load(config=config, environ={}).keys == {NAME: Path.home() / "key"}
    config.write_text(f"[keys]\n{NAME} = 3\n")
    with pytest.raises(UsageError, match="BOARD_KEY: 3 is not Path"):
        load(config=config, environ={})


# Nobody else learns it


def echoing(connection: object, asked: Asked) -> None:
    body = f'[{{"model": "gpt-4o", "score": 1, "you": "{asked.headers.get("x-api-key")}"}}]'.encode()
    connection.sendall(answer(body, ETag=f'"{KEY}"'))  # type: ignore[attr-defined]


ANSWERS: dict[str, tuple[Reply, str]] = {
    "a page": (PAGE, "new"),
    "a wrong key": (answer(KEY.encode(), 401), "failed"),
    "forbidden": (answer(KEY.encode(), 403), "blocked"),
    "a key that comes back in the page": (echoing, "failed"),
    "a key that comes back in a header": (answer(b"[]", ETag=f'"{KEY}"'), "failed"),
    "a redirect that shows it": (redirect(f"ftp://{KEY}/"), "failed"),
    "a redirect that shows it in a query": (redirect(f"http://[{KEY}"), "failed"),
    "a page that is none": (answer(f"<html>{KEY}".encode()), "failed"),
    "an answer that is none": (answer(b"", 500), "failed"),
}


@pytest.mark.parametrize(("reply", "outcome"), ANSWERS.values(), ids=ANSWERS.keys())
def test_a_key_reaches_no_message_no_file_and_no_digest(
    place: Place, monkeypatch: pytest.MonkeyPatch, reply: Reply, outcome: str
) -> None:
    monkeypatch.setenv(NAME, KEY)
    with serving(place, {"/board": reply}) as server:
        ran = place.run("--verbose", "sources", "poll", "board")
        tested = place.run("--verbose", "sources", "test", "board")
        assert sent(server)["/board"] == f"Token {KEY}"
    texts = [ran.output, ran.stderr, tested.output, tested.stderr]
    for words in (["sources", "list"], ["sources", "show", "board"], ["changes"], ["doctor"], ["digest"]):
        asked = place.run("--verbose", *words)
        texts += [asked.output, asked.stderr]
    assert f" {outcome} " in ran.output
    files = {path: path.read_bytes() for path in place.folder.rglob("*") if path.is_file()}
    with closing(sqlite3.connect(place.db)) as connection:
        bodies = [zlib.decompress(row[0]) for row in connection.execute("SELECT body FROM payload")]
    assert not [text for text in texts if KEY in text]
    assert not [path for path, body in files.items() if KEY.encode() in body]
    assert not [body for body in bodies if KEY.encode() in body]


def test_a_wrong_key_is_told_by_its_name(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, KEY)
    with serving(place, {"/board": answer(b"no", 401)}):
        assert place.poll()["note"].endswith("/board answered 401 Unauthorized; is BOARD_KEY right?")


def test_a_key_goes_to_the_places_own_host_alone(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a redirect nor a further page that the source names itself takes it elsewhere."""
    monkeypatch.setenv(NAME, KEY)
    with (
        site({"*": PAGE}, address="127.0.0.2") as other,
        site({}) as server,
    ):
        further = [{"follow": server.url("/more")}, {"follow": other.url("/page")}]
        server.replies = {
            "/board": answer(json.dumps(further).encode()),
            "/more": redirect(other.url("/elsewhere")),
        }
        place.watch(server.url("/board"))
        assert place.poll()["outcome"] == "new"
        assert sent(server) == {"/robots.txt": None, "/board": f"Token {KEY}", "/more": f"Token {KEY}"}
        assert other.paths() == ["/elsewhere", "/page"]
        assert set(sent(other).values()) == {None}


def test_a_short_word_is_no_secret_and_may_stand_in_a_page(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NAME, "model")
    with serving(place, {"/board": PAGE}):
        assert place.poll()["outcome"] == "new"
