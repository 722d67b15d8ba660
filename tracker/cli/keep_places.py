"""`gapwatch sources add`, `remove`, `pause`, `import-opml`, `export-opml`: places of your own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tracker.cli.output import Column, as_table, wrapped
from tracker.config import Settings
from tracker.digest.words import plural
from tracker.domain import Observation
from tracker.errors import GapwatchError, NothingFound, UsageError

if TYPE_CHECKING:
    from tracker.collect.looking import Look
    from tracker.collect.registry import Found
    from tracker.source import Payload

SHOWN = 3
FORMS = {
    "csv": "a CSV table",
    "json": "a JSON table",
    "html": "an HTML table",
    "markdown": "a Markdown table",
}
ROLES: tuple[str, ...] = ("model", "score", "low", "high", "n", "licence", "organisation")
ROLES += ("input", "output", "cache_read", "cache_write", "host")
_USED = (
    Column("Role", lambda row: row["role"], firm=True),
    Column("Column", lambda row: row["column"]),
    Column("First cells", lambda row: row["sample"]),
)


@click.command("add")
@click.argument("url")
@click.option("--name", default="", help="What to call it; a name is made otherwise.")
@click.option("--title", default="", help="How people call it.")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="ROLE=COLUMN",
    help=f"What a column is, if looking got it wrong: {', '.join(ROLES)}.",
)
@click.option("--task", default="", help="Of a leaderboard: the task that it measures.")
@click.option("--scale", default="percent", show_default=True, help="percent, elo or index.")
@click.option("--provider", default="", help="Of a price list: whose prices they are.")
@click.option("--per", type=click.IntRange(1), help="The tokens that its prices are for.")
@click.option("--yes", is_flag=True, help="Add it without asking.")
@click.pass_obj
def add(settings: Settings, /, url: str, columns: tuple[str, ...], yes: bool, **words: Any) -> None:
    """Watch a feed, or a table in JSON, CSV, HTML or Markdown, at a URL.

    The page is looked at, and what was found is shown for you to confirm; options correct it.

    \b
    gapwatch sources add https://example.org/feed.xml
    gapwatch sources add https://example.org/board.csv --task coding
    gapwatch sources add https://example.org/prices --column input="Input price" --provider acme --yes
    """
    from tracker.collect import looking, passes, places, registry

    found = registry.find(settings.sources)
    _refuse_known(url, words["name"], found)
    words["task"], words["scale"] = words["task"].lower(), words["scale"].lower()
    roles = dict(_role(text) for text in columns)
    page = passes.page(settings, url)
    seen = looking.look(page)
    title = words["title"] or seen.title
    name = words["name"] or places.named(url, title, {*found.sources, *found.broken})
    key = "feed" if seen.form == "feed" else "table"
    if key == "feed":
        entry = places.feed_entry(url, title, name)
    else:
        entry = looking.entry(seen, roles, {**words, "name": name, "url": url})
    _show(entry, seen, page)
    if not yes and not (sys.stdin.isatty() and click.confirm("Watch it?", err=True)):
        raise UsageError("not added; say --yes, or correct it with --column, --task and the like")
    path = places.add(_folder(settings), key, [entry])
    click.echo(f"Added {name} to {path}; `gapwatch sources poll {name}` reads it.")


def _refuse_known(url: str, name: str, found: Found) -> None:
    from tracker.collect import sound

    if known := next((other for other, source in found.sources.items() if url in source.urls), ""):
        raise UsageError(f"{url} is watched already, as {known}")
    if name in found.sources or name in found.broken:
        raise UsageError(f"{name} is the name of another place; choose one with --name")
    if name and (why := sound.bad_name(name)):
        raise UsageError(f"--name: {why}")


def _role(text: str) -> tuple[str, str]:
    role, sign, column = text.partition("=")
    if not sign or role not in ROLES:
        raise UsageError(f"--column {text!r}: write ROLE=COLUMN, with a role of {', '.join(ROLES)}")
    return role, column


def _show(entry: dict[str, Any], seen: Look, page: Payload) -> None:
    """What was found, and what the entry makes of the page; refused where that is nothing, or cannot be."""
    from tracker.cli import told
    from tracker.collect import declared, looking, registry, sound
    from tracker.collect.parse import read

    feed = seen.form == "feed"
    source = sound.check(registry.feed(entry) if feed else declared.source(entry))
    said = read(source, page)
    what = (
        f"a feed of {plural(seen.count, 'item')}"
        if feed
        else f"{FORMS[seen.form]} of {plural(seen.count, 'row')}"
    )
    click.echo(f"{entry['url']} is {what}.")
    columns = [
        {"role": role, "column": column, "sample": ", ".join((seen.samples or {}).get(column, [])[:SHOWN])}
        for role, column in _used(entry).items()
    ]
    if columns:
        click.echo(as_table(columns, _USED))
    for line in told.rows(said.records, SHOWN):
        click.echo(line)
    figures = sum(isinstance(record, Observation) for record in said.records)
    left = f"; {plural(len(said.unread), 'cell')} left out: {said.unread[0]}" if said.unread else ""
    count = plural(len(said.records), "news item") if feed else plural(figures, "figure")
    for line in wrapped(f"It reads {count}{left}."):
        click.echo(line)
    for line in told.hints(said.records, source):
        click.echo(line)
    if not feed:
        looking.refuse_misfit(said.records, source)


def _used(entry: dict[str, Any]) -> dict[str, str]:
    """Which column is taken for what."""
    score: dict[str, str] = next(iter(entry.get("scores", {}).values()), {})
    named = {role: entry[role] for role in ("model", "host") if role in entry}
    bounds = {role: score[role] for role in ("low", "high", "n") if role in score}
    told = {**entry.get("prices", {}), **entry.get("facts", {})}
    return {**named, **told, **({"score": score["column"]} if score else {}), **bounds}


def _folder(settings: Settings) -> Path:
    assert settings.sources is not None  # load() sets it
    return settings.sources


@click.command("remove")
@click.argument("name")
@click.pass_obj
def remove(settings: Settings, name: str) -> None:
    """Watch a place of your own no longer; its history stays, and what it said last holds no longer.

    \b
    gapwatch sources remove my_board
    """
    from tracker.collect import passes, places, registry, sound

    path = places.remove(_folder(settings), name)
    if path:
        passes.forget(settings)
        click.echo(f"Removed {name} from {path}; its history stays in the database.")
        return
    if why := sound.bad_name(name):
        raise NothingFound(f"no such source: {why}")
    file = _folder(settings) / f"{name}.py"
    if file.is_file():
        raise UsageError(f"{name} is a file of yours: delete {file}")
    if name in registry.find(settings.sources).sources:
        raise UsageError(f"{name} comes with Gapwatch; `gapwatch sources pause {name}` leaves it alone")
    raise NothingFound(f"{name}: no such source; see `gapwatch sources list`")


@click.command("pause")
@click.argument("names", nargs=-1, required=True)
@click.option("--resume", is_flag=True, help="Visit them again.")
@click.pass_obj
def pause(settings: Settings, names: tuple[str, ...], resume: bool) -> None:
    """Leave places alone until told otherwise; what they said stays.

    \b
    gapwatch sources pause hackernews
    gapwatch sources pause hackernews --resume
    """
    from tracker.collect import passes

    passes.pause(settings, names, paused=not resume)
    click.echo(f"{', '.join(names)}: {'visited again' if resume else 'paused'}")


@click.command("import-opml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def import_opml(settings: Settings, file: Path) -> None:
    """Watch every feed of an OPML file that is not watched yet.

    \b
    gapwatch sources import-opml subscriptions.opml
    """
    from tracker.collect import places, registry

    found = registry.find(settings.sources)
    known = {url for source in found.sources.values() for url in source.urls}
    entries: list[dict[str, Any]] = []
    listed = places.read_opml(file.read_bytes())
    for url, title in listed:
        if url not in known:
            taken = {*found.sources, *found.broken, *(entry["name"] for entry in entries)}
            entries.append(places.feed_entry(url, title, places.named(url, title, taken)))
    if entries:
        places.add(_folder(settings), "feed", entries)
    click.echo(
        f"Added {len(entries)} feeds; {len(listed) - len(entries)} of {len(listed)} were watched already."
    )


@click.command("export-opml")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="A file; else it is printed."
)
@click.pass_obj
def export_opml(settings: Settings, output: Path | None) -> None:
    """Give the watched feeds as OPML, for any feed reader.

    \b
    gapwatch sources export-opml -o gapwatch.opml
    """
    from tracker.collect import places, registry

    found = registry.find(settings.sources)
    text = places.write_opml(found.sources.values())
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_bytes(text)
    except OSError as error:
        raise GapwatchError(f"{output}: cannot be written: {error.strerror}") from None
