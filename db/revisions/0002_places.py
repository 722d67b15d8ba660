"""Places: whether known from documentation alone, how they first looked, and which the user has paused."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Forward only."""
    with op.batch_alter_table("source") as source:
        source.add_column(sa.Column("documented", sa.Boolean(), server_default="0", nullable=False))
        source.add_column(sa.Column("first_look", sa.Text(), server_default="", nullable=False))
        source.add_column(sa.Column("paused", sa.Boolean(), server_default="0", nullable=False))
