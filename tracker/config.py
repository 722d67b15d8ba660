"""gapwatch.toml, GAPWATCH_* and flags become one frozen `Settings`.

    timezone = "Europe/Berlin"        # weeks of the digest; UTC unless set
    contact = "https://example.org"   # stands in the User-Agent
    sources = "~/my-sources"          # overlays the shipped ones; `sources` beside this file unless set
    templates = "~/my-templates"      # likewise
    [mail] [[deliver]] [alerts]       # who is told, and how: outlets.py
    [digest]
    vendors = ["groq", "together"]    # those that the digest watches; own_use = true tells withheld figures
    [keys]
    ARTIFICIAL_ANALYSIS_API_KEY = "~/.aa-key"    # 0600; or the environment's variable of that name
    [metrics."lmarena.text.coding"]
    task = "agentic coding"           # which task a metric speaks for; and its name
    [site]
    url = "https://example.org/gap/"  # where the site and its feeds are to be found
    own_use = false                   # true: nobody else sees it, so what may not be published stands in it
    [[probe]]
    endpoint = "https://api.groq.com/openai/v1"  # model, provider, key_env, price ("0.05:0.08")

A flag wins over the environment, the environment over the file. Secrets are named here and kept elsewhere
(secrets.py). Raises UsageError with one clear line.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker import paths
from tracker.errors import UsageError
from tracker.outlets import Alerts, Mail, Outlet, alerts_of, mail_of, outlets_of
from tracker.secrets import secret
from tracker.settable import checked, convert, listed, network, taken

if TYPE_CHECKING:  # every question reads the settings; what they do not need is imported where it is
    from zoneinfo import ZoneInfo

PROJECT_URL = "https://github.com/gapwatch/gapwatch"
LONGEST_DAY = len("2026-05-31")  # what is longer has a time
YEARS = range(1970, 3000)  # that may be asked about: weeks, months and lags beside them are dates, too


@dataclass(frozen=True, slots=True)
class Site:
    """Where the site will be found ("" unknown), and whether it is for the user's eyes alone."""

    url: str = ""
    own_use: bool = False


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
class Editing:
    """What the digest tells: the vendors that it always watches, and whether it is for one's own use.

    Then it holds the figures, too, whose terms forbid publishing, and says so.
    """

    own_use: bool = False
    vendors: tuple[str, ...] = ("groq", "together", "fireworks", "cerebras")


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
    deliver: tuple[Outlet, ...] = ()
    alerts: Alerts = field(default_factory=Alerts)
    site: Site = field(default_factory=Site)
    digest: Editing = field(default_factory=Editing)
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
    when = parse_since(text, name)
    return when.replace(hour=23, minute=59, second=59) if len(text.strip()) <= LONGEST_DAY else when


def parse_since(text: str, name: str) -> datetime:
    """An RFC 3339 time, or a day (its first moment), as an aware UTC datetime of one of YEARS."""
    try:
        when = datetime.fromisoformat(text.strip())
        found = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise UsageError(f"{name}: {text!r} is no date; write 2026-05-31 or 2026-05-31T08:00:00Z") from None
    check_year(found.year, text, name)
    return found


def check_year(year: int, text: str, name: str) -> None:
    """UsageError for a year that is none of YEARS, in which nothing of what is watched can lie."""
    if year not in YEARS:
        raise UsageError(f"{name}: {text!r} is out of range; write a year from {YEARS[0]} to {YEARS[-1]}")


def load(
    *,
    db: Path | None = None,
    config: Path | None = None,
    now: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> Settings:
    """Read the configuration. UsageError names the file and the key that is wrong."""
    named = environ.get("GAPWATCH_CONFIG")
    chosen = config or (convert(Path, named, "GAPWATCH_CONFIG") if named else None)
    where = chosen or paths.config_dir() / "gapwatch.toml"
    table = _read(where, required=chosen is not None)
    apart = _apart(table, where)
    values = checked(Settings, table, where, skip=_APART)
    values |= checked(
        Settings,
        {
            key[9:].lower(): value
            for key, value in environ.items()
            if value and key.startswith("GAPWATCH_") and key[9:].lower() in _ENVIRONMENT
        },
        "the environment",
        skip=_APART,
    )
    values["db"] = db or values.get("db") or paths.data_dir() / "gapwatch.db"
    values.setdefault("out", values["db"].parent / "digests")
    values.setdefault("sources", where.parent / "sources")
    moment = now or environ.get("GAPWATCH_NOW")
    values["now"] = parse_when(moment) if moment else None
    settings = Settings(**values, **apart)
    _check_ranges(settings, where)
    return settings


def _apart(table: dict[str, Any], where: object) -> dict[str, Any]:
    """Take what stands in tables of its own out of the configuration."""
    mail, keys = mail_of(taken(table, "mail", where), where), taken(table, "keys", where)
    deliver = outlets_of(listed(table, "deliver", where, frozenset({"name", "kind"})), where)
    known = {one.name for one in deliver} | {one.address for one in mail.everyone}
    return {
        "mail": mail,
        "deliver": deliver,
        "digest": Editing(**checked(Editing, taken(table, "digest", where), f"{where} [digest]")),
        "alerts": alerts_of(taken(table, "alerts", where), known, where),
        "keys": {name: convert(Path, value, f"{where} [keys]: {name}") for name, value in keys.items()},
        "site": Site(**checked(Site, taken(table, "site", where), f"{where} [site]")),
        "metrics": taken(table, "metrics", where),
        "probes": _probes(listed(table, "probe", where, frozenset({"endpoint", "model"})), where),
    }


_ENVIRONMENT = {"db", "out", "timezone", "contact", "sources", "templates", "workers", "allow_addresses"}
# Tables of their own, or no setting.
_APART = {"mail", "deliver", "alerts", "site", "digest", "keys", "metrics", "probes", "now"}


def _probes(tables: list[dict[str, Any]], where: object) -> tuple[Probe, ...]:
    """The endpoints to measure, of [[probe]] tables, or of one [probe]."""
    return tuple(Probe(**checked(Probe, one, f"{where} [[probe]]")) for one in tables)


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


def _check_ranges(settings: Settings, where: object) -> None:
    try:
        if settings.timezone != "UTC":
            settings.zone.utcoffset(None)
    except (LookupError, ValueError, OSError):
        raise UsageError(
            f"{where}: timezone {settings.timezone!r} is unknown; write one like Europe/Berlin"
        ) from None
    for text in settings.allow_addresses:
        network(text, f"{where}: allow_addresses")
    if not 1 <= settings.workers <= 64:
        raise UsageError(f"{where}: workers must be 1 to 64, not {settings.workers}")
    if settings.site.url and not settings.site.url.startswith(("https://", "http://")):
        raise UsageError(f"{where} [site]: url must begin with https://, not {settings.site.url!r}")
    if settings.publish_day not in DAYS or not 0 <= settings.publish_hour <= 23:
        raise UsageError(f"{where}: publish_day must be a day of the week and publish_hour 0 to 23")


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
