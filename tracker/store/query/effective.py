"""What a job costs beside what tokens cost: a benchmark's own bill, and its tokens at today's list prices."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from tracker.errors import NothingFound
from tracker.store.query import WATCHED_ON, Row, figure, marks
from tracker.trends.price import cost, times

_BILLS = ("cost", "tokens_in", "tokens_out")


def effective(connection: sqlite3.Connection, metric: str, cheapest: Iterable[Row], on: str) -> list[Row]:
    """List price and bill side by side, of each run that a board lists, the smallest bill first.

    `cheapest` are the models' cheapest offers. `cost` is the board's bill in USD, at the prices of its day;
    `cost_at_list` are its tokens at the offer's prices now, where it tells both kinds. `list_times` and
    `cost_times` tell how many times the least of the answer they are. NothingFound where a board tells none.
    """
    kinds = _kinds(connection, metric)
    if not kinds:
        raise NothingFound(f"{metric}: its board tells neither what a run costs nor what it reads and writes")
    offers = {row["model"]: row for row in cheapest}
    runs = _runs(connection, {metric: "score", **kinds}, on)
    rows = [_row(offers[model], metric, variant, run) for model, variant, run in runs if model in offers]
    rows.sort(key=lambda row: (_bill(row) is None, _bill(row) or 0, row["name"], row["variant"]))
    lists, bills = ([value for row in rows if (value := one(row))] for one in (_list, _bill))
    return [
        {**row, "list_times": _over(_list(row), lists), "cost_times": _over(_bill(row), bills)}
        for row in rows
    ]


def _kinds(connection: sqlite3.Connection, metric: str) -> dict[str, str]:
    """{id of a figure: kind} of what stands beside a metric's scores.

    A board with one bill for all its scores (BFCL, Kagi) names it after itself; what it just calls "tokens"
    are those written.
    """
    board, _, rest = metric.partition(".")
    known = {row[0] for row in connection.execute("SELECT id FROM metric WHERE scale IN ('usd', 'tokens')")}
    ids = {f"{board}.tokens": "tokens_out", f"{metric}.tokens": "tokens_out", f"{board}.cost.{rest}": "cost"}
    ids |= {f"{stem}.{kind}": kind for stem in (board, metric) for kind in _BILLS}
    return {id: kind for id, kind in ids.items() if id in known}


_FIGURES = (
    "SELECT l.model, l.variant, s.source, s.subject, s.metric, s.vintage, p.value, p.id FROM series s"
    " JOIN source w ON w.name = s.source JOIN spelling l ON l.source = s.source AND l.subject = s.subject"
    " JOIN point p ON p.id = (SELECT id FROM point WHERE series = s.id AND at <= ? ORDER BY at DESC LIMIT 1)"
    " WHERE s.metric IN ({}) AND l.model IS NOT NULL AND p.value IS NOT NULL AND {} ORDER BY s.metric"
)


def _runs(
    connection: sqlite3.Connection, kinds: Mapping[str, str], on: str
) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Model, variant and figures of every run in a board's newest vintage that is scored and has a bill."""
    rows = connection.execute(_FIGURES.format(marks(kinds), WATCHED_ON), (on, *kinds, on)).fetchall()
    newest: dict[str, str] = {}
    for row in rows:
        newest[row[2]] = max(row[5], newest.get(row[2], ""))
    found: dict[tuple[str, str, str, str], dict[str, object]] = defaultdict(dict)
    for model, variant, source, subject, metric, vintage, value, point in rows:
        if vintage == newest[source]:
            run = found[model, variant, source, subject]
            run[kinds[metric]] = figure(value)
            run["run_evidence"] = [*run.get("run_evidence", ()), f"p{point}"]  # type: ignore[misc]
    for (model, variant, source, subject), run in found.items():
        if run.get("score") is not None and any(run.get(kind) is not None for kind in _BILLS):
            yield model, variant, {**run, "run_source": source, "run": subject}


def _row(offer: Row, metric: str, variant: str, run: Mapping[str, object]) -> Row:
    bill = {kind: run.get(kind) for kind in _BILLS}
    said = {name: run[name] for name in ("score", "run_source", "run", "run_evidence")}
    return {
        **offer,
        "variant": variant,
        "offer_variant": offer["variant"],
        "metric": metric,
        **said,
        **bill,
        "cost_at_list": _at_list(offer, bill),
    }


def _at_list(offer: Row, bill: Mapping[str, object]) -> Decimal | None:
    read, written = bill["tokens_in"], bill["tokens_out"]
    if not isinstance(read, Decimal) or not isinstance(written, Decimal):
        return None
    return round(cost(read, written, offer["input"], offer["output"]), 6).normalize() + 0


def _list(row: Row) -> Decimal | None:
    price: Decimal | None = row["blended"]
    return price


def _bill(row: Row) -> Decimal | None:
    """The published bill; a run that cost nothing was not billed (0 stands for unknown on some boards)."""
    return row["cost"] or None


def _over(value: Decimal | None, all_: Iterable[Decimal]) -> float | None:
    """How many times the least one it is."""
    found = times(value, min(all_)) if value is not None else None
    return None if found is None else round(found, 2)
