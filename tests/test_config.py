"""Settings: a flag wins over the environment, that over the file; what is wrong is one clear line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tracker import paths
from tracker.config import Probe, Settings, load, parse_since, parse_when
from tracker.errors import UsageError
from tracker.outlets import Mail


def written(folder: Path, text: str) -> Path:
    path = folder / "gapwatch.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_there_are_defaults(tmp_path: Path) -> None:
    settings = load(db=tmp_path / "gapwatch.db", environ={})
    own = paths.config_dir() / "sources"
    assert settings == Settings(db=tmp_path / "gapwatch.db", out=tmp_path / "digests", sources=own)
    assert settings.zone == ZoneInfo("UTC")
    assert settings.mail.to == ()


def test_a_file_sets_everything(tmp_path: Path) -> None:
    config = written(
        tmp_path,
        """
        db = "/data/gapwatch.db"
        out = "/data/out"
        timezone = "Europe/Berlin"
        contact = "https://example.org"
        sources = "/data/sources"
        templates = "/data/templates"
        allow_addresses = ["10.0.0.0/8"]
        workers = 4
        publish_day = "sunday"
        publish_hour = 20
        [mail]
        host = "smtp.example.org"
        port = 25
        security = "none"
        user = "me"
        sender = "gapwatch@example.org"
        to = ["a@example.org", "b@example.org"]
        password_file = "/data/smtp"
        ca_file = "/data/ca.pem"
        [keys]
        SOME_KEY = "/data/key"
        [[probe]]
        endpoint = "https://api.groq.com/openai/v1"
        model = "llama-3.3-70b-versatile"
        provider = "groq"
        key_env = "GROQ_API_KEY"
        price = "0.59:0.79"
        """,
    )
    assert load(config=config, environ={}) == Settings(
        db=Path("/data/gapwatch.db"),
        out=Path("/data/out"),
        timezone="Europe/Berlin",
        contact="https://example.org",
        sources=Path("/data/sources"),
        templates=Path("/data/templates"),
        allow_addresses=("10.0.0.0/8",),
        workers=4,
        publish_day="sunday",
        publish_hour=20,
        mail=Mail(
            host="smtp.example.org",
            port=25,
            security="none",
            user="me",
            sender="gapwatch@example.org",
            to=("a@example.org", "b@example.org"),
            password_file=Path("/data/smtp"),
            ca_file=Path("/data/ca.pem"),
        ),
        keys={"SOME_KEY": Path("/data/key")},
        probes=(
            Probe(
                "https://api.groq.com/openai/v1",
                "llama-3.3-70b-versatile",
                "groq",
                "GROQ_API_KEY",
                "0.59:0.79",
            ),
        ),
    )


def test_one_endpoint_may_be_a_table_of_its_own(tmp_path: Path) -> None:
    config = written(tmp_path, '[probe]\nendpoint = "http://127.0.0.1:8000/v1"\nmodel = "m"')
    assert load(config=config, environ={}).probes == (Probe("http://127.0.0.1:8000/v1", "m"),)


@pytest.mark.parametrize(
    ("flag", "environ", "text", "expected"),
    [
        pytest.param("/flag.db", {"GAPWATCH_DB": "/env.db"}, 'db = "/file.db"', "/flag.db", id="flag"),
        pytest.param(None, {"GAPWATCH_DB": "/env.db"}, 'db = "/file.db"', "/env.db", id="environment"),
        pytest.param(None, {}, 'db = "/file.db"', "/file.db", id="file"),
    ],
)
def test_a_flag_wins_over_the_environment_and_that_over_the_file(
    tmp_path: Path, flag: str | None, environ: dict[str, str], text: str, expected: str
) -> None:
    settings = load(db=Path(flag) if flag else None, config=written(tmp_path, text), environ=environ)
    assert settings.db == Path(expected)


def test_the_environment_names_the_file_too(tmp_path: Path) -> None:
    config = written(tmp_path, "workers = 3")
    assert load(environ={"GAPWATCH_CONFIG": str(config), "GAPWATCH_DB": "/x.db"}).workers == 3


def test_the_environment_gives_numbers_and_lists_as_text() -> None:
    environ = {"GAPWATCH_DB": "/x.db", "GAPWATCH_WORKERS": "2", "GAPWATCH_ALLOW_ADDRESSES": "10.0.0.1, ::1"}
    settings = load(environ=environ)
    assert settings.workers == 2
    assert settings.allow_addresses == ("10.0.0.1", "::1")


def test_an_empty_variable_sets_nothing() -> None:
    names = ("DB", "OUT", "TIMEZONE", "SOURCES", "WORKERS", "CONFIG", "NOW")
    assert load(environ={f"GAPWATCH_{name}": "" for name in names}) == load(environ={})


def test_a_strangers_variable_is_no_setting() -> None:
    assert load(environ={"GAPWATCH_DB": "/x.db", "GAPWATCH_SMTP_PASSWORD": "x"}).db == Path("/x.db")


def test_a_tilde_is_the_home_folder(tmp_path: Path) -> None:
    config = written(tmp_path, 'sources = "~/my-sources"')
    assert load(config=config, environ={}).sources == Path.home() / "my-sources"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("workers = ", "cannot be read as TOML", id="no-toml"),
        pytest.param("wrokers = 3", "unknown key 'wrokers'; known are ", id="unknown-key"),
        pytest.param('now = "2026-01-01"', "unknown key 'now'", id="the-clock-is-no-setting"),
        pytest.param('workers = "many"', "workers: 'many' is not int", id="no-number"),
        pytest.param(
            'allow_addresses = ["intranet"]',
            "allow_addresses: 'intranet' is neither an address nor a network",
            id="no-network",
        ),
        pytest.param(
            'allow_addresses = "10.0.0.0/40"', "allow_addresses: '10.0.0.0/40'", id="no-such-network"
        ),
        pytest.param("[mail]\nport = 0", "[mail]: port must be 1 to 65535, not 0", id="no-port"),
        pytest.param(
            "[mail]\nport = 70000", "[mail]: port must be 1 to 65535, not 70000", id="port-too-high"
        ),
        pytest.param("workers = true", "workers: True is not int", id="true-is-no-number"),
        pytest.param("workers = 0", "workers must be 1 to 64", id="out-of-range"),
        pytest.param('timezone = "Berlin"', "timezone 'Berlin' is unknown", id="no-zone"),
        pytest.param('timezone = "../etc/passwd"', "timezone '../etc/passwd' is unknown", id="no-path"),
        pytest.param('timezone = ""', "timezone '' is unknown", id="empty-zone"),
        pytest.param('publish_day = "Montag"', "publish_day must be a day", id="no-day"),
        pytest.param("publish_hour = 24", "publish_hour 0 to 23", id="no-hour"),
        pytest.param("mail = 3", "[mail] must be a table", id="mail-is-no-table"),
        pytest.param('[mail]\nto = "a@example.org"\nport = "x"', "[mail]: port", id="mail-port"),
        pytest.param('[mail]\nsecurity = "ssl3"', "security must be starttls, tls or none", id="security"),
        pytest.param("[mail]\nto = [1]", "[mail]: to", id="a-recipient-that-is-no-text"),
        pytest.param("[mail]\npassword = 'x'", "[mail]: unknown key 'password'", id="no-secrets-here"),
        pytest.param("keys = 3", "[keys] must be a table", id="keys-are-no-table"),
        pytest.param("[keys]\nA = 3", "[keys]: A: 3 is not", id="a-key-that-is-no-path"),
        pytest.param("probe = 3", "[[probe]] must be a table", id="probe-is-no-table"),
        pytest.param("probe = [3]", "[[probe]] must be a table", id="probes-are-no-tables"),
        pytest.param("[[probe]]\nmodel = 'm'", "[[probe]]: it needs endpoint", id="no-endpoint"),
        pytest.param("[[probe]]\nendpoint='x'\nmodel='m'\nkey='k'", "unknown key 'key'", id="no-key-here"),
    ],
)
def test_what_is_wrong_is_one_line_that_names_the_file_and_the_key(
    tmp_path: Path, text: str, said: str
) -> None:
    config = written(tmp_path, text)
    with pytest.raises(UsageError) as error:
        load(config=config, environ={})
    assert str(error.value).startswith(str(config))
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"GAPWATCH_WORKERS": "many"}, "the environment: workers: 'many' is not"),
        ({"GAPWATCH_TIMEZONE": "Mars"}, "timezone 'Mars' is unknown"),
        ({"GAPWATCH_NOW": "yesterday"}, "'yesterday' is no date"),
        ({"GAPWATCH_NOW": "0001-01-01T00:00:00+14:00"}, "'0001-01-01T00:00:00+14:00' is no date"),
        ({"GAPWATCH_NOW": "0001-01-02"}, "'0001-01-02' is out of range; write a year from 1970 to 2999"),
        ({"GAPWATCH_DB": "~nobody-of-that-name/x.db"}, "db: '~nobody-of-that-name/x.db' has no such home"),
        ({"GAPWATCH_CONFIG": "~nobody-of-that-name/x"}, "CONFIG: '~nobody-of-that-name/x' has no such home"),
        ({"GAPWATCH_CONFIG": "/nowhere/gapwatch.toml"}, "/nowhere/gapwatch.toml: no such configuration file"),
    ],
)
def test_a_wrong_environment_is_one_clear_line(environ: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as error:
        load(environ={"GAPWATCH_DB": "/x.db", **environ})
    assert said in str(error.value)


def test_a_file_that_is_no_text_is_a_clear_line(tmp_path: Path) -> None:
    (tmp_path / "gapwatch.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read as TOML"):
        load(config=tmp_path / "gapwatch.toml", environ={})


def test_a_folder_as_a_file_is_a_clear_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read as TOML"):
        load(config=tmp_path, environ={})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-31", datetime(2026, 5, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-05-31T08:00:00Z", datetime(2026, 5, 31, 8, tzinfo=UTC)),
        ("2026-05-31T08:00:00", datetime(2026, 5, 31, 8, tzinfo=UTC)),
        ("2026-05-31T08:00:00+02:00", datetime(2026, 5, 31, 6, tzinfo=UTC)),
        (" 2026-05-31 ", datetime(2026, 5, 31, 23, 59, 59, tzinfo=UTC)),
        ("20260531", datetime(2026, 5, 31, 23, 59, 59, tzinfo=UTC)),
        ("20260531T08", datetime(2026, 5, 31, 8, tzinfo=UTC)),
    ],
)
def test_a_time_is_utc_unless_it_says_otherwise_and_a_day_means_its_end(
    text: str, expected: datetime
) -> None:
    assert parse_when(text) == expected


@pytest.mark.parametrize("text", ["2026-05-31", "20260531", " 2026-05-31 ", "2026-05-31T00:00:00Z"])
def test_a_span_begins_with_the_first_moment_of_its_day(text: str) -> None:
    assert parse_since(text, "--since") == datetime(2026, 5, 31, tzinfo=UTC)


def test_the_fixed_clock_stands_and_the_real_one_is_utc() -> None:
    fixed = load(db=Path("/x.db"), now="2026-05-31", environ={})
    assert fixed.clock() == fixed.clock() == datetime(2026, 5, 31, 23, 59, 59, tzinfo=UTC)
    assert load(db=Path("/x.db"), environ={}).clock().tzinfo is UTC
