"""Opening the database to write: one connection, migrated, known to be ours.

    with database.writing(path) as connection:      # SQLAlchemy Core
        with connection.begin(): ...                # BEGIN IMMEDIATE

A file that is no database, somebody else's database or a newer Gapwatch's is refused and not touched.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError, OperationalError

from tracker import paths
from tracker.errors import StoreError
from tracker.store.busy import is_locked, reason
from tracker.store.schema import APPLICATION_ID, metadata

# What sqlite3 says of values that SQLite cannot hold: half of a character, a number of more than 64 bits.
UNFIT = (UnicodeEncodeError, OverflowError)


@contextmanager
def writing(path: Path) -> Iterator[Connection]:
    """The one writer's connection to a migrated database. StoreError where it cannot be used."""
    check(path)
    migrate(path)
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 15})
    _immediate(engine)
    try:
        with engine.connect() as connection:
            yield connection
    except OperationalError as error:
        raise StoreError(f"{path}: {reason(path, error.orig)}; nothing was half stored") from error
    finally:
        engine.dispose()


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """One short transaction, whole or not at all; StoreError where the database refuses it.

    Within another one it is part of that.
    """
    if connection.in_transaction():
        yield
        return
    try:
        with connection.begin():
            yield
    except DBAPIError as error:
        told = reason(connection.engine.url.database, error.orig)
        raise StoreError(f"could not be stored, nothing of it was: {told}") from error
    except UNFIT as error:
        raise StoreError(f"could not be stored, nothing of it was: {error}") from error


def check(path: Path) -> None:
    """Refuse what is not ours, before anything is written."""
    if not path.exists():
        _check_folder(path)
        return
    try:
        with open(path, "r+b"):
            pass
        found, tables, revision = _look(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}; choose another with --db") from error
    except sqlite3.DatabaseError as error:
        if is_locked(error):
            raise StoreError(f"{path}: {reason(path, error)}") from error
        raise StoreError(
            f"{path}: is no SQLite database ({error}); restore a backup or choose another with --db"
        ) from error
    if tables and found != APPLICATION_ID:
        raise StoreError(f"{path}: is another program's database; choose another with --db")
    if revision and revision not in revisions():
        raise StoreError(f"{path}: was written by a newer Gapwatch (schema {revision}); upgrade gapwatch")


def _check_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "ab"):
            pass
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror}; choose another with --db") from error


def _look(path: Path) -> tuple[int, int, str]:
    """(application id, number of tables, schema revision) of an SQLite file."""
    connection = sqlite3.connect(path, timeout=15)
    try:
        found = connection.execute("PRAGMA application_id").fetchone()[0]
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        revision = ""
        if "alembic_version" in names:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            revision = row[0] if row else ""
        return found, len(names), revision
    finally:
        connection.close()


def revisions() -> list[str]:
    """The revisions that this Gapwatch knows, oldest first: the first four letters of their files' names."""
    return sorted(file.name[:4] for file in (paths.shipped("db") / "revisions").glob("[0-9]*.py"))


def migrate(path: Path) -> None:
    """Bring the schema to the newest revision, whole or not at all; a new file is made as declared."""
    newest = revisions()[-1]
    if _look(path)[2] == newest:
        return
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": 15})
    _immediate(engine)
    try:
        with engine.connect() as connection, connection.begin():
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
            if connection.exec_driver_sql("SELECT 1 FROM sqlite_master LIMIT 1").first():
                upgrade(connection)
            else:
                _create(connection, newest)
    except DatabaseError as error:
        told = reason(path, error.orig)
        raise StoreError(f"{path}: the schema could not be upgraded: {told}; it is as it was") from error
    finally:
        engine.dispose()


def _create(connection: Connection, revision: str) -> None:
    """The declared schema, which is what all revisions lead to (a test), without Alembic's 0.2 s."""
    metadata.create_all(connection)
    connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)")
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES (?)", (revision,))


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Walk the revisions that are still to come, up to one of them, within the caller's transaction."""
    from alembic import command  # only when there is something to do
    from alembic.config import Config

    config = Config()
    folder = str(paths.shipped("db")).replace("%", "%%")
    config.set_main_option("script_location", folder)
    config.set_main_option("version_locations", f"{folder}/revisions")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def _immediate(engine: Any) -> None:
    """Let SQLAlchemy begin with BEGIN IMMEDIATE: a deferred one can fail at its first write at once."""

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None
        _write_ahead(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch to WAL, which SQLite refuses at once, whatever its timeout, while another does the same."""
    for pause in (0.02, 0.1, 0.5, 2.0):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
        time.sleep(pause)
    connection.execute("PRAGMA journal_mode = WAL")
