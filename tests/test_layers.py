"""A module imports only what stands before its room, and each hazard has one home.

    domain  errors  paths  secrets  conditions  tables  pricelist  retirements  settable
       |       |      |
    source  outlets  config      source files stand outside and see only source, the ground, and what is
       |       |      |          shared by them alone: boards, datasets, own_page, repositories
       |       |      |
       |   trends  catalog       pure; they do not know each other
       |       |      |
       +---- store ---+          the only SQL
               |
            collect              the only HTTP that asks
               |
             digest              (sees store, not collect) the only Jinja2
               |
             alerts              pure
               |
            deliver              the only SMTP; the one page that is served
               |
             daemon              (sees digest, not deliver)
               |
              cli

Read from the syntax trees, so that imports inside functions and for type checkers count as well.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ENGINE = sorted((ROOT / "tracker").rglob("*.py"))
SOURCES = sorted((ROOT / "sources").glob("*.py"))

SHARED = {
    "boards",
    "conditions",
    "datasets",
    "own_page",
    "pricelist",
    "repositories",
    "retirements",
    "tables",
}
GROUND = {"domain", "errors", "paths", "secrets", "conditions", "pricelist", "retirements", "tables"}
MAY_IMPORT = {
    "conditions": set[str](),
    "tables": {"errors"},
    "pricelist": {"conditions", "domain", "errors", "tables"},
    "retirements": {"domain"},
    "domain": set[str](),
    "errors": set[str](),
    "paths": set[str](),
    "secrets": {"errors"},
    "settable": {"errors"},
    "outlets": {"errors", "secrets", "settable"},
    "config": {"errors", "paths", "secrets", "settable", "outlets"},
    "source": {"domain", "errors"},
    "boards": {"domain"},
    "datasets": {"domain", "source"},
    "own_page": {"domain", "source"},
    "repositories": {"domain", "errors", "source"},
    "trends": {"domain"},
    "catalog": GROUND,
    "store": GROUND | {"source", "catalog", "trends"},
    "collect": GROUND | {"source", "settable", "config", "catalog", "trends", "store"},
    "digest": GROUND | {"source", "config", "outlets", "catalog", "trends", "store"},
    "alerts": {"domain", "outlets", "trends", "store", "digest"},
    "deliver": GROUND | {"config", "outlets", "store", "collect", "digest", "alerts"},
    "daemon": GROUND | {"config", "store", "digest"},
    "cli": GROUND
    | {"source", "config", "outlets", "catalog", "trends", "store", "collect", "digest", "alerts"}
    | {"deliver", "daemon"},
}

WIRE = {
    f"tracker/collect/{name}.py" for name in ("fetch", "transport", "network", "addresses", "answers", "urls")
}
TELLS_THE_TIME = {
    "tracker/config.py",  # the clock of Settings
    "tracker/collect/visit.py",  # `fetched`: when we really looked
    "tracker/collect/fetch.py",
    "tracker/daemon.py",
    "tracker/cli/keep_sources.py",  # a saved page that is only looked at
}
MATRICES = {"tracker/store/boards.py", "tracker/store/measured.py"}  # what settling alone imports
CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}
VERBS = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "PRAGMA ")
RUNS_SQL = {"execute", "executemany", "executescript", "exec_driver_sql"}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def room_of(path: Path) -> str:
    """`trends` for tracker/trends/gap.py, `config` for tracker/config.py."""
    room = path.relative_to(ROOT / "tracker").parts[0].removesuffix(".py")
    return "cli" if room == "__main__" else room


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), named(path))


def imported(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, wherever in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)}:{node.lineno} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def calls(path: Path) -> Iterator[str]:
    """The dotted names that a file calls, as written."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def roots(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imported(path)}


