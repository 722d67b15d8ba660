"""Events and states of every licence class in tables of their own.

They follow from the panel, so every capture that has one is settled anew by the next pass.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Forward only."""
    text = {"server_default": "", "nullable": False}
    op.create_table(
        "event",
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), **text) for name in ("metric", "vintage", "licence_class")),
        *(sa.Column(name, sa.Text(), **text) for name in ("at", "date", "seen", "side")),
        *(sa.Column(name, sa.Text(), **text) for name in ("model", "variant", "replaced")),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("move", "before", "after", "noise")),
        sa.Column("models", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Text(), **text) for name in ("standing", "judged")),
        sa.Column("capture", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["capture.id"], name=op.f("fk_event_capture_capture")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_metric_licence_class"), "event", ["metric", "licence_class"])
    op.create_index(op.f("ix_event_capture"), "event", ["capture"])
    op.create_table(
        "state",
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("licence_class", sa.Text(), nullable=False),
        sa.Column("vintage", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), **text) for name in ("date", "label")),
        sa.Column("capture", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["capture"], ["capture.id"], name=op.f("fk_state_capture_capture")),
        sa.PrimaryKeyConstraint("metric", "licence_class", "vintage", "at", name=op.f("pk_state")),
    )
    op.create_index(op.f("ix_state_capture"), "state", ["capture"])
    op.execute("UPDATE capture SET settled = 0 WHERE id IN (SELECT capture FROM gap)")
