"""`gapwatch explain`: where a figure comes from, back to the bytes."""

from __future__ import annotations

from collections.abc import Sequence

import click

from tracker.cli.asking import Answer, Asked, asking
from tracker.cli.lazy import printable
from tracker.cli.output import Row
from tracker.store.query import evidence


@click.command()
@click.argument("name", metavar="ID")
@asking
def explain(asked: Asked, name: str) -> Answer:
    """Tell where a figure comes from: source, page, day, licence, and the place in the kept bytes.

    ID is one that answers carry: c12 is a capture, p34 a figure, n56 a piece of news, x0123456789 a change.

    \b
    gapwatch explain c12
    gapwatch explain p34 --json
    """
    row = evidence.explain(asked.connection, name, asked.on)
    if row["id"].startswith("x"):
        row["causes"] = _causes(asked, row["id"])
    told = asked.within(row["observed"])
    return Answer([row] if told else [], nothing=f"{name}: not of that time", text=_text, one=True)


def _causes(asked: Asked, change: str) -> list[Row]:
    """The announcements that explain a change."""
    from tracker.digest.causes import Causes  # no other id has any

    return Causes(asked.connection, asked.on).of([change]).get(change, [])


def _text(rows: Sequence[Row]) -> str:
    return "\n\n".join(_told(row) for row in rows)


def _told(row: Row) -> str:
    held = f", {row['outcome']}: {row['note']}" if row["outcome"] != "new" else ""
    lines = [
        ("Says", row["said"]),
        ("Source", f"{row['title']} ({row['source']})"),
        ("Page", row["url"]),
        ("Observed", f"{row['observed']}, seen until {row['until']}"),
        ("Fetched", f"{row['fetched']} by {row['origin']}{held}"),
        ("Bytes", f"{row['capture']}, sha256 {row['sha256']}"),
        ("Licence", f"{row['licence']}; {row['credit']}"),
        *(("Announced", _announced(cause)) for cause in row.get("causes", ())),
    ]
    told = [f"{click.style(f'{name:<10}', bold=True)}{printable(text)}" for name, text in lines]
    excerpt = "\n".join(f"  {printable(line)}" for line in row["excerpt"].splitlines() if line.strip())
    return "\n".join([*told, "", excerpt])


def _announced(cause: Row) -> str:
    """`2026-04-16: Introducing Claude Opus 4.7 (anthropic, n224), https://...`."""
    day = (cause["published"] or "")[:10] or "undated"
    return f"{day}: {cause['title']} ({cause['vendor']}, {cause['id']}), {cause['url']}"
