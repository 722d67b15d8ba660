"""`gapwatch digest` in each form, to the screen, to a file, and as a site."""

from __future__ import annotations

import email
import json
from email import policy
from pathlib import Path

import feedparser
import pytest
from click.testing import CliRunner, Result

from tests.support import sites
from tracker.cli import cli

NOW = "2025-02-17T08:00:00Z"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("forms")
    sites.fill(made)
    sites.publish(made, "2025-W04", "2025-W06")
    return made


def digest(folder: Path, *words: str) -> Result:
    config = folder / "none.toml"
    config.write_text('[site]\nurl = "https://example.org/gap"\n')
    given = ["--db", str(folder / "g.db"), "--config", str(config), "--now", NOW, "digest", *words]
    return CliRunner().invoke(cli, given, prog_name="gapwatch")


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("text", "GAPWATCH · week 6 of 2025"),
        ("html", "<!doctype html>"),
        ("md", "# "),
        ("json", "{"),
        ("eml", "From: Gapwatch <gapwatch@localhost>"),
        ("atom", '<?xml version="1.0"'),
        ("jsonfeed", "{"),
    ],
)
def test_a_form_is_printed_or_written(folder: Path, tmp_path: Path, form: str, start: str) -> None:
    printed = digest(folder, "--week", "2025-W06", "--format", form)
    assert printed.exit_code == 0
    assert printed.stdout.lstrip().startswith(start)
    file = tmp_path / "out"
    assert digest(folder, "--week", "2025-W06", "--format", form, "-o", str(file)).stdout == ""
    assert file.read_text(encoding="utf-8").lstrip().startswith(start)


def test_a_mail_as_a_file_is_whole(folder: Path) -> None:
    said = digest(folder, "--week", "2025-W06", "--format", "eml").stdout
    message = email.message_from_string(said, policy=policy.default)
    assert {part.get_content_type() for part in message.walk()} >= {"text/plain", "text/html"}
    assert "2025-W06" in message["Message-ID"]


def test_the_feeds_have_the_frozen_weeks_alone(folder: Path) -> None:
    read = feedparser.parse(digest(folder, "--format", "atom").stdout.encode())
    assert [entry.link for entry in read.entries] == [
        "https://example.org/gap/digests/2025-W06.html",
        "https://example.org/gap/digests/2025-W04.html",
    ]
    items = json.loads(digest(folder, "--format", "jsonfeed").stdout)["items"]
    assert [item["id"] for item in items] == [entry.id for entry in read.entries]


def test_a_site_says_where_it_is_and_what_is_new(folder: Path, tmp_path: Path) -> None:
    made = digest(folder, "--site", str(tmp_path / "site"))
    assert (made.exit_code, made.stdout) == (0, "")
    assert f"{tmp_path / 'site' / 'index.html'}: " in made.stderr
    assert "0 pages written" in digest(folder, "--site", str(tmp_path / "site")).stderr


def test_a_week_may_be_printed_to_a_file_beside_its_site(folder: Path, tmp_path: Path) -> None:
    words = ("--week", "2025-W06", "--site", str(tmp_path / "site"), "-o", str(tmp_path / "w.txt"))
    assert digest(folder, *words).exit_code == 0
    assert (tmp_path / "w.txt").read_text().startswith("GAPWATCH")
    assert (tmp_path / "site" / "digests" / "2025-W06.html").is_file()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('url = "ftp://x"', "url must begin with https://"),
        ("own = true", "unknown key 'own'"),
        ("own_use = 1", "own_use"),
    ],
)
def test_a_wrong_setting_is_named(folder: Path, setting: str, said: str) -> None:
    config = folder / "wrong.toml"
    config.write_text(f"[site]\n{setting}\n")
    done = CliRunner().invoke(cli, ["--db", str(folder / "g.db"), "--config", str(config), "digest"])
    assert done.exit_code != 0
    assert said in (done.stderr or str(done.exception))
