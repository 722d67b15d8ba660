"""`gapwatch price`: what a model costs, where, the cheapest at a capability, and what a job costs."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import click

from tracker.cli import price_tables as tables
from tracker.cli.asking import Answer, Asked, asking, of_licence
from tracker.cli.output import Column, Row
from tracker.errors import UsageError
from tracker.store.query import capability, disagreements, effective, gaps, hosting, identity, prices, tiers
from tracker.store.query.levels import level, outside, reaching


@click.command()
@click.argument("models", nargs=-1, metavar="[MODEL]...")
@click.option("--at-least", "threshold", metavar="METRIC>=X", help="The cheapest that reaches a score.")
@click.option("--tiers", "levels", is_flag=True, help="The cheapest at the level of earlier leaders in chat.")
@click.option("--effective", "bill", metavar="METRIC", help="What a board's run costs, beside list prices.")
@click.option("--mix", default="3:1", show_default=True, metavar="IN:OUT", help="Input to output tokens.")
@click.option("--provider", metavar="NAME", help="Only at this provider.")
@of_licence
@click.option(
    "--disagreements", "contradictions", is_flag=True, help="Where price lists contradict each other."
)
@asking
def price(
    asked: Asked,
    models: tuple[str, ...],
    threshold: str | None,
    levels: bool,
    bill: str | None,
    mix: str,
    provider: str | None,
    licence: str,
    contradictions: bool,
) -> Answer:
    """Tell what models cost in US dollars per million tokens, cheapest first.

    MODEL is any spelling of a model, but for case and dashes. Told are the prices in force, those that
    are announced, and announcements that were cancelled. With --since it is the history since then, as it
    is known now; with --on what was known on that day. Free trials, promotions, subscriptions and
    resellers never count as the cheapest.

    --at-least and --tiers with --since tell how the cheapest price moved among the models that reach the
    level today, and how fast it falls. --effective puts a board's own bill beside the list price.

    \b
    gapwatch price deepseek-r1
    gapwatch price "Claude Sonnet 4" --since 2025-01-01
    gapwatch price --at-least "lmarena.text.overall>=1400" --mix 10:1
    gapwatch price --at-least "lmarena.text.overall>=1400" --since 1y --licence permissive
    gapwatch price --tiers
    gapwatch price --effective aider.polyglot
    gapwatch price --provider groq --csv
    gapwatch price --disagreements
    """
    if sum(map(bool, (threshold, levels, bill, contradictions))) > 1:
        raise UsageError("--at-least, --tiers, --effective and --disagreements are questions of their own")
    ask, without = _ask(asked, models, provider, mix), outside(asked.connection, licence)
    place = "is known in that time and place"
    what = f"no price of {' or '.join(models)}" if models else "no price"
    if contradictions:
        apart = disagreements.disagreements(asked.connection, ask)
        return Answer(apart, tables.APART, "no price lists contradict each other there")
    if levels:
        return _steps(tiers.tiers_at(asked.connection, ask, without), f"no price at an earlier level {place}")
    if bill:
        return _bills(asked, ask, bill, without)
    if threshold:
        return _at_level(asked, ask, threshold, without, f"{what} at {threshold} {place}")
    return _offers(asked, ask, without, f"{what} {place}")


def _ask(asked: Asked, models: Collection[str], provider: str | None, mix: str) -> prices.Ask:
    connection = asked.connection
    return prices.Ask(
        asked.on,
        sorted({one for name in models for one in identity.resolve(connection, name)}),
        identity.provider_named(connection, provider) if provider else "",
        _mix(mix),
        asked.since,
        asked.until,
    )


def _offers(asked: Asked, ask: prices.Ask, without: Collection[str], nothing: str) -> Answer:
    """What is asked for models, now beside what their labs ask, or since a day."""
    rows = [row for row in prices.offers(asked.connection, ask) if row["model"] not in without]
    if not asked.since:
        rows = hosting.hosted(asked.connection, rows, asked.on)
    return Answer(rows, _columns(asked, rows), nothing)


def _mix(text: str) -> tuple[int, int]:
    parts = re.fullmatch(r"(\d{1,6}):(\d{1,6})", text)
    if not parts or not any(map(int, parts.groups())):
        raise UsageError(f"--mix: {text!r} is no mix; write input to output tokens like 3:1")
    return int(parts[1]), int(parts[2])


def _at_level(
    asked: Asked, ask: prices.Ask, threshold: str, without: Collection[str], nothing: str
) -> Answer:
    """The cheapest of what reaches a level: of each model now, or of all together in time."""
    reached = level(asked.connection, threshold)
    scored = reaching(asked.connection, reached, asked.on)
    wanted = scored.keys() - set(without)
    ask = ask._replace(models=sorted(wanted & set(ask.models) if ask.models else wanted), served=True)
    if not ask.models:
        return Answer([], nothing=nothing)
    level_ = {"metric": reached.metric, "at_least": reached.value}
    if ask.since:
        rows = capability.series(asked.connection, ask)
        told = [{**row, **level_, "score": scored.get(row["model"] or "")} for row in rows]
        return _steps(told, nothing)
    offers = hosting.hosted(asked.connection, prices.offers(asked.connection, ask), asked.on)
    rows = capability.compared(prices.cheapest(offers))
    told = [{**row, **level_, "score": scored[row["model"]]} for row in rows]
    every = asked.limit is not None
    return Answer(told, nothing=nothing, text=lambda shown: tables.by_kind(shown, reached, every=every))


def _steps(rows: Sequence[Row], nothing: str) -> Answer:
    return Answer(rows, nothing=nothing, text=tables.steps, newest_last=True)


def _bills(asked: Asked, ask: prices.Ask, name: str, without: Collection[str]) -> Answer:
    """What a run of a board costs each model, beside its list price."""
    metric, *others = gaps.metrics_named(asked.connection, name)
    if others:
        raise UsageError(f"--effective: {name} is measured by {', '.join([metric, *others])}; choose one")
    offers = prices.cheapest(prices.offers(asked.connection, ask._replace(since="", until="", served=True)))
    paid = [row for row in offers if row["model"] not in without]
    rows = effective.effective(asked.connection, metric, paid, asked.on)
    return Answer(rows, tables.BILLS, f"no bill of {metric} is known of a model that is sold there")


def _columns(asked: Asked, rows: Sequence[Row]) -> Sequence[Column]:
    ends = asked.since or any(row["effective_to"] for row in rows)
    alone = len({row["name"] for row in rows}) == 1
    return (
        Column("Variant", lambda row: row["variant"], name=True) if alone else tables.MODEL,
        tables.PROVIDER,
        Column("Terms", _terms),
        tables.IN,
        tables.OUT,
        *(() if asked.since else (tables.BLENDED, tables.HOSTED)),
        Column("From" if asked.since else "Since", _begin, firm=True),
        *([Column("Until", _end, firm=True)] if ends else [Column("List", lambda row: row["source"])]),
    )


def _begin(row: Row) -> str:
    """The day from which a price holds: as the list says, else when it was seen, unless it was past then."""
    first: str = row["effective_from"] or row["observed"][:10]
    return "unknown" if row["effective_to"] and row["effective_to"] < first else first


def _end(row: Row) -> str:
    """The last day where the list says it, else when another price was seen; "now" while it holds."""
    if row["state"] == "cancelled":
        return row["effective_to"] or ""
    ends = [end[:10] for end in (row["effective_to"], row["until"]) if end]
    return min(ends, default="" if row["state"] == "announced" else "now")


def _terms(row: Row) -> str:
    """The condition of an offer, in how many bits it is served, and what is doubtful of it."""
    role = "subscription" if row["role"] == "plan" else ""
    doubt = row["standing"] if row["standing"] != "confirmed" else ""
    state = row["state"] if row["state"] not in ("in force", "past") else doubt
    bits = row.get("quantisation") or ""
    told = "" if bits in f"{row['condition']} {row['variant']}" else bits
    return ", ".join(filter(None, (row["condition"], told, role, state)))
