"""docs/cli.md, made from the commands themselves: `python -m tracker.cli.reference > docs/cli.md`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from tracker.cli import cli

HEAD = """# The command line

Made from the commands by `python -m tracker.cli.reference > docs/cli.md`; a test holds them together.
Answers go to standard output, talk to standard error. Exit codes: 0 done, 1 failed, 2 wrong usage, 3 done in
part (some sources failed), 4 nothing found, 130 interrupted.
"""


def reference() -> str:
    """The help of every command as one page of Markdown."""
    return "\n".join([HEAD, *_pages("gapwatch", cli, None)])


def _pages(name: str, command: click.Command, parent: click.Context | None) -> Iterator[str]:
    settings = {**command.context_settings, "terminal_width": 100}
    context = click.Context(command, info_name=name.rpartition(" ")[2], parent=parent, **settings)
    yield f"## {name}\n\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for part in command.list_commands(context):
            inner = command.get_command(context, part)
            if inner is not None:
                yield from _pages(f"{name} {part}", inner, context)


if __name__ == "__main__":
    print(reference(), end="")
