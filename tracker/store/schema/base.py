"""What all tables share: how constraints are named, and columns of text."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Text

APPLICATION_ID = 0x47415057  # "GAPW" in SQLite's header: how a foreign database is told

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def text(name: str, default: str | None = "") -> Column[str]:
    """A text column: required with a default, or nullable where the default is None."""
    if default is None:
        return Column(name, Text, nullable=True)
    return Column(name, Text, nullable=False, server_default=default)
