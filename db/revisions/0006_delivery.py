"""Deliveries that are tried again, digests in other styles, who has unsubscribed, and alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def upgrade() -> None:
    """Forward only. What had failed may be tried again at once."""
    with op.batch_alter_table("delivery") as delivery:
        delivery.add_column(sa.Column("attempts", sa.Integer(), server_default="0", nullable=False))
        delivery.add_column(sa.Column("next_try", sa.Text(), nullable=True))
    op.execute("UPDATE delivery SET attempts = 1, next_try = at WHERE status = 'failed'")
    op.create_table(
        "digest_style",
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("style", sa.Text(), nullable=False),
        _text("content"),
        sa.ForeignKeyConstraint(["week"], ["digest.week"], name="fk_digest_style_week_digest"),
        sa.PrimaryKeyConstraint("week", "style", name="pk_digest_style"),
    )
    op.create_table(
        "unsubscribed",
        sa.Column("address", sa.Text(), nullable=False),
        _text("at"),
        sa.PrimaryKeyConstraint("address", name="pk_unsubscribed"),
    )
    op.create_table(
        "alert",
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        _text("value"),
        sa.Column("level", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fired", sa.Text(), nullable=True),
        _text("text"),
        sa.PrimaryKeyConstraint("rule", "subject", name="pk_alert"),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Text(), nullable=False),
        _text("at"),
        _text("content"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
    )
