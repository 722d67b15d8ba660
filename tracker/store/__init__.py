"""The database: one writer over SQLAlchemy Core, and plain read-only SQL for questions."""
