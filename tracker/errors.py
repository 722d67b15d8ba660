"""Every error that Gapwatch raises on purpose.

    GapwatchError                 exit code 1
    |-- UsageError                exit code 2: a wrong option, argument or configuration
    |   `-- NoKey                 a place wants the user's key, and there is none
    |-- NothingFound              exit code 4: a question without an answer
    |-- StoreError                the database: unwritable, foreign, full, too new
    |-- ParseError                a payload that is not what the source should send
    `-- FetchError                a page that could not be had
        |-- Unreachable           no connection: name unknown, refused, dropped, reset, wrong TLS name
        |-- DeadlineExceeded      connected, but not answered whole within the deadline
        |-- Refused               an HTTP status that is no answer; carries status and retry_after
        |-- Blocked               403, a challenge page, or robots.txt says no
        |-- UnsafeAddress         a URL or address that must not be visited
        `-- BadBody               truncated, too large, or wrongly compressed

Messages are one line: what happened, to what, and what to do where there is something to do.
"""

from __future__ import annotations


class GapwatchError(Exception):
    """Base of everything raised on purpose."""

    exit_code = 1


class UsageError(GapwatchError):
    """The command line or the configuration is wrong."""

    exit_code = 2


class NoKey(UsageError):
    """A place wants the user's key, and none is set."""


class NothingFound(GapwatchError):
    """The question has no answer in this database."""

    exit_code = 4


class StoreError(GapwatchError):
    """The database cannot be used as asked."""


class ParseError(GapwatchError):
    """A payload does not have the shape that its source documents."""


class FetchError(GapwatchError):
    """A page could not be had."""


class Unreachable(FetchError):
    """No connection to the host could be made or kept."""


class DeadlineExceeded(FetchError):
    """The answer was not whole when its time was over."""


class Refused(FetchError):
    """The server answered with a status that is no page."""

    def __init__(self, message: str, status: int, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class Blocked(FetchError):
    """The site does not want to be read by a program; Gapwatch does not argue."""


class UnsafeAddress(FetchError):
    """The URL, or the address behind it, is one that must not be visited."""


class BadBody(FetchError):
    """The body is truncated, too large or wrongly compressed."""
