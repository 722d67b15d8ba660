"""Google's own changelog of the Gemini API: what was released, changed and deprecated, day by day.

What: an announcement per point under a day, with the models that it names. When a model is shut down is told
better by google_deprecations. Whose: Google. Licence: none stated; the first words of a point are quoted with
a link. Credit: "Google". Changes: every few days. Shape: recorded, one page of November 2025.
"""

import re
from typing import Any

from tracker.domain import Announcement, Kind
from tracker.errors import ParseError
from tracker.retirements import TOPIC, day, since
from tracker.source import History, Parsed, Payload, Source

URL = "https://ai.google.dev/gemini-api/docs/changelog"
TOPICS = {
    "release": re.compile(r"^(?:released|launched|announc\w+|introduc\w+|added)\b", re.IGNORECASE),
    TOPIC: re.compile(r"\b(?:deprecat\w*|retir\w+|shut ?down|shutting down)\b", re.IGNORECASE),
}
MODEL = re.compile(r"(?:gemini|gemma|imagen|veo|lyria|learnlm|text-embedding|embedding|aqa)[a-z0-9.-]*")
TITLE, KEY = 140, 60


def parse(payload: Payload) -> Parsed:
    """Yield the points, newest day first."""
    days = [heading for heading in payload.html().find_all("h2", id=True) if day(_text(heading))]
    if not days:
        raise ParseError(f"{payload.url} has no heading that is a day")
    for heading in days:
        following = heading.find_next_sibling(["h2", "ul"])
        if following is not None and following.name == "ul":
            for point in following.find_all("li", recursive=False):
                yield from _point(point, heading, payload)


def _point(point: Any, heading: Any, payload: Payload) -> Parsed:
    text, anchor = _text(point), heading["id"]
    topics = tuple(topic for topic, sign in TOPICS.items() if sign.search(text))
    codes = dict.fromkeys(_text(code) for code in point.find_all("code"))
    models = tuple(code for code in codes if MODEL.fullmatch(code))
    slug = re.sub(r"\W+", "-", text.lower())[:KEY]
    title = "Gemini API: " + re.split(r"\.\s", text)[0].removesuffix(".")
    title = title if len(title) <= TITLE else title[: title.rfind(" ", 0, TITLE)] + "…"
    when = since(_text(heading), payload.observed)
    yield Announcement(
        f"{anchor}:{slug}", f"{payload.url}#{anchor}", title, "google", when, text[:400], topics, models
    )


def _text(node: Any) -> str:
    return " ".join(node.get_text(" ").split()).replace(" ,", ",").replace(" .", ".")


source = Source(
    kind=Kind.NEWS,
    parse=parse,
    title="Gemini API changelog",
    urls=(URL,),
    history=(History("cdx", (URL,)),),
    licence="none stated",
    credit="Google",
    vendor="google",
    listing=False,
)
