"""A small web that answers as Hugging Face's dataset viewer does, from rows held in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.support.smallweb import SmallWeb

VIEWER = "https://datasets-server.huggingface.co/"
COMPARISON = re.compile(r"\"(\w+)\"(=|<|>)'([^']*)'$")
COMPARED = {"=": str.__eq__, "<": str.__lt__, ">": str.__gt__}


@dataclass
class DatasetWeb(SmallWeb):
    """`tables` holds the rows of each config; a `/filter` may compare one column last, and order by one."""

    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    def hosts(self) -> set[str]:
        """The hosts that have a page."""
        return super().hosts() | {"datasets-server.huggingface.co"}

    def body(self, url: str) -> bytes | None:
        """The page in force at a URL, or the rows that it asks for."""
        if not url.startswith(VIEWER):
            return super().body(url)
        asked = dict(parse_qsl(urlsplit(url).query))
        rows = list(self.tables[asked["config"]])
        if found := COMPARISON.search(asked["where"]):
            column, sign, value = found.groups()
            rows = [row for row in rows if COMPARED[sign](row[column], value)]
        if "orderby" in asked:
            column, _, way = asked["orderby"].partition(" ")
            rows.sort(key=lambda row: str(row[column.strip('"')]), reverse=way == "DESC")
        start = int(asked.get("offset", "0"))
        page = rows[start : start + int(asked["length"])]
        return json.dumps({"rows": [{"row": row} for row in page], "num_rows_total": len(rows)}).encode()
