"""The tables, declared once. Alembic's revisions lead to exactly this (a test holds them together).

Times are RFC 3339 text in UTC, `2026-05-31T08:00:00Z`; figures are canonical decimal text, so that a
price is kept exactly as published. Nothing here that PostgreSQL could not hold as well.

A *point* is where a series changes: from `at` on it has this value, until its next point or as long as
the source's good captures go on (so `last_seen` is never rewritten). A NULL value says: no longer listed.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

APPLICATION_ID = 0x47415057  # "GAPW" in SQLite's header: how a foreign database is told

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _text(name: str, default: str | None = "") -> Column[str]:
    """A text column: required with a default, or nullable where the default is None."""
    if default is None:
        return Column(name, Text, nullable=True)
    return Column(name, Text, nullable=False, server_default=default)


metric = Table(
    "metric",
    metadata,
    Column("id", Text, primary_key=True),
    _text("name"),
    _text("board"),
    _text("task"),
    _text("unit"),
    _text("scale"),
    Column("higher_is_better", Boolean, nullable=False, server_default="1"),
    Column("questions", Integer),
)

# Providers as sources spell them ("togetherai", "together"), led to one id; role: lab, host, cloud,
# aggregator or plan (a subscription, whose token prices mean nothing).
provider = Table(
    "provider",
    metadata,
    Column("spelling", Text, primary_key=True),
    _text("id"),
    _text("name"),
    _text("role"),
)

# What is watched, and how each place is doing. `next_due`, `failures` and `paused_until` survive a restart.
source = Table(
    "source",
    metadata,
    Column("name", Text, primary_key=True),
    _text("kind"),
    _text("title"),
    _text("url"),
    _text("vendor"),
    _text("licence"),
    _text("credit"),
    Column("publishable", Boolean, nullable=False, server_default="1"),
    Column("cadence_seconds", Integer, nullable=False, server_default="43200"),
    _text("outcome"),
    _text("note"),
    _text("last_attempt", None),
    _text("last_success", None),
    _text("next_due", None),
    Column("rows", Integer, nullable=False, server_default="0"),
    Column("changed", Integer, nullable=False, server_default="0"),
    Column("seconds", Float, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    # Known from documentation alone, and what its first payload was like beside that; paused by the user.
    Column("documented", Boolean, nullable=False, server_default="0"),
    _text("first_look"),
    Column("paused", Boolean, nullable=False, server_default="0"),
    # As what its file or entry was last read; and since when it is no longer installed.
    _text("fingerprint"),
    _text("removed", None),
)

# A host that asked to be left alone until some time (Retry-After).
host = Table(
    "host",
    metadata,
    Column("name", Text, primary_key=True),
    _text("paused_until"),
    _text("robots", None),
    _text("robots_fetched", None),
)

# Raw bytes, kept once per distinct content; `body` is zlib-compressed.
payload = Table(
    "payload",
    metadata,
    Column("sha256", Text, primary_key=True),
    _text("media_type"),
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
    _text("etag"),
    _text("last_modified"),
    Column("sha256", Text, ForeignKey("payload.sha256"), nullable=False),
    _text("media_type"),
)

# One visit that brought content. `observed` is the world's date, `until` the last time that the same
# content was seen, `fetched` ours, `as_of` the date that the source itself gives its figures.
capture = Table(
    "capture",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, ForeignKey("source.name"), nullable=False),
    _text("observed"),
    _text("until"),
    _text("fetched"),
    _text("as_of"),
    _text("outcome"),
    _text("note"),
    _text("origin"),
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
    _text("url"),
    Column("sha256", Text, ForeignKey("payload.sha256"), nullable=False),
)

series = Table(
    "series",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, ForeignKey("source.name"), nullable=False),
    _text("metric"),
    _text("subject"),
    _text("provider"),
    _text("condition"),
    _text("vintage"),
    UniqueConstraint("source", "metric", "subject", "provider", "condition", "vintage"),
    Index(None, "subject"),
)

point = Table(
    "point",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("series", Integer, ForeignKey("series.id"), nullable=False),
    _text("at"),
    _text("value", None),
    _text("low", None),
    _text("high", None),
    Column("n", Integer),
    # Days that the source itself gives a price: made known, first and last day in force. NULL: not said.
    _text("announced", None),
    _text("effective_from", None),
    _text("effective_to", None),
    Column("capture", Integer, ForeignKey("capture.id"), nullable=False),
    UniqueConstraint("series", "at"),
    Index(None, "capture"),
)

# Prices that are not, or not simply, believed. kind: "held" (wild and alone), "same" (says again what is
# believed), "added" (stands in `point` because a held one before it had said it), "released" (wild, but
# another list agrees). `ruling` is a person's: "release" or "discard".
held = Table(
    "held",
    metadata,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True),
    Column("at", Text, primary_key=True),
    _text("kind"),
    _text("value", None),
    _text("low", None),
    _text("high", None),
    Column("n", Integer),
    _text("announced", None),
    _text("effective_from", None),
    _text("effective_to", None),
    Column("capture", Integer, ForeignKey("capture.id"), nullable=False),
    _text("reason"),
    _text("standing"),
    _text("judged"),
    _text("ruling"),
    Index(None, "capture"),
)

# Where a board's scale became another one: from `at` on its metric has a new vintage.
rescale = Table(
    "rescale",
    metadata,
    Column("source", Text, ForeignKey("source.name"), primary_key=True),
    Column("metric", Text, primary_key=True),
    Column("vintage", Text, primary_key=True),
    Column("at", Text, primary_key=True),
    Column("capture", Integer, ForeignKey("capture.id"), nullable=False),
    Column("shift", Float, nullable=False),
    Column("models", Integer, nullable=False),
    Column("slow", Boolean, nullable=False, server_default="0"),
)

model = Table(
    "model",
    metadata,
    Column("id", Text, primary_key=True),
    _text("name"),
    _text("organisation"),
    _text("weights", "unknown"),
    _text("licence"),
    _text("licence_class", "unknown"),
    _text("released"),
)

# Where each source's spelling leads. `model` is NULL while unresolved.
spelling = Table(
    "spelling",
    metadata,
    Column("source", Text, ForeignKey("source.name"), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("model", Text, ForeignKey("model.id"), nullable=True),
    _text("variant"),
    _text("rule"),
    Index(None, "model"),
)

announcement = Table(
    "announcement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Text, ForeignKey("source.name"), nullable=False),
    _text("key"),
    _text("url"),
    _text("title"),
    _text("vendor"),
    _text("published", None),
    _text("first_seen"),
    _text("text"),
    _text("topics"),
    _text("models"),
    Column("capture", Integer, ForeignKey("capture.id"), nullable=False),
    UniqueConstraint("source", "key"),
    Index(None, "first_seen"),
)

# The gap panel: one row per metric, vintage, licence class ("any", "commercial", "permissive") and
# snapshot, computed when the capture is stored. Values are floats: they are derived, not published.
gap = Table(
    "gap",
    metadata,
    Column("capture", Integer, ForeignKey("capture.id"), primary_key=True),
    Column("metric", Text, primary_key=True),
    Column("vintage", Text, primary_key=True),
    Column("licence_class", Text, primary_key=True),
    _text("source"),
    _text("date"),
    _text("open_model"),
    _text("open_variant"),
    Column("open_value", Float),
    Column("open_low", Float),
    Column("open_high", Float),
    _text("closed_model"),
    _text("closed_variant"),
    Column("closed_value", Float),
    Column("closed_low", Float),
    Column("closed_high", Float),
    Column("open_point", Integer),
    Column("closed_point", Integer),
    Column("difference", Float),
    Column("percent", Float),
    Column("win_probability", Float),
    Column("noise", Float),
    Column("lag_strict", Float),
    Column("lag_tied", Float),
    # The median wait of closed records for an open match, and how many were matched, and not yet.
    Column("lag_matched", Float),
    Column("matched_n", Integer, nullable=False, server_default="0"),
    Column("censored_n", Integer, nullable=False, server_default="0"),
    Column("lag_area", Float),
    Column("n_open", Integer, nullable=False, server_default="0"),
    Column("n_closed", Integer, nullable=False, server_default="0"),
    Column("n_unknown", Integer, nullable=False, server_default="0"),
    Index(None, "metric", "licence_class", "date"),
)

# What moved. `id` is derived from what the change says, so that recomputing gives the same id.
change = Table(
    "change",
    metadata,
    Column("id", Text, primary_key=True),
    _text("at"),
    _text("kind"),
    _text("source"),
    _text("metric"),
    _text("model"),
    _text("variant"),
    _text("provider"),
    _text("before", None),
    _text("after", None),
    _text("detail"),
    Column("importance", Float, nullable=False, server_default="0"),
    _text("standing", "confirmed"),
    # When the snapshot that confirmed or retracted it was observed; before that it was provisional.
    _text("judged"),
    _text("evidence"),
    Column("capture", Integer, ForeignKey("capture.id"), nullable=False),
    Index(None, "at"),
    Index(None, "kind", "at"),
    Index(None, "capture"),
)

# The steps of a gap: by metric, the source's own vintage and licence class. `at` and `judged` are when the
# snapshots that showed and decided it were observed; `models` were compared, with `votes` for the leader.
event = Table(
    "event",
    metadata,
    Column("id", Text, primary_key=True),
    _text("metric"),
    _text("vintage"),
    _text("licence_class"),
    _text("at"),
    _text("date"),
    _text("seen"),
    _text("side"),
    _text("model"),
    _text("variant"),
    _text("replaced"),
    Column("move", Float, nullable=False),
    Column("before", Float, nullable=False),
    Column("after", Float, nullable=False),
    Column("noise", Float, nullable=False),
    Column("models", Integer, nullable=False),
    Column("votes", Integer),
    _text("standing"),
    _text("judged"),
    Column("capture", Integer, ForeignKey("capture.id"), nullable=False),
    Index(None, "metric", "licence_class"),
    Index(None, "capture"),
)

# Where the state of a gap changes: from the snapshot of `date`, observed `at`, until the next row.
state = Table(
    "state",
    metadata,
    Column("metric", Text, primary_key=True),
    Column("licence_class", Text, primary_key=True),
    Column("vintage", Text, primary_key=True),
    Column("at", Text, primary_key=True),
    _text("date"),
    _text("label"),
    Column("capture", Integer, ForeignKey("capture.id"), nullable=False),
    Index(None, "capture"),
)

# Frozen digests; a preview is not kept. `content` is the Digest as JSON.
digest = Table(
    "digest",
    metadata,
    Column("week", Text, primary_key=True),
    _text("published"),
    _text("content"),
    _text("html"),
    _text("text"),
)

# The same digest in other styles of figures and dates, frozen at the same moment.
digest_style = Table(
    "digest_style",
    metadata,
    Column("week", Text, ForeignKey("digest.week"), primary_key=True),
    Column("style", Text, primary_key=True),
    _text("content"),
)

# Who has been sent what: `week` is a week's digest or a message of alerts, `recipient` an address or the
# name of an outlet. status: sending (claimed until `next_try`), sent, failed (again from `next_try` on),
# refused (given up).
delivery = Table(
    "delivery",
    metadata,
    Column("week", Text, primary_key=True),
    Column("recipient", Text, primary_key=True),
    _text("message_id"),
    _text("status"),
    _text("note"),
    _text("at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _text("next_try", None),
)

# Who wants no more mail, and since when.
unsubscribed = Table(
    "unsubscribed",
    metadata,
    Column("address", Text, primary_key=True),
    _text("at"),
)

# What each rule of alerts last told of each of its subjects: 0 is nothing since it was armed.
alert = Table(
    "alert",
    metadata,
    Column("rule", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    _text("value"),
    Column("level", Integer, nullable=False, server_default="0"),
    _text("fired", None),
    _text("text"),
)

# Messages of alerts, written down together with what their rules then hold to be told.
notice = Table(
    "notice",
    metadata,
    Column("id", Text, primary_key=True),
    _text("at"),
    _text("content"),
)

# A job that ran, or is running, for a slot of time: the row is the truth, the scheduler only wakes.
slot = Table(
    "slot",
    metadata,
    Column("job", String, primary_key=True),
    Column("slot", String, primary_key=True),
    _text("started"),
    _text("finished", None),
    _text("note"),
)
