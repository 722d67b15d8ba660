"""Groups whose commands are imported when they are called, and how a command's end becomes an exit code."""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from typing import Any

import click

from tracker.errors import GapwatchError

Sections = dict[str, dict[str, tuple[str, str]]]  # heading -> name -> ("module:object", one line of help)

INTERRUPTED = 130
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")


def printable(text: str) -> str:
    """The text on one line, without what would steer a terminal: control and direction characters."""
    return _UNPRINTABLE.sub(" ", text)


class LazyGroup(click.Group):
    """A group that knows its commands' names and help without importing them."""

    def __init__(self, *args: Any, sections: Sections, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = sections

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the table."""
        return [name for section in self.sections.values() for name in section]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module and return the command; None where there is no such name."""
        for section in self.sections.values():
            if cmd_name in section:
                module, _, attribute = section[cmd_name][0].partition(":")
                command: click.Command = getattr(import_module(module), attribute)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help of every section from the table alone."""
        for heading, section in self.sections.items():
            with formatter.section(heading or "Commands"):
                formatter.write_dl([(name, line) for name, (_, line) in section.items()])


class Root(LazyGroup):
    """The outermost group: every error becomes one line on standard error and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was called."""
        if ctx.params["no_color"] or os.environ.get("NO_COLOR"):
            ctx.color = False
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except BrokenPipeError:
            _close_output()
            ctx.exit(0)
        except KeyboardInterrupt:
            click.echo("gapwatch: interrupted", err=True)
            ctx.exit(INTERRUPTED)
        except GapwatchError as error:
            _complain(str(error), ctx)
            ctx.exit(error.exit_code)
        except Exception as error:
            # A defect of ours is still one line and exit code 1.
            hint = "" if ctx.params["verbose"] else "; --verbose shows where"
            _complain(f"defect: {type(error).__name__}: {error}{hint}", ctx)
            ctx.exit(1)


def _complain(message: str, ctx: click.Context) -> None:
    """One line on standard error; the traceback before it with --verbose."""
    if ctx.params["verbose"]:
        import traceback

        click.echo(traceback.format_exc(), err=True, nl=False)
    click.echo(f"gapwatch: {' '.join(printable(message).split())}", err=True)


def _close_output() -> None:
    """Let what is still buffered go nowhere: the reader has left, and that is no error."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    os.close(devnull)
