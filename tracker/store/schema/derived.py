"""What follows from that and may be computed anew: belief, models, the gap panel, changes, events."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text

from tracker.store.schema.base import metadata, text

# Prices that are not, or not simply, believed. kind: "held" (wild and alone), "same" (says again what is
# believed), "added" (stands in `point` because a held one before it had said it), "released" (wild, but
# another list agrees). `ruling` is a person's: "release" or "discard".
held = Table(
    "held",
    metadata,
    Column("series", Integer, ForeignKey("series.id"), primary_key=True),
    Column("at", Text, primary_key=True),
    text("kind"),
    text("value", None),
    text("low", None),
    text("high", None),
    Column("n", Integer),
    text("announced", None),
    text("effective_from", None),
    text("effective_to", None),
    Column("capture", Integer, ForeignKey("capture.id"), nullable=False),
    text("reason"),
    text("standing"),
    text("judged"),
    text("ruling"),
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
    text("name"),
    text("organisation"),
    text("weights", "unknown"),
    text("licence"),
    text("licence_class", "unknown"),
    text("released"),
)

# Where each source's spelling leads. `model` is NULL while unresolved.
spelling = Table(
    "spelling",
    metadata,
    Column("source", Text, ForeignKey("source.name"), primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("model", Text, ForeignKey("model.id"), nullable=True),
    text("variant"),
    text("rule"),
    Index(None, "model"),
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
    text("source"),
    text("date"),
    text("open_model"),
    text("open_variant"),
    Column("open_value", Float),
    Column("open_low", Float),
    Column("open_high", Float),
    text("closed_model"),
    text("closed_variant"),
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
    text("at"),
    text("kind"),
    text("source"),
    text("metric"),
    text("model"),
    text("variant"),
    text("provider"),
    text("before", None),
    text("after", None),
    text("detail"),
    Column("importance", Float, nullable=False, server_default="0"),
    text("standing", "confirmed"),
    # When the snapshot that confirmed or retracted it was observed; before that it was provisional.
    text("judged"),
    text("evidence"),
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
    text("metric"),
    text("vintage"),
    text("licence_class"),
    text("at"),
    text("date"),
    text("seen"),
    text("side"),
    text("model"),
    text("variant"),
    text("replaced"),
    Column("move", Float, nullable=False),
    Column("before", Float, nullable=False),
    Column("after", Float, nullable=False),
    Column("noise", Float, nullable=False),
    Column("models", Integer, nullable=False),
    Column("votes", Integer),
    text("standing"),
    text("judged"),
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
    text("date"),
    text("label"),
    Column("capture", Integer, ForeignKey("capture.id"), nullable=False),
    Index(None, "capture"),
)
