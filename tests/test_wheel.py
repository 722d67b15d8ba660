"""The wheel, installed where there is no checkout: everything that Gapwatch ships is inside it and found.

Built and installed without an index; it runs from another folder, on the packages of this environment.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tracker import __version__, paths
from tracker.collect import registry
from tracker.store import database

ROOT = Path(__file__).resolve().parent.parent
PAYLOAD = ROOT / "tests" / "payloads" / "xai_models" / "2025-11-13.html"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="building a wheel needs hatchling: pip install gapwatch[dev]")
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the wheel is installed into."""
    site = tmp_path_factory.mktemp("site")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--target", str(site), str(wheel)], check=True, capture_output=True, timeout=60)
    return site


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Run:
    """Runs Python on the installed wheel, from an empty folder."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GAPWATCH_")}
    environ |= {"PYTHONPATH": str(installed), "HOME": str(tmp_path), "GAPWATCH_DB": str(tmp_path / "x.db")}

    def python(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return python


def printed(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_wheel_has_one_package_and_says_that_it_is_typed(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {"tracker", f"gapwatch-{__version__}.dist-info"}
    assert "tracker/py.typed" in names
    assert f"gapwatch-{__version__}.dist-info/licenses/LICENSE" in names
    assert not [name for name in names if "/test" in name or "__pycache__" in name]


def test_the_command_runs_from_anywhere(installed: Path, run: Run) -> None:
    command = str(installed / "bin" / "gapwatch")
    assert printed(run(command, "--version")) == [f"gapwatch, version {__version__}"]


def test_the_code_that_runs_is_the_installed_one(installed: Path, run: Run) -> None:
    assert printed(run("-c", "import tracker; print(tracker.__file__)")) == [
        str(installed / "tracker" / "__init__.py")
    ]


@pytest.mark.parametrize("room", ["sources", "templates", "db"])
def test_what_is_shipped_is_inside_and_the_same(installed: Path, run: Run, room: str) -> None:
    ours = paths.shipped(room)
    (theirs,) = printed(run("-c", f"from tracker import paths; print(paths.shipped({room!r}))"))
    assert theirs == str(installed / "tracker" / room)
    for file in (path for path in ours.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        assert (Path(theirs) / file.relative_to(ours)).read_bytes() == file.read_bytes()


def test_every_source_is_found_and_none_is_broken(run: Run) -> None:
    code = (
        "from tracker.collect.registry import find\n"
        "found = find(); print(*sorted(found.sources)); print(found.broken)"
    )
    assert printed(run("-c", code)) == [" ".join(sorted(registry.find().sources)), "{}"]


def test_a_shipped_source_reads_a_saved_page(installed: Path, run: Run) -> None:
    done = run(str(installed / "bin" / "gapwatch"), "sources", "test", "xai_models", str(PAYLOAD))
    assert any("price.input" in line for line in printed(done))


def test_a_database_can_be_made_from_the_shipped_revisions(run: Run) -> None:
    code = (
        "from pathlib import Path; from tracker.store import checkup, database, reading\n"
        "with database.writing(Path('made.db')): pass\n"
        "with reading.reading(Path('made.db')) as known: print(checkup.revision(known))"
    )
    assert printed(run("-c", code)) == [database.revisions()[-1]]
