"""`gapwatch models`: identity, and what has none yet."""

from __future__ import annotations

import click

from tracker.cli.asking import Answer, Asked, asking
from tracker.cli.output import Column, Row
from tracker.errors import UsageError
from tracker.store.query import identity


@click.command()
@click.argument("name", required=False)
@click.option("--unresolved", is_flag=True, help="Spellings that lead to no model, those that matter first.")
@click.option("--conflicts", is_flag=True, help="Where sources contradict each other on weights or licence.")
@asking
def models(asked: Asked, name: str | None, unresolved: bool, conflicts: bool) -> Answer:
    """Tell models' weights, licence and release, their spellings, where they are scored and served.

    NAME is any spelling of a model, but for case and dashes. --since and --until go by release.

    \b
    gapwatch models "deepseek r1"
    gapwatch models --since 90d
    gapwatch models --unresolved --limit 30
    gapwatch models --conflicts
    """
    if unresolved:
        if name or conflicts:
            raise UsageError("--unresolved lists spellings without a model; it takes no NAME nor --conflicts")
        rows = identity.unresolved(asked.connection, asked.on)
        return Answer(rows, _UNRESOLVED, "every spelling leads to a model")
    if conflicts:
        return _conflicts(asked, name)
    wanted = identity.resolve(asked.connection, name) if name else ()
    rows = [
        row for row in identity.models(asked.connection, asked.on, wanted) if asked.within(row["released"])
    ]
    return Answer(rows, _MODELS, f"{name}: leads to no model yet" if name else "no models are known yet")


def _conflicts(asked: Asked, name: str | None) -> Answer:
    from tracker.store.query import conflicts  # it alone reads the reference data: 30 ms

    rows = conflicts.conflicts(asked.connection, asked.on)
    if name:
        wanted = identity.resolve(asked.connection, name)
        rows = [row for row in rows if row["model"] in wanted]
    return Answer(rows, _CONFLICTS, "no source contradicts another")


def _by_claim(row: Row) -> str:
    """Who says what, as short as can be: "open: a, b; closed: c and 3 more"."""
    said: dict[str, list[str]] = {}
    for claim in row["claims"]:
        said.setdefault(claim["says"], []).append("/".join(claim["by"].split("/")[:2]))
    return "; ".join(f"{says}: {_few(sorted(set(places)))}" for says, places in sorted(said.items()))


def _few(places: list[str]) -> str:
    more = f" and {len(places) - 3} more" if len(places) > 3 else ""
    return ", ".join(places[:3]) + more


_MODELS = (
    Column("Model", lambda row: row["name"], name=True),
    Column("By", lambda row: row["organisation"], name=True),
    Column("Weights", lambda row: row["weights"]),
    Column("Licence", lambda row: row["licence"]),
    Column("Released", lambda row: row["released"] or "", firm=True),
    Column("Metrics", lambda row: str(len(row["scored"])), right=True),
    Column("Hosts", lambda row: str(len(row["served"])), right=True),
    Column("Spellings", lambda row: ", ".join(sorted({one["subject"] for one in row["spellings"]}))),
)
_UNRESOLVED = (
    Column("Spelling", lambda row: row["spelling"], name=True),
    Column("Makes", lambda row: row["makes"], name=True),
    Column("Best rank", lambda row: str(row["rank"] or ""), right=True),
    Column("Paid offers", lambda row: str(row["offers"] or ""), right=True),
    Column("Sources", lambda row: ", ".join(row["sources"])),
    Column("Seen in", lambda row: ", ".join(row["evidence"])),
)
_CONFLICTS = (
    Column("Model", lambda row: row["name"], name=True),
    Column("On", lambda row: row["field"]),
    Column("Held", lambda row: f"{row['held']} (ruled)" if row["ruled"] else row["held"]),
    Column("Between", lambda row: row["between"]),
    Column("Who says what", _by_claim),
)
