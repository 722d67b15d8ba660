"""Values of a configuration, each led to the type that its field has. UsageError names what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from tracker.errors import UsageError

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network


def taken(whole: dict[str, Any], name: str, where: object) -> dict[str, Any]:
    """Take a table out of the configuration; empty where there is none."""
    found = whole.pop(name, {})
    if not isinstance(found, dict):
        raise UsageError(f"{where}: [{name}] must be a table")
    return found


def listed(whole: dict[str, Any], name: str, where: object, needs: frozenset[str]) -> list[dict[str, Any]]:
    """Take the tables [[name]] out of the configuration, or the one [name]; each has what it `needs`."""
    found = whole.pop(name, [])
    found = [found] if isinstance(found, dict) else found
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise UsageError(f"{where}: [[{name}]] must be a table")
    for one in found:
        if missing := needs - one.keys():
            raise UsageError(f"{where} [[{name}]]: it needs {' and '.join(sorted(missing))}")
    return found


def checked(
    into: type, given: Mapping[str, Any], where: object, skip: set[str] | None = None
) -> dict[str, Any]:
    """The given values, each of the type that its field has."""
    if not given:
        return {}
    known = {f.name for f in fields(into)} - (skip or set())
    hints = get_type_hints(into)
    values = {}
    for key, value in given.items():
        if key not in known:
            raise UsageError(f"{where}: unknown key {key!r}; known are {', '.join(sorted(known))}")
        values[key] = convert(hints[key], value, f"{where}: {key}")
    return values


def convert(hint: Any, value: Any, name: str) -> Any:
    """A value as a type wants it: text may stand for a path, a whole number, or a list with commas."""
    if hint is Path or hint == Path | None:
        if isinstance(value, str | Path):
            return _path(value, name)
    elif hint == tuple[str, ...]:
        parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else value
        if isinstance(parts, list) and all(isinstance(part, str) for part in parts):
            return tuple(parts)
    elif hint == Decimal | None:
        if (found := _decimal(value)) is not None:
            return found
    elif hint is int:
        if isinstance(value, str) and value.isdecimal():
            return int(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    elif isinstance(value, hint):
        return value
    raise UsageError(f"{name}: {value!r} is not {getattr(hint, '__name__', hint)}")


def _path(value: str | Path, name: str) -> Path:
    try:
        return Path(value).expanduser()
    except RuntimeError:
        raise UsageError(f"{name}: {str(value)!r} has no such home folder") from None


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def one_of(value: str, known: tuple[str, ...], where: object) -> str:
    """The value where it is a known one."""
    if value not in known:
        raise UsageError(f"{where} must be {', '.join(known[:-1])} or {known[-1]}, not {value!r}")
    return value


def network(text: str, where: object) -> IPv4Network | IPv6Network:
    """A network, or an address as a network of one."""
    from ipaddress import ip_network  # a question visits nobody

    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        message = f"{where}: {text!r} is neither an address nor a network such as 10.1.0.0/16"
        raise UsageError(message) from None
