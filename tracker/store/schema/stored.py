"""What was seen: the watched places, their captures and bytes, series and points, announcements."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
)

from tracker.store.schema.base import metadata, text

metric = Table(
    "metric",
    metadata,
    Column("id", Text, primary_key=True),
    text("name"),
    text("board"),
    text("task"),
    text("unit"),
    text("scale"),
    Column("higher_is_better", Boolean, nullable=False, server_default="1"),
    Column("questions", Integer),
)

# Providers as sources spell them ("togetherai", "together"), led to one id; role: lab, host, cloud,
# aggregator or plan (a subscription, whose token prices mean nothing).
provider = Table(
    "provider",
    metadata,
    Column("spelling", Text, primary_key=True),
    text("id"),
    text("name"),
    text("role"),
)

# What is watched, and how each place is doing. `next_due`, `failures` and `paused_until` survive a restart.
source = Table(
    "source",
    metadata,
    Column("name", Text, primary_key=True),
    text("kind"),
    text("title"),
    text("url"),
    text("vendor"),
    text("licence"),
    text("credit"),
    Column("publishable", Boolean, nullable=False, server_default="1"),
    Column("cadence_seconds", Integer, nullable=False, server_default="43200"),
    text("outcome"),
    text("note"),
    text("last_attempt", None),
    text("last_success", None),
    text("next_due", None),
    Column("rows", Integer, nullable=False, server_default="0"),
    Column("changed", Integer, nullable=False, server_default="0"),
    Column("seconds", Float, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    # Known from documentation alone, and what its first payload was like beside that; paused by the user.
    Column("documented", Boolean, nullable=False, server_default="0"),
    text("first_look"),
    Column("paused", Boolean, nullable=False, server_default="0"),
    # As what its file or entry was last read; and since when it is no longer installed.
    text("fingerprint"),
    text("removed", None),
)

# A host that asked to be left alone until some time (Retry-After).
host = Table(
    "host",
    metadata,
    Column("name", Text, primary_key=True),
    text("paused_until"),
    text("robots", None),
    text("robots_fetched", None),
)

# Raw bytes, kept once per distinct content; `body` is zlib-compressed.
payload = Table(
    "payload",
    metadata,
    Column("sha256", Text, primary_key=True),
    text("media_type"),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

# What a URL last answered, for conditional requests.
page = Table(
    "page",
    metadata,
    Column("source", Text, ForeignKey("source.name"), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("position", Integer, nullable=False, server_default="0"),
    text("etag"),
    text("last_modified"),
    Column("sha256", Text, ForeignKey("payload.sha256"), nullable=False),
    text("media_type"),
)

# One visit that brought content. `observed` is the world's date, `until` the last time that the same
# content was seen, `fetched` ours, `as_of` the date that the source itself gives its figures.
capture = Table(
    "capture",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, ForeignKey("source.name"), nullable=False),
    text("observed"),
    text("until"),
    text("fetched"),
    text("as_of"),
    text("outcome"),
    text("note"),
    text("origin"),
    Column("rows", Integer, nullable=False, server_default="0"),
    # In how many visits a suspect capture was seen: one that stays the same is believed in the end.
    Column("visits", Integer, nullable=False, server_default="1"),
    # Whether gap panel and changes have been computed from it; a crash in between is made up for.
    Column("settled", Boolean, nullable=False, server_default="0"),
    Index(None, "source", "observed"),
    Index(None, "settled"),
)

capture_page = Table(
    "capture_page",
    metadata,
    Column("capture", Integer, ForeignKey("capture.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    text("url"),
    Column("sha256", Text, ForeignKey("payload.sha256"), nullable=False),
)

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, ForeignKey("source.name"), nullable=False),
    text("metric"),
    text("subject"),
    text("provider"),
    text("condition"),
    text("vintage"),
    UniqueConstraint("source", "metric", "subject", "provider", "condition", "vintage"),
    Index(None, "subject"),
)

point = Table(
    "point",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("series", Integer, ForeignKey("series.id"), nullable=False),
    text("at"),
    text("value", None),
    text("low", None),
    text("high", None),
    Column("n", Integer),
    # Days that the source itself gives a price: made known, first and last day in force. NULL: not said.
    text("announced", None),
    text("effective_from", None),
    text("effective_to", None),
    Column("capture", Integer, ForeignKey("capture.id"), nullable=False),
    UniqueConstraint("series", "at"),
    Index(None, "capture"),
)

announcement = Table(
    "announcement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, ForeignKey("source.name"), nullable=False),
    text("key"),
    text("url"),
    text("title"),
    text("vendor"),
    text("published", None),
    text("first_seen"),
    text("text"),
    text("topics"),
    text("models"),
    Column("capture", Integer, ForeignKey("capture.id"), nullable=False),
    UniqueConstraint("source", "key"),
    Index(None, "first_seen"),
)
