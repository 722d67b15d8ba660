"""The user's own places: kept in `feeds.toml` and `tables.toml` of the user's folder, comments and all.

Every change writes beside the file and puts it in place, so that a file is whole or as it was.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tracker.collect.registry import FEEDS, TABLES, is_feed
from tracker.errors import UsageError
from tracker.source import Source

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

FILES = {"feed": FEEDS, "table": TABLES}
LONGEST_NAME = 40
DEEPEST = 20


def add(folder: Path, key: str, entries: Iterable[Mapping[str, Any]]) -> Path:
    """Append entries ("feed" or "table") to their file; where that is. UsageError."""
    import tomlkit

    path = folder / FILES[key]
    document = _read(path)
    listed = document.setdefault(key, tomlkit.aot())
    for entry in entries:
        listed.append(tomlkit.item(dict(entry)))
    _write(path, document)
    return path


def remove(folder: Path, name: str) -> Path | None:
    """Take an entry out of its file; the file, or None where no entry has that name. UsageError."""
    for key, file in FILES.items():
        path = folder / file
        document = _read(path)
        listed = document.get(key, [])
        place = next((place for place, entry in enumerate(listed) if entry.get("name") == name), None)
        if place is not None:
            del listed[place]
            if not listed:
                document.remove(key)
            _write(path, document)
            return path
    return None


def _read(path: Path) -> TOMLDocument:
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        return tomlkit.parse(path.read_text(encoding="utf-8")) if path.is_file() else tomlkit.document()
    except (OSError, UnicodeDecodeError, TOMLKitError) as error:
        raise UsageError(f"{path}: cannot be read as TOML: {error}") from None


def _write(path: Path, document: TOMLDocument) -> None:
    import tomlkit

    half = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(half, "w", encoding="utf-8") as file:
            file.write(tomlkit.dumps(document))
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from None


def named(url: str, title: str, taken: Iterable[str]) -> str:
    """A name for a place: words of its title, else of its host, that no other place has."""
    words = title or re.sub(r"^www\.", "", urlsplit(url).hostname or "place")
    stem = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:LONGEST_NAME].strip("_") or "place"
    known, number = set(taken), 1
    while (name := stem if number == 1 else f"{stem}_{number}") in known:
        number += 1
    return name


def feed_entry(url: str, title: str, name: str) -> dict[str, Any]:
    """An entry of feeds.toml for somebody's feed, about which nothing more is known."""
    host = re.sub(r"^www\.", "", urlsplit(url).hostname or "")
    return {
        "name": name,
        "title": title or host,
        "url": url,
        "vendor": re.sub(r"[^a-z0-9]+", "-", (title or host).lower()).strip("-") or host,
        "licence": "none stated",
        "credit": title or host,
    }


def read_opml(body: bytes) -> list[tuple[str, str]]:
    """(URL, title) of every feed of an OPML file, each once. UsageError where it is none."""
    from lxml import etree

    reader = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(body, parser=reader)
    except (etree.LxmlError, ValueError) as error:
        raise UsageError(f"this is no OPML file: {' '.join(str(error).split())[:120]}") from None
    if etree.QName(root).localname.lower() != "opml":
        raise UsageError(f"this is no OPML file: it begins with <{etree.QName(root).localname}>")
    found: dict[str, str] = {}
    for outline in root.iter("outline"):
        words = {name.lower(): " ".join(value.split()) for name, value in outline.attrib.items()}
        if words.get("xmlurl", "").startswith(("http://", "https://")):
            found.setdefault(words["xmlurl"], words.get("title") or words.get("text") or "")
    return list(found.items())


def write_opml(sources: Iterable[Source]) -> bytes:
    """The feeds among the sources as OPML 2.0, by vendor."""
    from lxml import etree

    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Gapwatch"
    body = etree.SubElement(root, "body")
    vendors: dict[str, Any] = {}
    for source in sorted(filter(is_feed, sources), key=lambda source: (source.vendor, source.name)):
        if source.vendor not in vendors:
            vendors[source.vendor] = etree.SubElement(body, "outline", text=source.vendor)
        words = {"type": "rss", "text": source.title, "title": source.title, "xmlUrl": source.urls[0]}
        etree.SubElement(vendors[source.vendor], "outline", words)
    return bytes(etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8"))
