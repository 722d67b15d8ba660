"""Whether a record is what domain.py promises: of the right types, of a known metric or field, of some model.

A parser is anybody's code. What is wrong in shape refuses the page, with a message that says how to mend the
parser; what is of the right shape and yet can be no figure is left out, and told as not read.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from types import MappingProxyType, NoneType
from typing import Any

from tracker.catalog.metrics import BY_ID
from tracker.domain import FIELDS, Announcement, Metric, ModelFact, Observation, Record, Unread
from tracker.errors import ParseError
from tracker.store.query import close_to

# Beyond these powers of ten a figure is neither a price nor a score, and would fill the database with zeros.
LARGEST_POWER = 30
# Scales on which nothing is below 0, and what is measured on them.
NEVER_NEGATIVE = {"usd": "price", "tokens": "number of tokens", "speed": "time or speed"}

Types = tuple[type, ...]
TEXT, FIGURE, WHEN, DAY = (str,), (Decimal, NoneType), (datetime, NoneType), (date, NoneType)
SHAPES: Mapping[type, Mapping[str, Types]] = MappingProxyType(
    {
        Observation: {
            "value": (Decimal,),
            **dict.fromkeys(("low", "high"), FIGURE),
            **dict.fromkeys(("subject", "metric", "provider", "condition", "vintage"), TEXT),
            "n": (int, NoneType),
            "at": WHEN,
            **dict.fromkeys(("announced", "effective_from", "effective_to"), DAY),
        },
        ModelFact: {**dict.fromkeys(("subject", "field", "value", "provider"), TEXT), "at": WHEN},
        Announcement: {
            **dict.fromkeys(("key", "url", "title", "vendor", "text"), TEXT),
            "published": WHEN,
            "topics": (tuple,),
            "models": (tuple,),
        },
    }
)
VALUES = {kind: attrgetter(*shape) for kind, shape in SHAPES.items()}


def checked(found: Any, metrics: Mapping[str, Metric] = BY_ID) -> Record | Unread:
    """The record itself, or Unread where it can be no figure; ParseError where it is no record at all.

    `metrics` are those of which there may be figures.
    """
    kind = type(found)
    if kind not in SHAPES:
        raise ParseError(f"its parse yields {kind.__name__}, which is no record")
    if field := _ill_typed((kind, *map(type, VALUES[kind](found)))):
        raise ParseError(_told(found, field, SHAPES[kind][field]))
    when = found.published if kind is Announcement else found.at
    if when is not None and when.tzinfo is None:
        raise ParseError(f"{_dated(found)} {when}, a time without a zone; times are in UTC")
    if isinstance(found, Announcement):
        return found
    if not found.subject.strip():
        raise ParseError(f"{_what(found)} {found.value} is of no model: its subject is empty")
    return _figure(found, metrics) if isinstance(found, Observation) else _fact(found)


@cache
def _ill_typed(types: Types) -> str:
    """The first field whose type is none of those wanted, or ""; of the types of a record and its fields.

    There are few such rows of types, and many records.
    """
    kind, *given = types
    fields = zip(SHAPES[kind].items(), given, strict=True)
    return next((field for (field, wanted), its in fields if not issubclass(its, wanted)), "")


def _figure(found: Observation, metrics: Mapping[str, Metric]) -> Observation | Unread:
    metric = metrics.get(found.metric)
    if metric is None:
        near = close_to(found.metric, [*metrics])
        raise ParseError(f"{found.metric} of {found.subject} is no metric that is known{near}")
    for figure in (found.value, found.low, found.high):
        if figure is not None and not (figure.is_finite() and abs(figure.adjusted()) <= LARGEST_POWER):
            raise ParseError(f"{found.metric} of {found.subject} is {str(figure)[:40]}, which is no figure")
    if found.value < 0 and (never := NEVER_NEGATIVE.get(metric.scale)):
        return Unread(f"{found.metric} of {found.subject} is {found.value}, and no {never} is negative")
    return found


def _fact(found: ModelFact) -> ModelFact:
    if found.field not in FIELDS:
        near = close_to(found.field, [*FIELDS]) or f"; known are {', '.join(FIELDS)}"
        raise ParseError(f"{found.field!r} of {found.subject} is nothing that is kept of a model{near}")
    return found


def _what(found: Observation | ModelFact) -> str:
    return found.metric if isinstance(found, Observation) else found.field


def _dated(found: Record) -> str:
    """`published of 'News' is`, `licence of m is dated`."""
    if isinstance(found, Announcement):
        return f"published of {found.title[:40]!r} is"
    return f"{_what(found)} of {found.subject[:60]} is dated"


def _told(found: Record, field: str, wanted: Types) -> str:
    """`price.input of claude-2 is the int 8; a figure is a Decimal`."""
    value = getattr(found, field)
    told = f"the {type(value).__name__} {str(value)[:40]}"
    if isinstance(found, Announcement):
        whose = f"{field} of {str(found.title)[:40]!r}"
    else:
        whose = f"{'' if field == 'value' else f'{field} of '}{_what(found)} of {str(found.subject)[:60]}"
    kind = " or ".join(one.__name__.replace("NoneType", "None") for one in wanted)
    return f"{whose} is {told}; {'a figure is a Decimal' if Decimal in wanted else f'wanted is {kind}'}"
