"""The asking commands as people and scripts use them: forms of answers, exit codes, help."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from tests.support.database import (
    BOARD,
    NEWS,
    OVERALL,
    PRICES,
    SILENT,
    Built,
    fact,
    offer,
    score,
    story,
)
from tracker import __version__
from tracker.cli import COMMANDS, DB, SOURCES, cli
from tracker.cli.lazy import LazyGroup
from tracker.cli.output import Column, as_csv, as_json, as_table, sparkline
from tracker.digest import lines as lines_of_text
from tracker.domain import Outcome

ROOT = Path(__file__).parents[1]
NOW = "2025-03-01T00:00:00Z"
HOSTILE = "\x1b[31mred\x07 \u202egnp.exe"


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One board on three days, one price list, one feed with hostile titles, one silent place."""
    path = tmp_path_factory.mktemp("ask") / "gapwatch.db"
    licences = [fact("gpt-4o", "licence", "Proprietary"), fact("deepseek-r1", "licence", "MIT")]
    with Built(path, (BOARD, PRICES, NEWS, SILENT)) as built:
        for day, r1 in (("2025-01-10", "1300"), ("2025-01-24", "1357"), ("2025-02-02", "1358")):
            built.captured(BOARD, day, [score("gpt-4o", "1365"), score("deepseek-r1", r1), *licences])
        built.captured(
            PRICES,
            "2025-01-25",
            [
                *offer("deepseek-r1", "deepseek", "0.0000005500001", "2.19"),
                *offer("gpt-4o", "openai", "2.5", "10"),
            ],
        )
        titles = (HOSTILE, "=HYPERLINK(1)", "-1+2", "Plain title, with a comma", "@sum", "多语言模型" * 30)
        built.captured(NEWS, "2025-01-25", [story(str(n), t, "2025-01-25") for n, t in enumerate(titles)])
        built.failed(SILENT, "2025-02-02", "no answer")
        built.captured(PRICES, "2025-02-20", [], outcome=Outcome.SUSPECT, note="empty page")
    return path


def ask(db: Path, *words: str, now: str = NOW) -> Result:
    return CliRunner().invoke(cli, ["--db", str(db), "--now", now, *words], prog_name="gapwatch")


def answer(db: Path, *words: str) -> Any:
    """The parsed JSON of a command that must succeed; numbers stay exact."""
    done = ask(db, *words, "--json")
    assert done.exit_code == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout, parse_float=Decimal)


PROMISED = {
    "gap": (
        ["gap"],
        "metric task date vintage open closed difference percent win_probability lag state change_3m"
        " change_12m event n span_days standing",
    ),
    "price": (
        ["price", "gpt-4o"],
        "model provider input output cache_read blended currency unit effective_from effective_to"
        " observed source standing",
    ),
    "history": (["history", OVERALL, "gpt-4o"], "value low high first_seen last_seen capture"),
    "changes": (
        ["changes"],
        "id at kind metric model provider before after importance standing evidence",
    ),
    "news": (["news"], "id title url vendor published topics models cluster also"),
    "models": (
        ["models", "deepseek r1"],
        "model organisation weights licence licence_class released spellings",
    ),
    "explain": (["explain", "c1"], "id capture url observed fetched sha256 source licence excerpt"),
    "sources": (
        ["sources", "list"],
        "name kind url outcome rows changed seconds note last_success next_due silent_days",
    ),
}


@pytest.mark.parametrize(("words", "fields"), PROMISED.values(), ids=PROMISED.keys())
def test_json_has_the_fields_that_scripts_rely_on(db: Path, words: list[str], fields: str) -> None:
    told = answer(db, *words)
    rows = [told] if words[0] == "explain" else told
    assert rows
    for row in rows:
        assert set(fields.split()) <= row.keys()


def test_nested_fields_of_a_gap(db: Path) -> None:
    (row,) = answer(db, "gap", "lmarena text")
    assert {"model", "value", "low", "high"} <= row["open"].keys() & row["closed"].keys()
    assert row["lag"].keys() == {"strict", "tied", "matched", "area", "matched_n", "censored_n"}
    assert (row["open"]["model"], row["closed"]["model"]) == ("deepseek-r1", "gpt-4o")


