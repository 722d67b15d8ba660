"""Whether a source is what `Source` promises: asked once, where it is loaded, for a file is anybody's code.

What is wrong here would otherwise stop a whole pass, or take over what another place says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tracker.catalog.metrics import BY_ID, TASKS, UNITS
from tracker.collect import urls
from tracker.domain import Kind, Metric
from tracker.errors import UnsafeAddress, UsageError
from tracker.source import History, Key, Source

NAME = re.compile(r"[a-z0-9_]+")
LONGEST = 100  # characters of a name: it is a file's and a page's, too
TYPES: dict[str, type] = {
    "kind": Kind,
    "cadence": timedelta,
    **dict.fromkeys(("licence", "credit", "title", "vendor"), str),
    **dict.fromkeys(("publishable", "listing", "archive", "authority"), bool),
    "minimum_rows": int,
    "headers": tuple,
}
TUPLES: dict[str, type] = {"urls": str, "formerly": str, "metrics": Metric, "history": History}
OF_METRIC: dict[str, type] = {**dict.fromkeys(("id", "name", "board", "unit"), str), "higher_is_better": bool}


def check(source: Source) -> Source:
    """The source itself; UsageError with the first thing that is wrong with it, in one line."""
    for wrong in _wrong(source):
        raise UsageError(wrong)
    return source


def bad_name(name: str) -> str:
    """Why something cannot be the name of a source, or ""."""
    if len(name) > LONGEST:
        return (
            f"'{name[:20]}...' is no name: it has {len(name):,} characters, and {LONGEST} at most are allowed"
        )
    if NAME.fullmatch(name):
        return ""
    better = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return f"{name!r} is no name: it is made of a-z, 0-9 and _" + (f", like {better}" if better else "")


def _wrong(source: Source) -> Iterator[str]:
    if why := bad_name(source.name):
        yield why
    for field, wanted in TYPES.items():
        if not isinstance(value := getattr(source, field), wanted):
            yield f"{field} is {_told(value)}; wanted is a {wanted.__name__}{_kinds(field)}"
    for field, wanted in TUPLES.items():
        yield from _tuple(field, getattr(source, field), wanted)
    for field in ("parse", "bundled"):
        value = getattr(source, field)
        if not callable(value) and not (field == "bundled" and value is None):
            yield f"{field} is {_told(value)}; wanted is a function"
    if not isinstance(source.documented, tuple | None) or not isinstance(source.key, Key | None):
        yield "documented is a tuple of fields or None, key a Key or None"
    if source.cadence < timedelta(0):
        yield f"cadence is {source.cadence}; it is no less than 0, which is never"
    yield from _addresses(source)
    for metric in source.metrics:
        yield from _metric(metric)


def _told(value: Any) -> str:
    return f"the {type(value).__name__} {str(value)[:40]!r}"


def _kinds(field: str) -> str:
    return f": Kind.{', Kind.'.join(kind.name for kind in Kind)}" if field == "kind" else ""


def _tuple(field: str, value: Any, wanted: type) -> Iterator[str]:
    """What is wrong with a field that holds several: mostly that it holds one, without brackets and comma."""
    if isinstance(value, wanted):
        yield f"{field} is a single {wanted.__name__}; write a tuple of them, with a comma: {field}=(ONE,)"
    elif not isinstance(value, tuple):
        yield f"{field} is {_told(value)}; wanted is a tuple of {wanted.__name__}"
    else:
        bad = (f"{field} has {_told(one)} in it; wanted is a {wanted.__name__}" for one in value)
        yield from (why for one, why in zip(value, bad, strict=True) if not isinstance(one, wanted))


def _addresses(source: Source) -> Iterator[str]:
    if not source.urls and source.bundled is None:
        yield "urls is empty; a place needs the page that a visit begins with"
    for url in source.urls:
        try:
            urls.check(url)
        except UnsafeAddress as error:
            yield f"urls: {error}"


def _metric(metric: Metric) -> Iterator[str]:
    """What is wrong with a metric of one's own; one of a shipped board stays that board's."""
    for field, wanted in OF_METRIC.items():
        if not isinstance(value := getattr(metric, field), wanted) or value == "":
            yield f"{field} of the metric {metric.id!r} is {_told(value)}; wanted is a {wanted.__name__}"
    if not re.fullmatch(r"[^\s|]+", str(metric.id)):
        yield f"metric {metric.id!r}: an id has no blanks"
    if metric.id in BY_ID:
        yield f"metric {metric.id} is that of {BY_ID[metric.id].board}; give your own an id of its own"
    if metric.task not in TASKS:
        yield f"metric {metric.id}: {metric.task!r} is none of the tasks, which are {', '.join(TASKS)}"
    if metric.scale not in UNITS:
        yield f"metric {metric.id}: {metric.scale!r} is none of the scales, which are {', '.join(UNITS)}"
    if not isinstance(metric.questions, int | None):
        yield f"metric {metric.id}: questions is {_told(metric.questions)}; wanted is a whole number"
