"""A Digest laid out: as a page, as text, as the HTML of a mail.

    render(digest, "html" | "text" | "md" | "feed" | "mail", templates=the user's folder or None)

Templates are Jinja2 in a sandbox and see only the digest. A user's folder overlays the shipped one name
by name; where a template of it fails, a warning says which file and line, and the shipped ones are used.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker import paths
from tracker.digest import charts, lines, markdown, pictures
from tracker.digest.model import Digest, Reference
from tracker.digest.tidy import clean, shortened, trimmed
from tracker.errors import UsageError

if TYPE_CHECKING:  # jinja2 costs 56 ms, and most commands lay nothing out
    from jinja2 import Environment

TEMPLATES = {
    "html": "digest.html.j2",
    "text": "digest.txt.j2",
    "md": "digest.md.j2",
    "feed": "feed.html.j2",
    "mail": "mail.html.j2",
}
FORMS = tuple(TEMPLATES)
MAIL_SIZE = 100_000  # bytes; mail clients cut what is longer
_UNESCAPED = (".txt.j2", ".md.j2", ".css.j2", ".js.j2")
_SIZES = (40, 12, 8, 5, 3, 2, 1)


def _say(warning: str) -> None:
    print(f"warning: {warning}", file=sys.stderr)


def render(
    digest: Digest, form: str, templates: Path | None = None, warn: Callable[[str], None] = _say
) -> str:
    """The digest in a form. `templates` is the user's folder; `warn` hears of templates that fail."""
    if form not in TEMPLATES:
        raise UsageError(f"no form {form!r}; there are {', '.join(FORMS)}")
    digest = clean(digest)
    return Layout(templates, warn).made(lambda shown: _lay_out(digest, form, shown))


class Layout:
    """The templates in use: the user's until one of them fails, which is said once, then the shipped ones."""

    def __init__(self, templates: Path | None, warn: Callable[[str], None] = _say) -> None:
        self._templates, self._warn = templates, warn

    def made(self, make: Callable[[Environment], str]) -> str:
        """What `make` makes of the templates."""
        if self._templates is not None:
            try:
                return make(environment(self._templates))
            except Exception as error:  # a template is a program; whatever it raises, there is a digest
                place = _place(error, self._templates)
                self._warn(f"{place}: {_said(error)}; the shipped templates are used")
                self._templates = None
        return make(environment(None))

    def page(self, name: str, **seen: object) -> str:
        """A template by its name, with what it may see."""
        return self.made(lambda shown: shown.get_template(name).render(**seen))


def feed_content(digest: Digest, layout: Layout) -> str:
    """A digest as the content of a feed's entry; it must be clean."""
    return layout.made(lambda shown: _lay_out(digest, "feed", shown))


def _lay_out(digest: Digest, form: str, with_templates: Environment) -> str:
    template = with_templates.get_template(TEMPLATES[form])
    if form == "md":
        digest = markdown.escaped(digest)
    if form in ("text", "md"):
        return re.sub(r"\n{3,}", "\n\n", template.render(digest=digest)).strip() + "\n"
    if form in ("html", "feed"):
        return template.render(digest=digest)
    whole = (_inlined(template.render(digest=trimmed(digest, most))) for most in _SIZES)
    return next((html for html in whole if len(html.encode()) < MAIL_SIZE), "") or _inlined(
        template.render(digest=trimmed(digest, 0))
    )


def _inlined(html: str) -> str:
    """Rules as style attributes, which every mail client keeps; at-rules (dark, narrow) stay in the head."""
    import css_inline

    inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)
    return inliner.inline(html)


@cache
def environment(templates: Path | None) -> Environment:
    """The sandbox that templates run in, the user's folder first."""
    from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined

    from tracker.digest.sandbox import Sandbox

    folders = [folder for folder in (templates, paths.shipped("templates")) if folder]
    made = Sandbox(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        autoescape=lambda name: not (name or "").endswith(_UNESCAPED),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= _filters()
    return made


def _filters() -> dict[str, Callable[..., Any]]:
    return {
        "bars": charts.bars,
        "cid": pictures.cid,
        "capital": lambda text: text[:1].upper() + text[1:],
        "cited": lambda text, refs: " ".join([text, *(f"[{number}]" for number in refs)]).strip(),
        "curve": charts.curve,
        "cut": lambda text, most=lines.COLUMNS: shortened(text, most),
        "dated": _dated,
        "day": _day,
        "described": charts.described,
        "coded": _coded,
        "credited": credited,
        "table": lines.table,
        "width": lines.width,
        "wrap": lines.wrap,
    }


def _coded(text: str) -> str:
    """The text for a page, escaped, with what stands between backticks as code."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 (escaped)


def credited(digest: Digest) -> list[tuple[str, list[Reference]]]:
    """The references by whom they are credited to, in the order of their numbers.

    An edition of before, which does not say whose is which, has its references by their titles.
    """
    said = {credit.source: credit.said for credit in digest.credits}
    found: dict[str, list[Reference]] = {}
    for reference in digest.references:
        found.setdefault(said.get(reference.source, reference.title), []).append(reference)
    return list(found.items())


def _day(text: str) -> str:
    """`24 January 2025` of an ISO day or stamp; other text as it is."""
    from tracker.digest.weeks import day

    return day(text) if re.match(r"\d{4}-\d\d-\d\d", text) else text


def _dated(observed: str, digest: Digest) -> str:
    """`, 24 January` of a stamp from before the digest's week, else ""."""
    from tracker.digest.weeks import day

    monday = date.fromisocalendar(int(digest.week[:4]), int(digest.week[6:]), 1)
    return f", {day(observed, monday)}" if observed < monday.isoformat() else ""


def _place(error: Exception, templates: Path) -> str:
    """`file:line` of the template that failed: what the error says, else the last user's file on its way."""
    if (named := getattr(error, "filename", None)) and (line := getattr(error, "lineno", None)):
        return f"{named}:{line}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [f"{f.filename}:{f.lineno}" for f in frames if Path(f.filename).is_relative_to(templates)]
    return own[-1] if own else str(templates)


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