def test_a_price_is_a_json_number_written_digit_for_digit(db: Path) -> None:
    done = ask(db, "price", "deepseek-r1", "--json")
    assert '"input": 0.0000005500001,' in done.stdout
    (row,) = csv.DictReader(io.StringIO(ask(db, "price", "deepseek-r1", "--csv").stdout))
    assert (row["input"], row["unit"]) == ("0.0000005500001", "USD per million tokens")


CODES = {
    "an answer": (["gap"], 0, ""),
    "an unknown task": (["gap", "codding"], 2, "did you mean coding"),
    "a task of which no figure is stored": (["gap", "vision"], 4, "nothing is known"),
    "a time before everything": (["gap", "--on", "2024-01-01"], 4, "nothing is known"),
    "a model that is not there": (["price", "no-such-model"], 4, "no such model"),
    "a provider that is not there": (["price", "--provider", "opnai"], 2, "did you mean"),
    "a mix that is none": (["price", "gpt-4o", "--mix", "3"], 2, "like 3:1"),
    "a mix of nothing": (["price", "gpt-4o", "--mix", "0:0"], 2, "like 3:1"),
    "a threshold that is none": (["price", "--at-least", "good"], 2, "no threshold"),
    "a threshold on a task of several metrics": (["price", "--at-least", "chat>=3"], 2, "choose one"),
    "a threshold the wrong way round": (["price", "--at-least", f"{OVERALL}<=3"], 2, "turn the sign"),
    "a threshold that none reaches": (["price", "--at-least", f"{OVERALL}>=9999"], 4, "no price"),
    "a series that is not there": (["history", "999"], 4, "no such series"),
    "too few words for a series": (["history", "gpt-4o"], 2, "history takes"),
    "an id that is none": (["explain", "zzz"], 2, "ids look like"),
    "an id that leads nowhere": (["explain", "c99"], 4, "nothing has this id"),
    "a source that is not there": (["sources", "show", "bord"], 4, "did you mean board"),
    "an unknown kind": (["changes", "--kind", "rumour"], 2, "Invalid value"),
    "a date that is none": (["news", "--since", "yesterday"], 2, "is no date"),
    "the first day of all": (["price", "--tiers", "--on", "0001-01-01"], 2, "a year from 1970 to 2999"),
    "a span from the first day of all": (["news", "--since", "0001-01-01"], 2, "a year from 1970 to 2999"),
    "a span to the last day of all": (["gap", "--until", "9999-12-31"], 2, "a year from 1970 to 2999"),
    "the last week of all": (["digest", "--week", "9999-W52"], 2, "--week: '9999-W52' is out of range"),
    "the first week of all": (["digest", "--week", "0001-W01"], 2, "--week: '0001-W01' is out of range"),
    "the longest span": (["price", "--tiers", "--since", "99999y"], 0, ""),
    "a limit of nothing": (["news", "--limit", "0"], 2, "Invalid value"),
    "an unknown option": (["gap", "--colour"], 2, "No such option"),
    "an unknown command": (["gaps"], 2, "No such command"),
    "nothing unresolved": (["models", "--unresolved"], 4, "every spelling"),
}


@pytest.mark.parametrize(("words", "code", "said"), CODES.values(), ids=CODES.keys())
def test_exit_codes(db: Path, words: list[str], code: int, said: str) -> None:
    done = ask(db, *words)
    assert done.exit_code == code, done.output
    assert said in done.stderr
    assert (done.stdout == "") == (code != 0)
    assert "Traceback" not in done.stderr


def test_nothing_found_is_still_a_list_for_a_script(db: Path) -> None:
    done = ask(db, "changes", "--since", "2025-02-28", "--json")
    assert (done.exit_code, done.stdout) == (4, "[]\n")


SPANS = {
    "days ago": (["--since", "40d"], 2),
    "weeks ago": (["--since", "5w"], 1),
    "from a day on": (["--since", "2025-01-24"], 2),
    "up to a day": (["--until", "2025-01-24"], 2),
    "between two days": (["--since", "2025-01-11", "--until", "2025-01-24"], 1),
    "all, but at most one": (["--since", "2025-01-01", "--limit", "1"], 1),
    "as known on a day": (["--since", "2025-01-01", "--on", "2025-01-12"], 1),
}


