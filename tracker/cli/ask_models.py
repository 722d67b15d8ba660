"""`gapwatch models`: identity, and what has none yet."""

from __future__ import annotations

import click

from tracker.cli.asking import Answer, Asked, asking
from tracker.cli.output import Column
from tracker.errors import UsageError
from tracker.store.query import identity


@click.command()
@click.argument("name", required=False)
@click.option("--unresolved", is_flag=True, help="Spellings that lead to no model, most used first.")
@asking
def models(asked: Asked, name: str | None, unresolved: bool) -> Answer:
    """Tell models' weights, licence and release, their spellings, where they are scored and served.

    NAME is any spelling of a model, but for case and dashes. --since and --until go by release.

    \b
    gapwatch models "deepseek r1"
    gapwatch models --since 90d
    gapwatch models --unresolved --limit 30
    """
    if unresolved:
        if name:
            raise UsageError("--unresolved lists spellings without a model; it takes no NAME")
        rows = identity.unresolved(asked.connection, asked.on)
        return Answer(rows, _UNRESOLVED, "every spelling leads to a model")
    wanted = identity.resolve(asked.connection, name) if name else ()
    rows = [
        row for row in identity.models(asked.connection, asked.on, wanted) if asked.within(row["released"])
    ]
    return Answer(rows, _MODELS, f"{name}: leads to no model yet" if name else "no models are known yet")


_MODELS = (
    Column("Model", lambda row: row["name"]),
    Column("By", lambda row: row["organisation"]),
    Column("Weights", lambda row: row["weights"]),
    Column("Licence", lambda row: row["licence"]),
    Column("Released", lambda row: row["released"] or "", firm=True),
    Column("Metrics", lambda row: str(len(row["scored"])), right=True),
    Column("Hosts", lambda row: str(len(row["served"])), right=True),
    Column("Spellings", lambda row: ", ".join(sorted({one["subject"] for one in row["spellings"]}))),
)
_UNRESOLVED = (
    Column("Spelling", lambda row: row["spelling"]),
    Column("Series", lambda row: str(row["series"]), right=True),
    Column("Sources", lambda row: ", ".join(row["sources"])),
    Column("Seen in", lambda row: ", ".join(row["evidence"])),
)
