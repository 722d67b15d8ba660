"""The schema: the revisions lead to exactly what is declared, and what is not ours stays untouched.

Real files: a note, another program's database, a newer Gapwatch's, a damaged one, a folder that cannot
be written.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from tracker.errors import StoreError
from tracker.store import busy, database
from tracker.store.reading import reading
from tracker.store.schema import APPLICATION_ID, metadata

NOBODY = 65534


def made(path: Path) -> Path:
    """An empty database of ours."""
    with database.writing(path):
        pass
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def other_default(*said: object) -> bool:
    """Whether two defaults differ, whatever brackets and quotes SQLite puts around them."""
    inspected, _, rendered = (str(text or "").strip("('\")") for text in said[3:6])
    return inspected != rendered


def test_the_revisions_lead_to_the_declared_schema(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'gapwatch.db'}")
    with engine.connect() as connection:
        database.upgrade(connection)
        connection.commit()
        options = {"compare_type": True, "compare_server_default": other_default}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_new_database_is_what_the_revisions_lead_to(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'walked.db'}")
    with engine.connect() as connection:
        database.upgrade(connection)
        connection.commit()
    engine.dispose()
    made(tmp_path / "new.db")
    columns = (
        'SELECT m.name, c.name, c.type, c."notnull", c.pk FROM sqlite_master m'
        " JOIN pragma_table_info(m.name) c ORDER BY 1, 2"
    )
    walked, new = (rows(tmp_path / f"{name}.db", columns) for name in ("walked", "new"))
    assert new == walked


def rows(db: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql).fetchall()


def test_a_new_database_bears_our_mark_and_the_newest_revision(tmp_path: Path) -> None:
    with closing(sqlite3.connect(made(tmp_path / "gapwatch.db"))) as connection:
        assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        assert revision == database.revisions()[-1]


def test_opening_it_again_changes_nothing(tmp_path: Path) -> None:
    made(tmp_path / "gapwatch.db")
    before = contents(tmp_path)
    made(tmp_path / "gapwatch.db")
    assert contents(tmp_path) == before


def test_an_empty_file_becomes_a_database(tmp_path: Path) -> None:
    (tmp_path / "gapwatch.db").touch()
    with database.writing(tmp_path / "gapwatch.db") as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM source").scalar() == 0


def test_folders_on_the_way_are_made(tmp_path: Path) -> None:
    assert made(tmp_path / "some" / "where" / "gapwatch.db").is_file()


def test_two_that_open_a_new_database_at_once_both_get_it(tmp_path: Path) -> None:
    errors: list[Exception] = []

    def open_it() -> None:
        try:
            made(tmp_path / "gapwatch.db")
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def a_note(path: Path) -> None:
    path.write_text("Buy milk.\n" * 500)


def another_programs(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


def another_programs_in_wal(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


def another_programs_with_alembic(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('0001')")


def a_newer_gapwatchs(path: Path) -> None:
    with closing(sqlite3.connect(made(path))) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def a_damaged_one(path: Path) -> None:
    made(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + b"\xff" * 4000 + whole[4100:])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(a_note, "is no SQLite database", id="a-note"),
        pytest.param(another_programs, "is another program's database", id="another-programs"),
        pytest.param(another_programs_in_wal, "is another program's database", id="another-programs-in-wal"),
        pytest.param(another_programs_with_alembic, "is another program's database", id="with-alembic"),
        pytest.param(a_newer_gapwatchs, "was written by a newer Gapwatch (schema 9999)", id="newer"),
        pytest.param(a_damaged_one, "restore a backup or choose another", id="damaged"),
    ],
)
def test_what_cannot_be_used_is_refused_and_untouched(
    tmp_path: Path, spoil: Callable[[Path], None], said: str
) -> None:
    path = tmp_path / "gapwatch.db"
    spoil(path)
    before = contents(tmp_path)
    with pytest.raises(StoreError) as error, database.writing(path):
        raise AssertionError("it was opened")
    assert said in str(error.value)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)
    assert contents(tmp_path) == before


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Another process, by its number, that keeps a database to itself for as long as the block lasts."""
    code = (
        "import sqlite3, sys; held = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "held.execute('PRAGMA journal_mode = DELETE'); held.execute('BEGIN EXCLUSIVE');"
        "print(flush=True); sys.stdin.read()"
    )
    words = [sys.executable, "-c", code, str(path)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        yield holder.pid
        holder.communicate()


def refusal(path: Path) -> sqlite3.OperationalError:
    """What SQLite says to somebody who does not wait."""
    with (
        closing(sqlite3.connect(path, timeout=0)) as connection,
        pytest.raises(sqlite3.OperationalError) as error,
    ):
        connection.execute("SELECT count(*) FROM capture")
    return error.value


def test_a_locked_database_is_told_as_such_with_who_holds_it(tmp_path: Path) -> None:
    path = made(tmp_path / "gapwatch.db")
    with held(path) as process:
        error = refusal(path)
        told = busy.reason(path, error)
    known = f"process {process}" if busy.LOCKS.exists() else "another process"
    assert told == f"locked by {known}; try again when it is done"
    assert busy.reason(path, error) == "locked by another process; try again when it is done"  # gone by now


@pytest.mark.slow
@pytest.mark.parametrize("opened", [database.writing, reading], ids=["to-write", "to-read"])
def test_who_waited_for_a_locked_database_in_vain_is_told_so(
    tmp_path: Path, opened: Callable[[Path], AbstractContextManager[Any]]
) -> None:
    path = made(tmp_path / "gapwatch.db")
    with held(path), pytest.raises(StoreError) as error, opened(path) as connection:
        connection.execute("SELECT count(*) FROM capture")
    assert str(error.value).startswith(f"{path}: locked by ")
    assert error.value.exit_code == 1


@contextmanager
def as_nobody() -> Iterator[Path]:
    """A folder that this user cannot write to; as root, by being another user for a while."""
    with tempfile.TemporaryDirectory() as folder:
        made(Path(folder) / "gapwatch.db")
        os.chmod(folder, 0o555)
        os.chmod(Path(folder) / "gapwatch.db", 0o444)
        root = os.geteuid() == 0
        if root:
            os.seteuid(NOBODY)
        try:
            yield Path(folder)
        finally:
            if root:
                os.seteuid(0)
            os.chmod(folder, 0o755)


@pytest.mark.parametrize("name", ["gapwatch.db", "new.db", "sub/new.db"])
def test_what_cannot_be_written_is_a_clear_line(name: str) -> None:
    with as_nobody() as folder:
        with pytest.raises(StoreError) as error, database.writing(folder / name):
            raise AssertionError("it was opened")
        assert str(error.value) == (
            f"{folder / name}: cannot be written: Permission denied; choose another with --db"
        )
        assert [file.name for file in folder.iterdir()] == ["gapwatch.db"]


def test_a_folder_in_its_place_is_a_clear_line(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written: Is a directory"), database.writing(tmp_path):
        raise AssertionError("it was opened")


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    """A file of ours without its revision, whose tables are therefore in the way of the first one."""
    path = made(tmp_path / "gapwatch.db")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM alembic_version")
        connection.execute("DROP TABLE slot")
        before = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    with pytest.raises(StoreError, match="it is as it was"), database.writing(path):
        raise AssertionError("it was opened")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall() == before
