"""`gapwatch speed`: how fast models are served, and where."""

from __future__ import annotations

from collections.abc import Sequence

import click

from tracker.cli.asking import Answer, Asked, asking, of_licence
from tracker.cli.output import Column, Row, as_table, number, wrapped
from tracker.cli.probing import probing
from tracker.store.query import identity, levels, speed

EACH = 15  # lines of each kind of weights, unless --limit says otherwise
KINDS = {"open": "Open weights", "closed": "Closed", "unknown": "Weights not known"}


@click.command("speed")
@click.argument("model", required=False)
@click.option("--at-least", "threshold", metavar="METRIC>=X", help="Only of models that reach a score.")
@click.option("--provider", metavar="NAME", help="Only at this provider.")
@of_licence
@probing
@asking
def speed_(
    asked: Asked, model: str | None, threshold: str | None, provider: str | None, licence: str
) -> Answer:
    """Tell how fast models are served: output tokens per second, and seconds to the first token.

    Without MODEL it is the fastest of each model at each provider, as measured in the last 30 days; places
    that measure the same stand side by side. MODEL is any spelling of a model, but for case and dashes. With
    --since it is the history since then. --at-least tells the fastest open and closed model at a capability.

    With --probe you measure an endpoint yourself, by five short requests with your own key: --endpoint and
    MODEL name it, or [[probe]] in gapwatch.toml. What it may cost is worked out before anything is sent.

    \b
    gapwatch speed
    gapwatch speed gpt-oss-120b --json
    gapwatch speed --provider groq --since 90d
    gapwatch speed --at-least "lmarena.text.overall>=1400" --licence permissive
    gapwatch speed llama3.2 --probe --endpoint http://127.0.0.1:11434/v1
    """
    ask = speed.Ask(
        asked.on,
        sorted(identity.resolve(asked.connection, model)) if model else [],
        identity.provider_named(asked.connection, provider) if provider else "",
        asked.since,
        asked.until,
    )
    level = levels.level(asked.connection, threshold) if threshold else None
    rows = _counted(asked, speed.speeds(asked.connection, ask), level, licence)
    if model or asked.since:
        return Answer(rows, _columns(asked, rows), _nothing(model, provider, threshold))
    chosen = speed.fastest(rows, asked.on)
    stale = f"; the last was measured on {max(map(speed.seen, rows))[:10]}, see --since" if rows else ""
    every = asked.limit is not None
    return Answer(
        chosen,
        nothing=_nothing(model, provider, threshold) + stale,
        text=lambda shown: _text(shown, threshold, every=every),
    )


def _counted(asked: Asked, rows: Sequence[Row], level: levels.Level | None, licence: str) -> list[Row]:
    """The rows of models whose licence counts; at a level of those that reach it, with their scores."""
    without = levels.outside(asked.connection, licence)
    counted = [row for row in rows if row["model"] not in without]
    if level is None:
        return counted
    scored = levels.reaching(asked.connection, level, asked.on)
    return [
        {**row, "metric": level.metric, "score": scored[row["model"]]}
        for row in counted
        if row["model"] in scored
    ]


def _nothing(model: str | None, provider: str | None, threshold: str | None) -> str:
    where = f" of {model}" if model else f" at {provider}" if provider else ""
    where += f" at {threshold}" if threshold else ""
    return f"no speed{where} is known in that time"


def _text(rows: Sequence[Row], threshold: str | None, *, every: bool) -> str:
    """Open and closed apart, the fastest first; at a capability under a summary."""
    by_kind = {kind: [row for row in rows if row["weights"] == kind] for kind in KINDS}
    tables = [_kind(KINDS[kind], found, every=every) for kind, found in by_kind.items() if found]
    return "\n\n".join([*([_summary(rows, threshold)] if threshold else []), *tables])


def _summary(rows: Sequence[Row], threshold: str) -> str:
    """Who writes fastest and who answers first, open and closed."""
    found = {(one["weights"], one["part"]): one["row"] for one in speed.leaders(rows)}
    told = []
    for part, (what, places, unit) in _SUPERLATIVES.items():
        sides = [
            f"{weights} {_MODEL.show(row)} at {_HOST.show(row)} ({number(row[part], places)} {unit})"
            for weights in ("open", "closed")
            if (row := found.get((weights, part)))
        ]
        told += [f"{what}: {', '.join(sides)}"] if sides else []
    return "\n".join(wrapped(f"{threshold}. {'; '.join(told) or 'Only of unknown weights'}."))


_SUPERLATIVES = {
    "tokens_per_second": ("Fastest", 1, "tokens/s"),
    "ttft_seconds": ("first to answer", 2, "s"),
}


def _kind(heading: str, rows: Sequence[Row], *, every: bool) -> str:
    shown = rows if every else rows[:EACH]
    more = f"\n{len(rows) - len(shown):,} more; --limit N shows them" if len(shown) < len(rows) else ""
    return f"{click.style(heading, bold=True)}\n{as_table(shown, _FASTEST)}{more}"


def _speed(heading: str, part: str, places: int) -> Column:
    return Column(heading, lambda row: number(row[part], places), right=True)


_MODEL = Column(
    "Model", lambda row: row["name"] + (f" ({row['variant']})" if row["variant"] else ""), name=True
)
_HOST = Column("Provider", lambda row: row["provider_name"] or "not named", name=True)
_MEASURED = (_speed("Tokens/s", "tokens_per_second", 1), _speed("First, s", "ttft_seconds", 2))
_SEEN = Column("Seen", lambda row: speed.seen(row)[:10], firm=True)
_SOURCE = Column("Source", lambda row: row["source"])
_FASTEST = (_MODEL, _HOST, *_MEASURED, _SOURCE)


def _columns(asked: Asked, rows: Sequence[Row]) -> Sequence[Column]:
    """The columns of a question; that of the model only where the answer is about several."""
    several = len({_MODEL.show(row) for row in rows}) > 1
    when = (
        (
            Column("From", lambda row: row["observed"][:10], firm=True),
            Column("Until", lambda row: _end(row), firm=True),
        )
        if asked.since
        else (_SEEN,)
    )
    named = (_MODEL, _HOST) if several else (_HOST,)
    return (*named, Column("Terms", _terms), *_MEASURED, *when, _SOURCE)


def _terms(row: Row) -> str:
    """The percentile or other condition, in few words, and of how many requests."""
    condition = row["condition"].replace("measured in", "in")
    return ", ".join(filter(None, (condition, f"n {row['n']}" if row["n"] else "")))


def _end(row: Row) -> str:
    return row["until"][:10] if row["until"] else "now"