@pytest.mark.parametrize(("words", "rows"), SPANS.values(), ids=SPANS.keys())
def test_a_series_of_gaps_in_time(db: Path, words: list[str], rows: int) -> None:
    assert len(answer(db, "gap", OVERALL, *words)) == rows


def test_a_limit_on_a_series_keeps_its_newest(db: Path) -> None:
    (row,) = answer(db, "gap", OVERALL, "--since", "2025-01-01", "--limit", "1")
    assert row["date"] == "2025-02-02"


def test_one_definition_of_the_gap_becomes_a_value(db: Path) -> None:
    (row,) = answer(db, "gap", OVERALL, "--definition", "difference")
    assert (row["definition"], row["value"]) == ("difference", 7)


def test_the_cheapest_at_a_capability_tells_open_and_closed_apart(db: Path) -> None:
    rows = answer(db, "price", "--at-least", f"{OVERALL}>=1350")
    assert [(row["model"], row["weights"], row["score"]) for row in rows] == [
        ("deepseek-r1", "open", 1358),
        ("gpt-4o", "closed", 1365),
    ]


def test_a_table_is_for_people_within_80_columns(db: Path) -> None:
    lines = ask(db, "news").stdout.splitlines()
    assert lines[0].split() == ["Day", "Vendor", "Topic", "Title", "Id"]
    assert any("…" in line for line in lines)
    wide = re.compile("[\u3000-\u9fff]")
    assert all(len(line) + len(wide.findall(line)) <= 80 for line in lines)


def test_what_went_wrong_at_a_place_is_told_whole_below_its_line(tmp_path: Path) -> None:
    note = "https://silent.example/a/long/way answered 503 Service Unavailable; it asked to be left for a day"
    with Built(tmp_path / "g.db", (NEWS, SILENT)) as built:
        built.captured(NEWS, "2025-01-25", [story("1", "A title", "2025-01-25")])
        built.failed(SILENT, "2025-01-26", note)
    lines = ask(tmp_path / "g.db", "sources", "list").stdout.splitlines()
    assert all(len(line) <= 80 for line in lines)
    place = next(number for number, line in enumerate(lines) if line.startswith("silent "))
    assert lines[place].split()[1] == "failed"
    assert " ".join(line.strip() for line in lines[place + 1 :]) == note


def test_the_topic_of_news_stands_beside_its_vendor(tmp_path: Path) -> None:
    with Built(tmp_path / "g.db", (NEWS,)) as built:
        told = [story("1", "It was slow", "2025-01-25", topics=("incident",))]
        built.captured(NEWS, "2025-01-25", told)
    head, line = ask(tmp_path / "g.db", "news").stdout.splitlines()
    assert head.split() == ["Day", "Vendor", "Topic", "Title", "Id"]
    assert line.split()[:3] == ["2025-01-25", "openai", "incident"]


def test_foreign_text_steers_no_terminal(db: Path) -> None:
    for form in ([], ["--json"], ["--csv"]):
        out = ask(db, "news", *form).stdout
        assert "gnp.exe" in out
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", out)
    assert answer(db, "news")[0]["title"] is not None
    assert HOSTILE in {row["title"] for row in answer(db, "news")}


def test_a_spreadsheet_computes_nothing(db: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(ask(db, "news", "--csv").stdout)))
    titles = {row["title"] for row in rows}
    assert {"'=HYPERLINK(1)", "'-1+2", "'@sum", "Plain title, with a comma"} <= titles


CELLS = {
    "a formula": ("=1+1", "'=1+1"),
    "a plus": ("+cmd", "'+cmd"),
    "an at sign after a blank": (" @x", "' @x"),
    "a negative number as text": ("-12.5", "-12.5"),
    "a negative figure": (-3, "-3"),
    "an exact figure": (Decimal("0.000000001"), "0.000000001"),
    "nothing": (None, ""),
    "a list": (["a", "=b"], "a; =b"),
    "a list that begins a formula": (["=a", "b"], "'=a; b"),
}


@pytest.mark.parametrize(("value", "cell"), CELLS.values(), ids=CELLS.keys())
def test_a_cell(value: object, cell: str) -> None:
    ((_, row),) = [(None, line) for line in list(csv.reader(io.StringIO(as_csv([{"x": value, "y": 1}]))))[1:]]
    assert row == [cell, "1"]


