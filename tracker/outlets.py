"""Who is told, and how, as gapwatch.toml says: mail and its readers, other outlets, rules of alerts.

[mail]                            # host, port, security, user, sender, to = [...], password_file, ca_file
unsubscribe_url = "https://..."   # with unsubscribe_listen, where the daemon answers; unsubscribe_mailto
[[mail.recipients]]               # a reader of their own: address, tasks, zone, numbers, dates
[[deliver]]                       # name, kind: file, maildir, webhook or apprise; path, form or url, url_file
[alerts]                          # to = [names and addresses], and a [[alerts.rules]] for each rule
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from tracker.errors import UsageError
from tracker.secrets import secret
from tracker.settable import checked, listed, one_of

NUMBERS = ("1,234.5", "1.234,5", "1 234,5", "1'234.5", "1234.5", "1234,5")
DATES = ("24 January", "January 24", "Jan 24", "2025-01-24")
KINDS = ("file", "maildir", "webhook", "apprise")
FORMS = ("html", "text", "json", "eml")
RULES = ("gap", "price", "cheapest", "retiring", "incident")
SECURITY = ("starttls", "tls", "none")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_LINK = re.compile(r"https://[!-;=?-~]+")  # as it may stand between < and > in a header


@dataclass(frozen=True, slots=True)
class Reader:
    """How somebody reads the digest: which tasks (none: all), in which zone, which figures and dates."""

    tasks: tuple[str, ...] = ()
    zone: str = ""
    numbers: str = NUMBERS[0]
    dates: str = DATES[0]


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets the digest by mail, and what is their own in it."""

    address: str
    tasks: tuple[str, ...] = ()
    zone: str = ""
    numbers: str = NUMBERS[0]
    dates: str = DATES[0]

    @property
    def reader(self) -> Reader:
        """How they read it."""
        return Reader(self.tasks, self.zone, self.numbers, self.dates)


@dataclass(frozen=True, slots=True)
class Mail:
    """How the digest is mailed. Without `to` and `recipients`: not at all."""

    host: str = "localhost"
    port: int = 587
    security: str = "starttls"
    user: str = ""
    sender: str = "gapwatch@localhost"
    to: tuple[str, ...] = ()
    password_file: Path | None = None
    ca_file: Path | None = None
    unsubscribe_url: str = ""
    unsubscribe_mailto: str = ""
    unsubscribe_listen: str = ""
    unsubscribe_secret_file: Path | None = None
    recipients: tuple[Recipient, ...] = ()

    @property
    def everyone(self) -> tuple[Recipient, ...]:
        """All who get the digest, those of `to` as it is."""
        return (*map(Recipient, self.to), *self.recipients)


@dataclass(frozen=True, slots=True)
class Outlet:
    """A delivery besides mail. `url` may be a secret: better in `url_file` or GAPWATCH_URL_<NAME>."""

    name: str
    kind: str
    path: Path | None = None
    form: str = "html"
    url: str = ""
    url_file: Path | None = None
    timeout: int = 30  # seconds

    def address(self, environ: Mapping[str, str] = os.environ) -> str:
        """Its URL: of the environment, of the private file, or of the configuration. UsageError without."""
        variable = f"GAPWATCH_URL_{self.name.upper().replace('-', '_')}"
        where = f"[[deliver]] {self.name}"
        if not (found := secret(variable, self.url_file, f"{where}: url_file", environ) or self.url):
            raise UsageError(f"{where} has no url; set url, url_file or {variable}")
        return found


@dataclass(frozen=True, slots=True)
class Rule:
    """What somebody wants to be told between digests; which of the lists a rule needs, its kind says."""

    when: str
    tasks: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    under: Decimal | None = None
    provisional: bool = False

    @property
    def name(self) -> str:
        """The rule in words, under which its state is kept: `price of deepseek-r1 under 0.5`."""
        whose = ", ".join((*self.tasks, *self.models, *self.vendors))
        limit = f" under {self.under.normalize():f}" if self.under is not None else ""
        early = ", provisional" if self.provisional else ""
        return f"{self.when}{' of ' + whose if whose else ''}{limit}{early}"


@dataclass(frozen=True, slots=True)
class Alerts:
    """The rules, and to whom their messages go: names of outlets and addresses; everybody where empty."""

    to: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()


