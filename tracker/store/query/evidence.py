"""Where a figure comes from, back to the bytes.

    c12   a capture           p34   a point, one figure
    n56   an announcement     x...  a change

Each leads to a capture and its pages; the excerpt is the place in the kept bytes where the subject
stands, if possible together with the figure.
"""

from __future__ import annotations

import html
import json
import re
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from tracker.errors import NothingFound, StoreError, UsageError
from tracker.store.query import Row

AROUND = 200  # characters on each side of what is shown
REACH = 800  # characters after a subject in which its figures are looked for
MOST_PLACES = 5000  # of a subject in one page


class _Claim(NamedTuple):
    """What an id says, and what to look for: any of the subjects, best near all of the figures."""

    capture: int
    said: str
    subjects: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    section: str = ""


class _Page(NamedTuple):
    url: str
    sha256: str
    text: str


def explain(connection: sqlite3.Connection, name: str, on: str) -> Row:
    """Where an id comes from: its capture, source, page and licence, and an excerpt of the kept bytes.

    UsageError for what is no id; NothingFound where nothing has it, or nothing had it yet by `on`.
    """
    claim = _claim(connection, name.strip())
    row = connection.execute(
        "SELECT c.observed, c.fetched, c.until, c.origin, c.outcome, c.note, w.name, w.title, w.licence,"
        " w.credit"
        " FROM capture c JOIN source w ON w.name = c.source WHERE c.id = ? AND c.observed <= ?",
        (claim.capture, on),
    ).fetchone()
    if row is None:
        raise NothingFound(f"{name}: nothing has this id" + (f" by {on}" if on else ""))
    pages = _pages(connection, claim.capture)
    page, excerpt = _excerpt(claim, pages)
    return {
        "id": name.strip(),
        "said": claim.said,
        "capture": f"c{claim.capture}",
        "url": page.url,
        "observed": row[0],
        "fetched": row[1],
        "until": row[2],
        "sha256": page.sha256,
        "source": row[6],
        "title": row[7],
        "licence": row[8],
        "credit": row[9],
        "origin": row[3],
        "outcome": row[4],
        "note": row[5],
        "pages": [{"url": one.url, "sha256": one.sha256} for one in pages],
        "excerpt": excerpt,
    }


def _claim(connection: sqlite3.Connection, name: str) -> _Claim:
    finders = {"c": _capture, "p": _point, "n": _announcement}
    if re.fullmatch(r"[cpn]\d{1,18}", name):
        found = finders[name[0]](connection, int(name[1:]))
    elif re.fullmatch(r"x[0-9a-f]{10}", name):
        found = _change(connection, name)
    else:
        raise UsageError(
            f"{name}: no id; ids look like c12 (capture), p34 (figure), n56 (news), x0123456789 (change)"
        )
    if found is None:
        raise NothingFound(f"{name}: nothing has this id")
    return found


def _capture(connection: sqlite3.Connection, number: int) -> _Claim | None:
    row = connection.execute("SELECT source, rows FROM capture WHERE id = ?", (number,)).fetchone()
    return _Claim(number, f"a capture of {row[0]} with {row[1]} rows") if row else None


def _point(connection: sqlite3.Connection, number: int) -> _Claim | None:
    row = connection.execute(
        "SELECT p.capture, s.subject, s.metric, s.provider, s.condition, p.value, p.low, p.high, p.at"
        " FROM point p JOIN series s ON s.id = p.series WHERE p.id = ?",
        (number,),
    ).fetchone()
    if row is None:
        return None
    capture, subject, metric, provider, condition, value, low, high, at = row
    where = " ".join(filter(None, (f"at {provider}" if provider else "", condition)))
    interval = f" ({low} to {high})" if low is not None else ""
    said = f"{subject} {where}: {metric} = {value}{interval} from {at}".replace(" :", ":")
    if value is None:
        said = f"{subject} {where}: {metric} no longer listed from {at}".replace(" :", ":")
    return _Claim(capture, said, (subject,), tuple(filter(None, (value, low, high))), provider)


def _announcement(connection: sqlite3.Connection, number: int) -> _Claim | None:
    row = connection.execute(
        "SELECT capture, title, url, key, published FROM announcement WHERE id = ?", (number,)
    ).fetchone()
    if row is None:
        return None
    capture, title, url, key, published = row
    return _Claim(capture, f"{title} ({published or 'undated'})", tuple(filter(None, (title, url, key))))


