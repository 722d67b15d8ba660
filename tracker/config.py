"""gapwatch.toml, GAPWATCH_* and flags become one frozen `Settings`.

    timezone = "Europe/Berlin"        # weeks of the digest; UTC unless set
    contact = "https://example.org"   # stands in the User-Agent
    sources = "~/my-sources"          # overlays the shipped ones; `sources` beside this file unless set
    templates = "~/my-templates"      # likewise
    [mail]
    host = "smtp.example.org"         # port, security ("starttls", "tls", "none"), user, sender, to = [...]
    password_file = "~/.smtp"         # 0600; or GAPWATCH_SMTP_PASSWORD
    [keys]
    ARTIFICIAL_ANALYSIS_API_KEY = "~/.aa-key"    # 0600; or the environment's variable of that name
    [metrics."lmarena.text.coding"]
    task = "agentic coding"           # which task a metric speaks for; and its name
    [[probe]]
    endpoint = "https://api.groq.com/openai/v1"  # model, provider, key_env, price ("0.05:0.08")

A flag wins over the environment, the environment over the file. Secrets are named here and kept elsewhere
(secrets.py). Raises UsageError with one clear line.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from tracker import paths
from tracker.errors import UsageError
from tracker.secrets import secret

if TYPE_CHECKING:  # every question reads the settings; what they do not need is imported where it is
    from zoneinfo import ZoneInfo

PROJECT_URL = "https://github.com/gapwatch/gapwatch"


@dataclass(frozen=True, slots=True)
class Mail:
    """How the digest is sent. `to` empty means: not by mail."""

    host: str = "localhost"
    port: int = 587
    security: str = "starttls"
    user: str = ""
    sender: str = "gapwatch@localhost"
    to: tuple[str, ...] = ()
    password_file: Path | None = None
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """An endpoint whose speed the user measures: its base URL, the model's name there, who serves it.

    `key_env` names the key; `price` is what it costs, IN:OUT in USD per million tokens, where no list says.
    """

    endpoint: str
    model: str
    provider: str = ""
    key_env: str = ""
    price: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, with its default."""

    db: Path
    out: Path
    timezone: str = "UTC"
    contact: str = PROJECT_URL
    sources: Path | None = None
    templates: Path | None = None
    allow_addresses: tuple[str, ...] = ()
    workers: int = 8
    publish_day: str = "monday"
    publish_hour: int = 6
    mail: Mail = field(default_factory=Mail)
    keys: Mapping[str, Path] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)  # checked where metrics are known
    probes: tuple[Probe, ...] = ()
    now: datetime | None = None

    def clock(self) -> datetime:
        """The time to act by: the real one, or the fixed one of `--now`."""
        return self.now or datetime.now(UTC).replace(microsecond=0)

    @property
    def zone(self) -> ZoneInfo:
        """The zone whose Mondays begin a week."""
        from zoneinfo import ZoneInfo

        return ZoneInfo(self.timezone)

    def key(self, name: str, environ: Mapping[str, str] = os.environ) -> str:
        """The user's key of that name, or "" where there is none; UsageError where its file is no secret."""
        return secret(name, self.keys.get(name), f"[keys] {name}", environ)


def parse_when(text: str, name: str = "--now") -> datetime:
    """An RFC 3339 time, or a day (its end), as an aware UTC datetime."""
    try:
        when = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        raise UsageError(f"{name}: {text!r} is no date; write 2026-05-31 or 2026-05-31T08:00:00Z") from None
    if len(text.strip()) == 10:
        when = when.replace(hour=23, minute=59, second=59)
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)