NEEDS: dict[str, tuple[str, ...]] = {
    "gap": (),
    "price": ("models", "under"),
    "cheapest": ("models",),
    "retiring": ("models",),
    "incident": ("vendors",),
}


def mail_of(given: dict[str, Any], where: object) -> Mail:
    """The [mail] table with its recipients."""
    tables = listed(given, "recipients", f"{where} [mail]", frozenset({"address"}))
    named = f"{where} [[mail.recipients]]"
    recipients = tuple(Recipient(**checked(Recipient, one, named)) for one in tables)
    for reader in recipients:
        one_of(reader.numbers, NUMBERS, f"{named}: numbers")
        one_of(reader.dates, DATES, f"{named}: dates")
        _check_zone(reader.zone, named)
    mail = Mail(**checked(Mail, given, f"{where} [mail]", skip={"recipients"}), recipients=recipients)
    one_of(mail.security, SECURITY, f"{where} [mail]: security")
    if not 1 <= mail.port <= 65535:
        raise UsageError(f"{where} [mail]: port must be 1 to 65535, not {mail.port}")
    _once((one.address for one in mail.everyone), f"{where} [mail]")
    if mail.unsubscribe_listen and not mail.unsubscribe_url:
        raise UsageError(f"{where} [mail]: unsubscribe_listen answers nobody without unsubscribe_url")
    if mail.unsubscribe_url and not _LINK.fullmatch(mail.unsubscribe_url):
        why = "must begin with https:// (RFC 8058), and have no blanks and no letters but those of ASCII"
        raise UsageError(f"{where} [mail]: unsubscribe_url {why}")
    return mail


def outlets_of(tables: list[dict[str, Any]], where: object) -> tuple[Outlet, ...]:
    """The [[deliver]] tables."""
    named = f"{where} [[deliver]]"
    found = tuple(Outlet(**checked(Outlet, one, named)) for one in tables)
    for outlet in found:
        one_of(outlet.kind, KINDS, f"{named}: kind")
        one_of(outlet.form, FORMS, f"{named}: form")
        if not _NAME.fullmatch(outlet.name):
            raise UsageError(f"{named}: name {outlet.name!r} must be of small letters, digits and hyphens")
        if outlet.kind in ("file", "maildir") and outlet.path is None:
            raise UsageError(f"{named}: {outlet.name} needs a path")
        if not 1 <= outlet.timeout <= 300:
            raise UsageError(f"{named}: timeout must be 1 to 300 seconds, not {outlet.timeout}")
    _once((outlet.name for outlet in found), named)
    return found


def alerts_of(given: dict[str, Any], known: set[str], where: object) -> Alerts:
    """The [alerts] table with its rules; `known` are the names and addresses that it may speak to."""
    named = f"{where} [[alerts.rules]]"
    tables = listed(given, "rules", f"{where} [alerts]", frozenset({"when"}))
    rules = tuple(Rule(**checked(Rule, one, named)) for one in tables)
    for rule in rules:
        one_of(rule.when, RULES, f"{named}: when")
        allowed = {"when", *(NEEDS[rule.when] or ("tasks", "provisional"))}
        missing = [name for name in NEEDS[rule.when] if not getattr(rule, name)]
        extra = sorted(f.name for f in fields(Rule) if f.name not in allowed and getattr(rule, f.name))
        if missing or extra:
            what = f"needs {' and '.join(missing)}" if missing else f"has nothing to do with {extra[0]}"
            raise UsageError(f'{named}: when = "{rule.when}" {what}')
    _once((rule.name for rule in rules), named)
    alerts = Alerts(**checked(Alerts, given, f"{where} [alerts]", skip={"rules"}), rules=rules)
    if strangers := [name for name in alerts.to if name not in known]:
        raise UsageError(f"{where} [alerts]: to: {strangers[0]!r} is no outlet and no recipient")
    return alerts


def _once(names: Iterable[str], where: object) -> None:
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise UsageError(f"{where}: {name!r} stands there twice")
        seen.add(name.casefold())


def _check_zone(zone: str, where: object) -> None:
    if zone:
        from zoneinfo import ZoneInfo  # a question does not wait for it

        try:
            ZoneInfo(zone)
        except (LookupError, ValueError, OSError):
            raise UsageError(f"{where}: zone {zone!r} is unknown; write one like Europe/Berlin") from None
