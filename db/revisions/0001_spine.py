"""The spine: sources, captures, series and points, models, gaps, changes, digests."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Forward only."""
    op.create_table(
        "delivery",
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("week", "recipient", name=op.f("pk_delivery")),
    )
    op.create_table(
        "digest",
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("published", sa.Text(), server_default="", nullable=False),
        sa.Column("content", sa.Text(), server_default="", nullable=False),
        sa.Column("html", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("week", name=op.f("pk_digest")),
    )
    op.create_table(
        "host",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("paused_until", sa.Text(), server_default="", nullable=False),
        sa.Column("robots", sa.Text(), nullable=True),
        sa.Column("robots_fetched", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_host")),
    )
    op.create_table(
        "metric",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("board", sa.Text(), server_default="", nullable=False),
        sa.Column("task", sa.Text(), server_default="", nullable=False),
        sa.Column("unit", sa.Text(), server_default="", nullable=False),
        sa.Column("scale", sa.Text(), server_default="", nullable=False),
        sa.Column("higher_is_better", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("questions", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric")),
    )
    op.create_table(
        "model",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("organisation", sa.Text(), server_default="", nullable=False),
        sa.Column("weights", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("licence", sa.Text(), server_default="", nullable=False),
        sa.Column("licence_class", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("released", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model")),
    )
    op.create_table(
        "payload",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_payload")),
    )
    op.create_table(
        "provider",
        sa.Column("spelling", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("role", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("spelling", name=op.f("pk_provider")),
    )
    op.create_table(
        "slot",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("started", sa.Text(), server_default="", nullable=False),
        sa.Column("finished", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("job", "slot", name=op.f("pk_slot")),
    )
    op.create_table(
        "source",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("vendor", sa.Text(), server_default="", nullable=False),
        sa.Column("licence", sa.Text(), server_default="", nullable=False),
        sa.Column("credit", sa.Text(), server_default="", nullable=False),
        sa.Column("publishable", sa.Boolean(), server_default="1", nullable=False),
        sa.Column("cadence_seconds", sa.Integer(), server_default="43200", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("last_attempt", sa.Text(), nullable=True),
        sa.Column("last_success", sa.Text(), nullable=True),
        sa.Column("next_due", sa.Text(), nullable=True),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seconds", sa.Float(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_source")),
    )
    op.create_table(
        "capture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("observed", sa.Text(), server_default="", nullable=False),
        sa.Column("until", sa.Text(), server_default="", nullable=False),
        sa.Column("fetched", sa.Text(), server_default="", nullable=False),
        sa.Column("as_of", sa.Text(), server_default="", nullable=False),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("visits", sa.Integer(), server_default="1", nullable=False),
        sa.Column("settled", sa.Boolean(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_capture_source_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
    )
    op.create_index(op.f("ix_capture_settled"), "capture", ["settled"], unique=False)
    op.create_index(op.f("ix_capture_source_observed"), "capture", ["source", "observed"], unique=False)
    op.create_table(
        "page",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("etag", sa.Text(), server_default="", nullable=False),
        sa.Column("last_modified", sa.Text(), server_default="", nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["sha256"], ["payload.sha256"], name=op.f("fk_page_sha256_payload")),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_page_source_source")),
        sa.PrimaryKeyConstraint("source", "url", name=op.f("pk_page")),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("metric", sa.Text(), server_default="", nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("provider", sa.Text(), server_default="", nullable=False),
        sa.Column("condition", sa.Text(), server_default="", nullable=False),
        sa.Column("vintage", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_series_source_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint(
            "source",
            "metric",
            "subject",
            "provider",
            "condition",
            "vintage",
            name=op.f("uq_series_source_metric_subject_provider_condition_vintage"),
        ),
    )
    op.create_index(op.f("ix_series_subject"), "series", ["subject"], unique=False)
    op.create_table(
        "spelling",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("model", sa.Text(), nullable=True),
        sa.Column("variant", sa.Text(), server_default="", nullable=False),
        sa.Column("rule", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["model"], ["model.id"], name=op.f("fk_spelling_model_model")),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_spelling_source_source")),
        sa.PrimaryKeyConstraint("source", "subject", name=op.f("pk_spelling")),
    )
    op.create_index(op.f("ix_spelling_model"), "spelling", ["model"], unique=False)
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), server_default="", nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("vendor", sa.Text(), server_default="", nullable=False),
        sa.Column("published", sa.Text(), nullable=True),
        sa.Column("first_seen", sa.Text(), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("topics", sa.Text(), server_default="", nullable=False),
        sa.Column("models", sa.Text(), server_default="", nullable=False),
        sa.Column("capture", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["capture.id"], name=op.f("fk_announcement_capture_capture")),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_announcement_source_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("source", "key", name=op.f("uq_announcement_source_key")),
    )
    op.create_index(op.f("ix_announcement_first_seen"), "announcement", ["first_seen"], unique=False)
    op.create_table(
        "capture_page",
        sa.Column("capture", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["capture.id"], name=op.f("fk_capture_page_capture_capture")),
        sa.ForeignKeyConstraint(["sha256"], ["payload.sha256"], name=op.f("fk_capture_page_sha256_payload")),
        sa.PrimaryKeyConstraint("capture", "position", name=op.f("pk_capture_page")),
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("metric", sa.Text(), server_default="", nullable=False),
        sa.Column("model", sa.Text(), server_default="", nullable=False),
        sa.Column("variant", sa.Text(), server_default="", nullable=False),
        sa.Column("provider", sa.Text(), server_default="", nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("importance", sa.Float(), server_default="0", nullable=False),
        sa.Column("standing", sa.Text(), server_default="confirmed", nullable=False),
        sa.Column("judged", sa.Text(), server_default="", nullable=False),
        sa.Column("evidence", sa.Text(), server_default="", nullable=False),
        sa.Column("capture", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["capture.id"], name=op.f("fk_change_capture_capture")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
    )
    op.create_index(op.f("ix_change_at"), "change", ["at"], unique=False)
    op.create_index(op.f("ix_change_capture"), "change", ["capture"], unique=False)
    op.create_index(op.f("ix_change_kind_at"), "change", ["kind", "at"], unique=False)
    op.create_table(
        "gap",
        sa.Column("capture", sa.Integer(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("vintage", sa.Text(), nullable=False),
        sa.Column("licence_class", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("date", sa.Text(), server_default="", nullable=False),
        sa.Column("open_model", sa.Text(), server_default="", nullable=False),
        sa.Column("open_variant", sa.Text(), server_default="", nullable=False),
        sa.Column("open_value", sa.Float(), nullable=True),
        sa.Column("open_low", sa.Float(), nullable=True),
        sa.Column("open_high", sa.Float(), nullable=True),
        sa.Column("closed_model", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_variant", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_value", sa.Float(), nullable=True),
        sa.Column("closed_low", sa.Float(), nullable=True),
        sa.Column("closed_high", sa.Float(), nullable=True),
        sa.Column("open_point", sa.Integer(), nullable=True),
        sa.Column("closed_point", sa.Integer(), nullable=True),
        sa.Column("difference", sa.Float(), nullable=True),
        sa.Column("percent", sa.Float(), nullable=True),
        sa.Column("win_probability", sa.Float(), nullable=True),
        sa.Column("noise", sa.Float(), nullable=True),
        sa.Column("lag_strict", sa.Float(), nullable=True),
        sa.Column("n_open", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_closed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_unknown", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["capture.id"], name=op.f("fk_gap_capture_capture")),
        sa.PrimaryKeyConstraint("capture", "metric", "vintage", "licence_class", name=op.f("pk_gap")),
    )
    op.create_index(
        op.f("ix_gap_metric_licence_class_date"), "gap", ["metric", "licence_class", "date"], unique=False
    )
    op.create_table(
        "held",
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="", nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("low", sa.Text(), nullable=True),
        sa.Column("high", sa.Text(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("announced", sa.Text(), nullable=True),
        sa.Column("effective_from", sa.Text(), nullable=True),
        sa.Column("effective_to", sa.Text(), nullable=True),
        sa.Column("capture", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("standing", sa.Text(), server_default="", nullable=False),
        sa.Column("judged", sa.Text(), server_default="", nullable=False),
        sa.Column("ruling", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["capture.id"], name=op.f("fk_held_capture_capture")),
        sa.ForeignKeyConstraint(["series"], ["series.id"], name=op.f("fk_held_series_series")),
        sa.PrimaryKeyConstraint("series", "at", name=op.f("pk_held")),
    )
    op.create_index(op.f("ix_held_capture"), "held", ["capture"], unique=False)
    op.create_table(
        "point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), server_default="", nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("low", sa.Text(), nullable=True),
        sa.Column("high", sa.Text(), nullable=True),
        sa.Column("n", sa.Integer(), nullable=True),
        sa.Column("announced", sa.Text(), nullable=True),
        sa.Column("effective_from", sa.Text(), nullable=True),
        sa.Column("effective_to", sa.Text(), nullable=True),
        sa.Column("capture", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["capture.id"], name=op.f("fk_point_capture_capture")),
        sa.ForeignKeyConstraint(["series"], ["series.id"], name=op.f("fk_point_series_series")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point")),
        sa.UniqueConstraint("series", "at", name=op.f("uq_point_series_at")),
    )
    op.create_index(op.f("ix_point_capture"), "point", ["capture"], unique=False)
    op.create_table(
        "rescale",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("vintage", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("capture", sa.Integer(), nullable=False),
        sa.Column("shift", sa.Float(), nullable=False),
        sa.Column("models", sa.Integer(), nullable=False),
        sa.Column("slow", sa.Boolean(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["capture.id"], name=op.f("fk_rescale_capture_capture")),
        sa.ForeignKeyConstraint(["source"], ["source.name"], name=op.f("fk_rescale_source_source")),
        sa.PrimaryKeyConstraint("source", "metric", "vintage", "at", name=op.f("pk_rescale")),
    )
