"""Pages of a source that may need the user's key: it goes to the source's own places, and nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from tracker.collect.fetch import Fetcher, Page
from tracker.errors import BadBody, FetchError, NoKey, Refused, UsageError
from tracker.source import Source

SHORTEST = 12  # characters; a shorter key is no secret, and stands in any page by chance
Keys = Callable[[str], str]  # the user's key by the name of its variable; "" where there is none


def no_keys(name: str) -> str:
    """The keys of somebody who has none."""
    return ""


def key_of(source: Source, keys: Keys) -> str:
    """The user's key for a source, "" where it needs none; NoKey tells how to give one that is missing."""
    if source.key is None:
        return ""
    found = keys(source.key.variable)
    if not found:
        name, page = source.key.variable, source.key.page
        raise NoKey(
            f"it needs your key: set {name}, or name its file under [keys] in gapwatch.toml; see {page}"
        )
    return found


def is_free(source: Source, keys: Keys) -> bool:
    """Whether a paused source can be visited now; that a key's file is no secret is for its visit to tell."""
    try:
        return bool(key_of(source, keys))
    except UsageError as error:
        return not isinstance(error, NoKey)


def get(
    fetcher: Fetcher, source: Source, url: str, key: str = "", *, etag: str = "", last_modified: str = ""
) -> Page:
    """A page of a source, asked for with its own headers; FetchError, also where the page shows the key."""
    headers = source.headers
    if source.key and key and _place(url) in map(_place, source.urls):
        headers = (*headers, (source.key.header, source.key.prefix + key))
    try:
        page = fetcher.get(url, etag=etag, last_modified=last_modified, headers=headers)
    except FetchError as error:
        doubt = f"; is {source.key.variable} right?" if source.key and _is_unauthorised(error) else ""
        error.args = (hidden(str(error), key) + doubt,)
        raise
    if len(key) >= SHORTEST and (key.encode() in page.body or key in page.etag + page.last_modified):
        raise BadBody(f"{urlsplit(url).hostname} sends your key back in its answer, so it is not kept")
    return page


def _is_unauthorised(error: FetchError) -> bool:
    return isinstance(error, Refused) and error.status == 401


def hidden(text: str, key: str) -> str:
    """A message without the key, whoever may have put it in."""
    return text.replace(key, "...") if len(key) >= SHORTEST else text


def _place(url: str) -> tuple[str, str]:
    """Where a key may be shown: the scheme, the host and its port."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()
