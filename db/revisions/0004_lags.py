"""The panel of gaps: further definitions of lag, computed anew for every snapshot by the next settling."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Forward only."""
    with op.batch_alter_table("gap") as gap:
        for name in ("lag_tied", "lag_matched", "lag_area"):
            gap.add_column(sa.Column(name, sa.Float(), nullable=True))
        for name in ("matched_n", "censored_n"):
            gap.add_column(sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    op.execute("UPDATE capture SET settled = 0 WHERE id IN (SELECT capture FROM gap)")