@pytest.mark.parametrize("path", ENGINE, ids=named)
def test_a_module_imports_only_what_stands_before_its_room(path: Path) -> None:
    own = room_of(path)
    rooms = {name.split(".")[1] for name in imported(path) if name.startswith("tracker.")}
    if own == "__init__":
        assert rooms == set()
        return
    strangers = rooms - MAY_IMPORT[own] - {own, "__version__"}
    assert not strangers, f"{named(path)} imports {sorted(strangers)}"


@pytest.mark.parametrize("path", ENGINE, ids=named)
def test_the_engine_finds_sources_by_looking_and_never_imports_them(path: Path) -> None:
    assert not roots(path) & {"sources", "templates", "db", "tests"}


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_a_source_file_sees_nothing_of_ours_but_what_a_source_is_made_of(path: Path) -> None:
    ours = {".".join(name.split(".")[:2]) for name in imported(path) if name.startswith("tracker")}
    assert ours <= {f"tracker.{name}" for name in {"source", "domain", "errors", "secrets"} | SHARED}
    assert "sources" not in roots(path)


@pytest.mark.parametrize("path", [p for p in ENGINE if room_of(p) != "store"], ids=named)
def test_sql_is_written_and_run_in_the_store_alone(path: Path) -> None:
    """Elsewhere a connection is only handed on."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            assert not node.value.startswith(VERBS), f"{named(path)}:{node.lineno} holds SQL"
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "sqlite3":
            assert node.attr == "Connection", f"{named(path)}:{node.lineno} uses sqlite3.{node.attr}"
    assert not {call for call in calls(path) if call.rpartition(".")[2] in RUNS_SQL}
    assert {name for name in imported(path) if name.startswith("sqlalchemy")} <= {"sqlalchemy.Connection"}


@pytest.mark.parametrize("path", [p for p in ENGINE if named(p) not in WIRE], ids=named)
def test_http_is_spoken_on_the_wire_side_of_fetching_alone(path: Path) -> None:
    assert not roots(path) & {"httpx", "httpcore", "httpx2", "requests"}
    assert not {name for name in imported(path) if name.startswith(("urllib.request", "http.client"))}


@pytest.mark.parametrize("path", [p for p in ENGINE if named(p) not in TELLS_THE_TIME], ids=named)
def test_the_time_comes_in_as_an_argument(path: Path) -> None:
    assert not CLOCKS & set(calls(path))


@pytest.mark.parametrize("path", ENGINE, ids=named)
def test_mail_is_spoken_and_a_page_served_where_things_are_delivered(path: Path) -> None:
    homes = {"smtplib": "smtp", "mailbox": "files", "apprise": "notify", "http.server": "endpoint"}
    for name in imported(path):
        for module, home in homes.items():
            if name == module or name.startswith(f"{module}."):
                assert named(path) == f"tracker/deliver/{home}.py"


def test_templates_are_rendered_in_one_place() -> None:
    users = {named(path) for path in ENGINE if "jinja2" in roots(path)}
    assert users <= {"tracker/digest/render.py", "tracker/digest/sandbox.py"}


@pytest.mark.parametrize(
    "path", [p for p in ENGINE if room_of(p) in ("cli", "store") and named(p) not in MATRICES], ids=named
)
def test_a_question_costs_no_numerics(path: Path) -> None:
    assert not roots(path) & {"numpy", "scipy", "pandas"}


@pytest.mark.parametrize("module", ["cli.ask_gap", "store.query.gaps", "store.settle", "digest.build"])
def test_numerics_are_loaded_only_where_a_panel_is_computed(module: str) -> None:
    code = f"import sys, tracker.{module}; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("path", [p for p in ENGINE if room_of(p) == "cli"], ids=named)
def test_a_command_imports_heavy_rooms_only_when_it_is_called(path: Path) -> None:
    """SQLAlchemy alone costs 200 ms, more than a whole question may."""
    heavy = {"sqlalchemy", "alembic", "apscheduler", "httpx", "jinja2", "feedparser", "bs4", "lxml"}
    top = {
        name.partition(".")[0]
        for node in tree(path).body
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert not top & heavy