def load(
    *,
    db: Path | None = None,
    config: Path | None = None,
    now: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Read the configuration. UsageError names the file and the key that is wrong."""
    chosen = config or _path(environ.get("GAPWATCH_CONFIG"))
    where = chosen or paths.config_dir() / "gapwatch.toml"
    table = _read(where, required=chosen is not None)
    raw_mail, raw_keys = _table(table, "mail", where), _table(table, "keys", where)
    probes = _probes(table.pop("probe", []), where)
    metrics = _table(table, "metrics", where)
    values = _checked(Settings, table, where, skip=_APART)
    values |= _checked(
        Settings,
        {
            key[9:].lower(): value
            for key, value in environ.items()
            if key.startswith("GAPWATCH_") and key[9:].lower() in _ENVIRONMENT
        },
        "the environment",
        skip=_APART,
    )
    values["db"] = db or values.get("db") or paths.data_dir() / "gapwatch.db"
    values.setdefault("out", values["db"].parent / "digests")
    values.setdefault("sources", where.parent / "sources")
    moment = now or environ.get("GAPWATCH_NOW")
    mail = Mail(**_checked(Mail, raw_mail, f"{where} [mail]"))
    keys = {name: _convert(Path, value, f"{where} [keys]: {name}") for name, value in raw_keys.items()}
    now_or_none = parse_when(moment) if moment else None
    settings = Settings(**values, mail=mail, keys=keys, metrics=metrics, probes=probes, now=now_or_none)
    _check_ranges(settings, where)
    return settings


_ENVIRONMENT = {"db", "out", "timezone", "contact", "sources", "templates", "workers", "allow_addresses"}
_APART = {"mail", "keys", "metrics", "probes", "now"}  # tables of their own, or no setting


def _table(table: dict[str, Any], name: str, where: object) -> dict[str, Any]:
    """Take a table out of the configuration."""
    found = table.pop(name, {})
    if not isinstance(found, dict):
        raise UsageError(f"{where}: [{name}] must be a table")
    return found


def _probes(listed: Any, where: object) -> tuple[Probe, ...]:
    """The endpoints to measure, of [[probe]] tables, or of one [probe]."""
    tables = [listed] if isinstance(listed, dict) else listed
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise UsageError(f"{where}: [[probe]] must be a table")
    for table in tables:
        if missing := {"endpoint", "model"} - table.keys():
            raise UsageError(f"{where} [[probe]]: it needs {' and '.join(sorted(missing))}")
    return tuple(Probe(**_checked(Probe, table, f"{where} [[probe]]")) for table in tables)


def _read(where: Path, *, required: bool) -> dict[str, Any]:
    if not required and not where.exists():
        return {}
    import tomllib

    try:
        return tomllib.loads(where.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UsageError(f"{where}: no such configuration file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{where}: cannot be read as TOML: {error}") from None


def _checked(
    into: type, table: Mapping[str, Any], where: object, skip: set[str] | None = None
) -> dict[str, Any]:
    """The table's values, each of the type that its field has."""
    if not table:
        return {}
    known = {f.name for f in fields(into)} - (skip or set())
    hints = get_type_hints(into)
    values = {}
    for key, value in table.items():
        if key not in known:
            raise UsageError(f"{where}: unknown key {key!r}; known are {', '.join(sorted(known))}")
        values[key] = _convert(hints[key], value, f"{where}: {key}")
    return values


def _convert(hint: Any, value: Any, name: str) -> Any:
    if hint is Path or hint == Path | None:
        if isinstance(value, str | Path):
            return Path(value).expanduser()
    elif hint == tuple[str, ...]:
        parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
            return tuple(parts)
    elif hint is int:
        if isinstance(value, str) and value.isdecimal():
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    elif isinstance(value, hint):
        return value
    raise UsageError(f"{name}: {value!r} is not {getattr(hint, '__name__', hint)}")


def _check_ranges(settings: Settings, where: object) -> None:
    try:
        if settings.timezone != "UTC":
            settings.zone.utcoffset(None)
    except (LookupError, ValueError, OSError):
        raise UsageError(
            f"{where}: timezone {settings.timezone!r} is unknown; write one like Europe/Berlin"
        ) from None
    if not 1 <= settings.workers <= 64:
        raise UsageError(f"{where}: workers must be 1 to 64, not {settings.workers}")
    if settings.mail.security not in ("starttls", "tls", "none"):
        raise UsageError(f"{where} [mail]: security must be starttls, tls or none")
    if settings.publish_day not in DAYS or not 0 <= settings.publish_hour <= 23:
        raise UsageError(f"{where}: publish_day must be a day of the week and publish_hour 0 to 23")


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _path(text: str | None) -> Path | None:
    return Path(text).expanduser() if text else None