LONG = "nvidia-llama-3.1-nemotron-ultra-253b-v1-reasoning-preview-of-the-spring-2507"
WIDE = "阿里云通义千问大语言模型旗舰版推理增强预览" * 2


@pytest.mark.parametrize(
    ("names", "ends"),
    [
        ([f"{LONG}-instruct", f"{LONG}-thinking"], ["-instruct", "-thinking"]),
        ([f"{WIDE}-0324", f"{WIDE}-0528", "short"], ["-0324", "-0528", "short"]),
        ([f"{LONG} 🧑‍🔬❤️ (high)", f"{LONG} (low)"], ["(high)", "(low)"]),
    ],
    ids=["60 letters and more", "wide letters", "joined emoji"],
)
def test_a_long_name_keeps_its_end_and_its_column(names: list[str], ends: list[str]) -> None:
    columns = (
        Column("Model", lambda row: row["name"], name=True),
        Column("Host", lambda row: "A Host of a Name", name=True),
        Column("Price", lambda row: "1.25", right=True),
    )
    _, *lines = as_table([{"name": name} for name in names], columns, 50).splitlines()
    told = [re.split(r" {2,}", line)[0] for line in lines]
    assert [name.endswith(end) for name, end in zip(told, ends, strict=True)] == [True] * len(ends)
    assert {lines_of_text.width(line) for line in lines} == {50}


def test_figures_days_and_ids_are_never_cut() -> None:
    columns = (
        Column("Name", lambda row: "a long name " * 9),
        Column("Value", lambda row: "123456789.123456789", right=True),
        Column("Id", lambda row: "x0123456789", firm=True),
    )
    line = as_table([{}], columns, 60).splitlines()[1]
    assert len(line) <= 60
    assert line.endswith("…  123456789.123456789  x0123456789")


def test_json_of_exact_and_odd_values() -> None:
    values = [{"a": Decimal("1E-9"), "b": 'q"\u202e\x7f', "c": True, "d": None, "e": [Decimal("10")]}]
    text = as_json(values)
    assert '"a": 0.000000001' in text
    assert "\u202e" not in text
    assert json.loads(text, parse_float=Decimal) == [{**values[0], "e": [10]}]


@pytest.mark.parametrize(
    ("values", "drawn"),
    [([0, 7], "▁█"), ([1, 2, 3], "▁▅█"), ([5, 5], "▄▄"), ([], "")],
    ids=["rise", "steps", "level", "none"],
)
def test_a_sparkline(values: list[float], drawn: str) -> None:
    assert sparkline(values) == drawn


def leaves(group: LazyGroup, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    """Every command under a group, with the words that call it."""
    found = []
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if isinstance(command, LazyGroup):
            found += leaves(command, (*path, name))
        else:
            found.append(((*path, name), command))
    return found


assert isinstance(cli, LazyGroup)
LEAVES = leaves(cli)
ASKING = [
    (path, command)
    for path, command in LEAVES
    if path[0] in {*COMMANDS["Ask"]} or path[1:] in {("list",), ("show",)}
]


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=[" ".join(path) for path, _ in LEAVES])
def test_every_command_has_help_and_an_example(path: tuple[str, ...], command: click.Command) -> None:
    text = command.get_help(
        click.Context(command, info_name=" ".join(path), help_option_names=["-h", "--help"])
    )
    assert (
        f"gapwatch {' '.join(path)}" in text.split("Options:")[0].partition("\n")[2] or "gapwatch --" in text
    )
    table = {(): COMMANDS, ("sources",): SOURCES, ("db",): DB}[path[:-1]]
    line = next(section[path[-1]][1] for section in table.values() if path[-1] in section)
    assert line.endswith(".")


@pytest.mark.parametrize(("path", "command"), ASKING, ids=[" ".join(path) for path, _ in ASKING])
def test_every_asking_command_takes_the_shared_options(path: tuple[str, ...], command: click.Command) -> None:
    options = {name for option in command.params for name in option.opts}
    assert {"--json", "--csv", "--since", "--until", "--on", "--limit"} <= options


def process(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        timeout=60,
    )


def test_the_version_costs_no_more_than_click() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "tracker", "--version"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.stdout == f"gapwatch, version {__version__}\n"
    ours = set(re.findall(r"\b(tracker\.\S+)", done.stderr))
    assert ours <= {"tracker.cli", "tracker.cli.lazy", "tracker.errors", "tracker.__main__"}
    assert not re.search(r"\b(sqlite3|pathlib|json|dataclasses)$", done.stderr, re.MULTILINE)


