"""Places: as what their file or entry was last read, and since when they are no longer installed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Forward only."""
    with op.batch_alter_table("source") as source:
        source.add_column(sa.Column("fingerprint", sa.Text(), server_default="", nullable=False))
        source.add_column(sa.Column("removed", sa.Text(), nullable=True))