def _change(connection: sqlite3.Connection, name: str) -> _Claim | None:
    row = connection.execute(
        "SELECT capture, kind, source, metric, model, provider, before, after, detail FROM change WHERE id"
        " = ? UNION ALL SELECT x.capture, 'gap', c.source, x.metric, x.model, '', printf('%.2f', x.before),"
        " printf('%.2f', x.after), x.side || ', over ' || x.replaced || ', ' || x.licence_class || ' licence'"
        " FROM event x JOIN capture c ON c.id = x.capture WHERE x.id = ?",
        (name, name),
    ).fetchone()
    if row is None:
        return None
    capture, kind, source, metric, model, provider, before, after, detail = row
    spelt = connection.execute(
        "SELECT subject FROM spelling WHERE source = ? AND model = ? ORDER BY length(subject) DESC",
        (source, model),
    )
    moved = f"{before or 'nothing'} -> {after or 'nothing'}" if before or after else ""
    said = ", ".join(filter(None, (kind, metric, model, f"at {provider}" if provider else "", moved, detail)))
    figures = tuple(re.findall(r"\d+(?:\.\d+)?", after or "")) if kind.startswith(("price", "score")) else ()
    return _Claim(capture, said, tuple(dict.fromkeys([*(one[0] for one in spelt), model])), figures, provider)


def _pages(connection: sqlite3.Connection, capture: int) -> list[_Page]:
    rows = connection.execute(
        "SELECT p.url, p.sha256, b.body FROM capture_page p JOIN payload b ON b.sha256 = p.sha256"
        " WHERE p.capture = ? ORDER BY p.position",
        (capture,),
    )
    return [_Page(url, sha256, _text(sha256, body)) for url, sha256, body in rows]


def _text(sha256: str, body: bytes) -> str:
    try:
        return zlib.decompress(body).decode("utf-8", "replace")
    except zlib.error as error:
        raise StoreError(f"payload {sha256[:12]} is damaged ({error}); see `gapwatch doctor`") from error


def _excerpt(claim: _Claim, pages: Sequence[_Page]) -> tuple[_Page, str]:
    """The best place of all pages: the subject with most of its figures, on its provider's list."""
    places = [(page, *place) for page in pages for place in _places(claim, page.text)]
    if not places:
        first = pages[0] if pages else _Page("", "", "")
        return first, first.text[: 2 * AROUND].strip()
    page, start, end, _ = max(places, key=lambda place: place[3])
    return page, page.text[max(0, start - AROUND) : end + AROUND].strip()


_Rank = tuple[int, bool, int]  # figures near it, whether it follows its section's name, how closely


def _places(claim: _Claim, text: str) -> Iterator[tuple[int, int, _Rank]]:
    """(start, end, rank) of each place of a subject in a page; the end is that of its last figure near."""
    section = _section(claim.section, text)
    for subject in claim.subjects:
        for spelt in dict.fromkeys((subject, json.dumps(subject)[1:-1], html.escape(subject, quote=False))):
            whole = re.compile(rf"(?<![\w.-]){re.escape(spelt)}(?![\w.-])")
            for match in islice(whole.finditer(text), MOST_PLACES):
                ends = _figures(claim.figures, text[match.end() : match.end() + REACH])
                rank = (len(ends), match.start() >= section, -abs(match.start() - section))
                yield match.start(), match.end() + max(ends, default=0), rank


def _section(name: str, text: str) -> int:
    """Where a provider's own part of a page begins; 0 where the page has no such part."""
    found = re.search(rf'"{re.escape(name)}":\s*\{{|"id":\s*"{re.escape(name)}"', text) if name else None
    return found.start() if found else 0


def _figures(figures: Sequence[str], text: str) -> list[int]:
    """The ends of those figures that stand in a text as numbers, with or without closing zeros."""
    ends = []
    for figure in figures:
        bare = re.escape(figure) + ("0*" if "." in figure else r"(?:\.0+)?")
        if found := re.search(rf"(?<![\d.]){bare}(?![\d]|\.\d)", text):
            ends.append(found.end())
    return ends