def test_help_names_every_command_without_importing_any() -> None:
    done = process("--help")
    assert done.returncode == 0
    for name in (name for section in COMMANDS.values() for name in section):
        assert re.search(rf"^  {name} ", done.stdout, re.MULTILINE)


FAILURES = {
    "no database yet": (
        ["--db", "{folder}/none.db", "gap"],
        1,
        "gapwatch: {folder}/none.db: no database yet",
    ),
    "a file that is none": (["--db", "{folder}/text.db", "gap"], 1, "cannot be read"),
    "a clock that is none": (["--now", "noon", "gap"], 2, "--now: 'noon' is no date"),
    "a configuration that is not there": (["--config", "{folder}/x.toml", "gap"], 2, "no such configuration"),
    "an unknown key": (["--config", "{folder}/bad.toml", "gap"], 2, "unknown key 'colour'"),
}


@pytest.mark.parametrize(("words", "code", "said"), FAILURES.values(), ids=FAILURES.keys())
def test_a_failure_is_one_line(tmp_path: Path, words: list[str], code: int, said: str) -> None:
    (tmp_path / "text.db").write_text("no database " * 100)
    (tmp_path / "bad.toml").write_text('colour = "red"\n')
    done = process(*(word.format(folder=tmp_path) for word in words))
    assert done.returncode == code
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert said.format(folder=tmp_path) in done.stderr


def test_verbose_shows_where_it_failed(tmp_path: Path) -> None:
    done = process("--verbose", "--db", str(tmp_path / "none.db"), "gap")
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_the_environment_names_the_database_and_the_clock(db: Path) -> None:
    done = process("gap", "--json", env={"GAPWATCH_DB": str(db), "GAPWATCH_NOW": "2025-01-12"})
    assert json.loads(done.stdout)[0]["date"] == "2025-01-10"


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "long.db"
    with Built(path, (NEWS,)) as built:
        built.captured(
            NEWS, "2025-01-25", [story(f"{n:04}", f"Title {n} " * 20, "2025-01-25") for n in range(900)]
        )
    command = [sys.executable, "-m", "tracker", "--db", str(path), "news", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.read(1) == b"["
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 0


def on_terminal(db: Path, *words: str) -> str:
    """What a command shows on a real (pseudo-)terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "tracker", "--db", str(db), *words]
    with subprocess.Popen(
        command, stdout=theirs, stderr=subprocess.DEVNULL, stdin=theirs, cwd=ROOT
    ) as running:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
    os.close(ours)
    assert running.returncode == 0
    return shown.decode()


def test_a_terminal_gets_a_sparkline_and_a_bold_heading(db: Path) -> None:
    shown = on_terminal(db, "history", OVERALL, "deepseek-r1")
    assert "▁██" in shown
    assert "\x1b[1m" in shown
    assert "\x1b" not in on_terminal(db, "--no-color", "history", OVERALL, "deepseek-r1")
    assert "▁" not in ask(db, "history", OVERALL, "deepseek-r1").stdout


def test_quiet_says_nothing_beside_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "long.db"
    with Built(path, (NEWS,)) as built:
        built.captured(
            NEWS, "2025-01-25", [story(f"{n}", f"Title number {n} of many", "2025-01-25") for n in range(60)]
        )
    assert "40 of 60 shown" in ask(path, "news").stderr
    quiet = CliRunner().invoke(cli, ["--quiet", "--db", str(path), "--now", NOW, "news"])
    assert (quiet.exit_code, quiet.stderr) == (0, "")


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2025-02-02T13:00:00Z", "2025-02-02T12:00:00Z, today"),
        ("2025-02-03T13:00:00Z", "2025-02-02T12:00:00Z, yesterday"),
        ("2025-02-04T13:00:00Z", "2025-02-02T12:00:00Z, 2 days ago"),
    ],
)
def test_a_place_says_when_it_was_heard_as_people_do(db: Path, now: str, said: str) -> None:
    lines = ask(db, "sources", "show", "board", now=now).stdout.splitlines()
    assert [line.split(maxsplit=1)[1] for line in lines if line.startswith("Heard")] == [said]
