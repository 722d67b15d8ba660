"""What a source reads, for people: how much of what, the first rows, what was left out, what looks odd."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tracker.catalog.reference import load_reference
from tracker.cli.output import Column, as_table, number
from tracker.collect.walk import Walk
from tracker.conditions import unknown
from tracker.digest.words import plural
from tracker.domain import Announcement, Observation, Record
from tracker.source import Source

SHOWN, NAMED = 5, 3
_FIGURES = (
    Column("Subject", lambda row: row["subject"], name=True),
    Column("Metric", lambda row: row["metric"]),
    Column("Value", lambda row: row["value"]),
    Column("Provider", lambda row: row["provider"], name=True),
    Column("Condition", lambda row: row["condition"]),
)
_NEWS = (
    Column("Published", lambda row: row["published"], firm=True),
    Column("Title", lambda row: row["title"]),
)


def told(read: Walk, source: Source) -> Iterator[str]:
    """The lines that tell what was read."""
    kinds = Counter(map(_kind, read.records))
    yield from (f"{count:>7,} {kind}" for kind, count in sorted(kinds.items()))
    yield from rows(read.records, SHOWN)
    yield from _listed("not there", read.lost, "page")
    yield from _listed("not read", read.unread)
    yield from _listed("listed twice with another figure, of which the first counts", read.twice)
    yield from hints(read.records, source)


def rows(records: Sequence[Record], most: int) -> Iterator[str]:
    """The first figures, facts and news as tables of the terminal's width."""
    news = [record for record in records if isinstance(record, Announcement)][:most]
    rest = [record for record in records if not isinstance(record, Announcement)][:most]
    if rest:
        yield as_table([_figure(record) for record in rest], _FIGURES)
    if news:
        told = [{"published": str(one.published or "undated")[:10], "title": one.title} for one in news]
        yield as_table(told, _NEWS)


def _figure(record: Record) -> dict[str, str]:
    if isinstance(record, Announcement):
        return {}
    return {
        "subject": record.subject,
        "metric": record.metric if isinstance(record, Observation) else record.field,
        "value": number(record.value) if isinstance(record, Observation) else record.value,
        "provider": record.provider,
        "condition": record.condition if isinstance(record, Observation) else "",
    }


def _kind(record: Record) -> str:
    if isinstance(record, Announcement):
        return "news items"
    return record.metric if isinstance(record, Observation) else f"{record.field} (of a model)"


def hints(records: Iterable[Record], source: Source) -> Iterator[str]:
    """What is allowed and yet most likely not meant: sellers and conditions that nobody knows."""
    figures = [record for record in records if isinstance(record, Observation)]
    sellers = {one.provider for one in figures if one.metric.startswith("price.")}
    strange = sorted(one for one in sellers - {""} if load_reference().provider(one).role == "unknown")
    if strange:
        yield f"Hint: {_few(strange)}: no provider that is known, so its prices are never the cheapest."
    if "" in sellers and not source.vendor:
        yield "Hint: prices without a provider are those of nobody; name one in each Observation."
    words = sorted({word for one in figures for word in unknown(one.condition)})
    if words:
        yield f"Hint: {_few(words)}: no condition of the vocabulary (tracker/conditions.py)."


def _listed(what: str, told: Sequence[str], of: str = "row") -> Iterator[str]:
    if told:
        yield f"{plural(len(told), of)} {what}:"
        yield from (f"  {' '.join(one.split())}" for one in told[:NAMED])


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return f"{', '.join(map(repr, names[:NAMED]))}{more}"
