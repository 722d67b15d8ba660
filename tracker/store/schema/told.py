"""What was told: frozen digests, deliveries, alerts, and the jobs that did it."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from tracker.store.schema.base import metadata, text

# Frozen digests; a preview is not kept. `content` is the Digest as JSON.
digest = Table(
    "digest",
    metadata,
    Column("week", Text, primary_key=True),
    text("published"),
    text("content"),
    text("html"),
    text("text"),
)

# The same digest in other styles of figures and dates, frozen at the same moment.
digest_style = Table(
    "digest_style",
    metadata,
    Column("week", Text, ForeignKey("digest.week"), primary_key=True),
    Column("style", Text, primary_key=True),
    text("content"),
)

# Who has been sent what: `week` is a week's digest or a message of alerts, `recipient` an address or the
# name of an outlet. status: sending (claimed until `next_try`), sent, failed (again from `next_try` on),
# refused (given up).
delivery = Table(
    "delivery",
    metadata,
    Column("week", Text, primary_key=True),
    Column("recipient", Text, primary_key=True),
    text("message_id"),
    text("status"),
    text("note"),
    text("at"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    text("next_try", None),
)

# Who wants no more mail, and since when.
unsubscribed = Table(
    "unsubscribed",
    metadata,
    Column("address", Text, primary_key=True),
    text("at"),
)

# What each rule of alerts last told of each of its subjects: 0 is nothing since it was armed.
alert = Table(
    "alert",
    metadata,
    Column("rule", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    text("value"),
    Column("level", Integer, nullable=False, server_default="0"),
    text("fired", None),
    text("text"),
)

# Messages of alerts, written down together with what their rules then hold to be told.
notice = Table(
    "notice",
    metadata,
    Column("id", Text, primary_key=True),
    text("at"),
    text("content"),
)

# A job that ran, or is running, for a slot of time: the row is the truth, the scheduler only wakes.
slot = Table(
    "slot",
    metadata,
    Column("job", String, primary_key=True),
    Column("slot", String, primary_key=True),
    text("started"),
    text("finished", None),
    text("note"),
)
