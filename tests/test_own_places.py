"""Places of one's own: a URL is looked at, the finding confirmed; it is then a source like any other."""

from __future__ import annotations

import json
import re
import sqlite3
import tomllib
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.smallweb import SmallWeb
from tracker.catalog.metrics import PRICES as SOLD
from tracker.catalog.metrics import SPEEDS, TASKS
from tracker.cli import cli
from tracker.cli.keep_places import ROLES
from tracker.collect import declared, looking, places
from tracker.collect.parse import read
from tracker.collect.registry import find, load_file
from tracker.domain import FIELDS, Kind, Observation
from tracker.errors import ParseError, UsageError
from tracker.source import Payload

NOW = "2026-05-31"
SITE = "https://mine.example"
CSV = (
    b"Model;Score;CI low;CI high\nGPT-4o;61,5 %;60;63\nDeepSeek R1;57.5 %;55;60\nClaude Opus 4.5;70 %;69;71\n"
)
BOARD_CSV = (
    b"Model,License,Score,Votes\nGPT-4o,Proprietary,61.5 %,120\nDeepSeek R1,MIT,57.5 %,80\n"
    b"Claude Opus 4.5,Proprietary,n/a,9\nGemini 2.5 Pro,Proprietary,60,70\n"
)
PRICES_HTML = (
    b"<h1>Prices</h1><p>Hello</p><table><thead><tr><th rowspan=2>Model<th colspan=2>USD per 1M tokens</tr>"
    b"<tr><th>Input<th>Output</tr></thead><tr><td>Llama 3.3 70B<td>$0.59<td>$0.79</tr>"
    b"<tr><td>DeepSeek R1<td>$1.40<td>from $2.20*</tr><tr><td>Qwen3 32B<td>$0.29<td>$0.59</tr></table>"
)
PER_TOKEN = json.dumps(
    {
        "data": [
            {"id": f"deepseek/{name}", "pricing": {"prompt": "0.0000005", "completion": "0.000002"}, "n": 1}
            for name in ("deepseek-r1", "deepseek-v3", "deepseek-v3.1")
        ]
    }
).encode()
KEYED = json.dumps(
    {name: {"pass@1": 50 + n} for n, name in enumerate(("gpt-4o", "o1", "gemini-2.5-pro"))}
).encode()
MARKDOWN = (
    b"# Board\n\n| Model | Accuracy |\n|---|---|\n| [GPT-4o](x) | **61.5** |\n| o1 | 70 |\n| o3 | 80 |\n"
)
FEED = (
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>My lab</title><item><title>News</title>'
    b"<link>https://mine.example/1</link><guid>1</guid></item></channel></rss>"
)
PAGES = {
    f"{SITE}/board.csv": BOARD_CSV,
    f"{SITE}/prices": PRICES_HTML,
    f"{SITE}/models.json": PER_TOKEN,
    f"{SITE}/results.json": KEYED,
    f"{SITE}/README.md": MARKDOWN,
    f"{SITE}/feed": FEED,
    f"{SITE}/plain": b"Nothing to see here.",
    f"{SITE}/deep.json": b"[" * 100_000,
    f"{SITE}/empty": b" ",
    f"{SITE}/half.json": b'[{"model": "GPT-4o", "score": 61}, {"model": "half \\ud83d", "score": 1}]',
    f"{SITE}/huge.json": b'[{"model": "GPT-4o", "score": 61, "n": %d}]' % 2**70,
    f"{SITE}/lists.json": json.dumps(
        [{"model": name, "by": "us", "runs": [{"score": 1}]} for name in ("gpt-4o", "o1", "o3")]
    ).encode(),
    f"{SITE}/mine.json": json.dumps(
        [{"model": "GPT-4o", "score": 61}, {"model": "GPT-4o", "score": 62}, {"model": "o1", "score": None}]
    ).encode(),
}


class Desk:
    """One user's Gapwatch with a folder of places, in a small web."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.sources = folder, folder / "sources"
        (folder / "gapwatch.toml").write_text(f'sources = "{self.sources}"\n')

    def run(self, *words: str) -> Result:
        where = [
            "--db",
            str(self.folder / "g.db"),
            "--config",
            str(self.folder / "gapwatch.toml"),
            "--now",
            NOW,
        ]
        return CliRunner().invoke(cli, [*where, *words])

    def said(self, *words: str) -> str:
        """What a command that went well said."""
        done = self.run(*words)
        assert done.exit_code == 0, done.output
        return done.output

    def refused(self, *words: str) -> str:
        """What a command said that was refused."""
        done = self.run(*words)
        assert isinstance(done.exception, SystemExit), done.exception
        assert done.exit_code in (1, 2, 4), done.output
        return done.output

    def entry(self, file: str) -> dict[str, Any]:
        (entry,) = next(iter(tomllib.loads((self.sources / file).read_text()).values()))
        return dict(entry)

    def file(self, name: str, text: str) -> None:
        """Drop a file into the folder of places."""
        self.sources.mkdir(exist_ok=True)
        (self.sources / name).write_text(text)

    def current(self, source: str) -> dict[str, str]:
        """What a source says now, by spelling."""
        with closing(sqlite3.connect(self.folder / "g.db")) as connection:
            rows = connection.execute(
                "SELECT s.subject, p.value FROM series s JOIN point p ON p.id = (SELECT id FROM point"
                " WHERE series = s.id ORDER BY at DESC LIMIT 1)"
                " WHERE s.source = ? AND s.metric NOT LIKE 'fact.%' AND p.value IS NOT NULL",
                (source,),
            )
            return dict(rows.fetchall())

    def figures(self, source: str) -> dict[tuple[str, str], str]:
        with closing(sqlite3.connect(self.folder / "g.db")) as connection:
            rows = connection.execute(
                "SELECT s.subject, s.metric, p.value FROM series s JOIN point p ON p.series = s.id"
                " WHERE s.source = ? AND s.metric NOT LIKE 'fact.%'",
                (source,),
            )
            return {(row[0], row[1]): row[2] for row in rows}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    pages = {url: {"2026-01-01": body} for url, body in PAGES.items()}
    with SmallWeb(pages, NOW) as web, pytest.MonkeyPatch.context() as patched:
        for name, value in web.env.items():
            patched.setenv(name, value)
        yield Desk(tmp_path)


def test_a_board_is_added_read_and_asked_like_any_other(desk: Desk) -> None:
    told = desk.said("sources", "add", f"{SITE}/board.csv", "--name", "mine", "--task", "coding", "--yes")
    assert "is a CSV table of 4 rows" in told
    assert "It reads 3 figures; 1 cell left out: Claude Opus 4.5, Score: 'n/a' is no figure." in told
    assert "mine" in desk.said("sources", "poll", "mine")
    assert desk.figures("mine") == {
        ("GPT-4o", "mine.score"): "61.5",
        ("DeepSeek R1", "mine.score"): "57.5",
        ("Gemini 2.5 Pro", "mine.score"): "60",
    }
    answer = json.loads(desk.said("gap", "coding", "--json"))
    assert [(row["metric"], row["open"]["model"], row["closed"]["value"]) for row in answer] == [
        ("mine.score", "deepseek-r1", 61.5)
    ]
    (place,) = [row for row in json.loads(desk.said("sources", "list", "--json")) if row["name"] == "mine"]
    assert "1 more" not in place["note"]
    assert place["note"].startswith("not read: Claude Opus 4.5")


@pytest.mark.parametrize(
    ("page", "words", "figures"),
    [
        pytest.param(
            "prices",
            ("--provider", "acme"),
            {("Llama 3.3 70B", "price.input"): "0.59", ("DeepSeek R1", "price.input"): "1.4"},
            id="an HTML table whose header spans rows, with a cell that is no price",
        ),
        pytest.param(
            "models.json",
            ("--provider", "acme"),
            {("deepseek/deepseek-r1", "price.input"): "0.5", ("deepseek/deepseek-r1", "price.output"): "2"},
            id="JSON, prices of one token",
        ),
        pytest.param("results.json", ("--task", "coding"), {("o1", "place.score"): "51"}, id="JSON by name"),
        pytest.param("README.md", ("--task", "chat"), {("GPT-4o", "place.score"): "61.5"}, id="Markdown"),
    ],
)
def test_a_table_is_found_by_looking(
    desk: Desk, page: str, words: tuple[str, ...], figures: dict[tuple[str, str], str]
) -> None:
    desk.said("sources", "add", f"{SITE}/{page}", "--name", "place", *words, "--yes")
    desk.said("sources", "poll", "place")
    found = desk.figures("place")
    assert figures.items() <= found.items()
    assert ("DeepSeek R1", "price.output") not in found


def test_a_feed_is_added_under_its_own_title(desk: Desk) -> None:
    desk.said("sources", "add", f"{SITE}/feed", "--yes")
    assert desk.entry("feeds.toml")["title"] == "My lab"
    assert "my_lab" in desk.said("sources", "poll", "my_lab")
    assert json.loads(desk.said("news", "--json"))[0]["title"] == "News"


def test_looking_is_corrected_by_options(desk: Desk) -> None:
    asked = ("sources", "add", f"{SITE}/board.csv", "--name", "mine", "--task", "chat", "--yes")
    desk.said(*asked, "--column", "score=Votes", "--scale", "index")
    score = desk.entry("tables.toml")["scores"]["mine.score"]
    assert (score["column"], score["scale"]) == ("Votes", "index")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((f"{SITE}/board.csv", "--task", "coding"), "not added; say --yes"),
        ((f"{SITE}/board.csv", "--yes"), "which task does it measure"),
        (
            (f"{SITE}/board.csv", "--task", "juggling", "--yes"),
            "'juggling' is none of the tasks; give --task",
        ),
        ((f"{SITE}/board.csv", "--task", "chat", "--column", "colour=Score", "--yes"), "write ROLE=COLUMN"),
        (
            (f"{SITE}/board.csv", "--task", "chat", "--name", "lmarena", "--yes"),
            "is the name of another place",
        ),
        (
            (f"{SITE}/board.csv", "--task", "chat", "--column", "score=Points", "--yes"),
            "there is no column 'Points'; the columns are Model, License, Score, Votes",
        ),
        (
            (f"{SITE}/board.csv", "--task", "chat", "--column", "score=License", "--yes"),
            "nothing would be read of it",
        ),
        (
            (f"{SITE}/board.csv", "--task", "chat", "--column", "score=Votes", "--yes"),
            "its scores go from 9 to 120, which are no percentages: give --scale elo or index",
        ),
        (
            (f"{SITE}/board.csv", "--task", "chat", "--name", "My Board", "--yes"),
            "is made of a-z, 0-9 and _, like my_board",
        ),
        (
            (f"{SITE}/board.csv", "--task", "chat", "--name", "a" * 5000, "--yes"),
            "--name: 'aaaaaaaaaaaaaaaaaaaa...' is no name: it has 5,000 characters",
        ),
        (
            (f"{SITE}/lists.json", "--task", "chat", "--yes"),
            "what stands deeper, in lists for one, a source file can read",
        ),
        ((f"{SITE}/empty", "--yes"), "/empty is empty"),
        (("https://models.dev/api.json", "--yes"), "is watched already, as modelsdev"),
        ((f"{SITE}/plain", "--yes"), "is no feed, and no table of models was found"),
        ((f"{SITE}/deep.json", "--yes"), "is not JSON"),
        ((f"{SITE}/nowhere", "--yes"), "404"),
        (("file:///etc/passwd", "--yes"), "is no http or https URL"),
        (("http://127.0.0.1:1/", "--yes"), "127.0.0.1"),
    ],
)
def test_what_cannot_be_added_is_one_clear_line_and_changes_nothing(
    desk: Desk, words: tuple[str, ...], told: str
) -> None:
    assert told in desk.refused("sources", "add", *words)
    assert not desk.sources.exists()


def test_a_place_is_removed_and_its_history_stays(desk: Desk) -> None:
    desk.said("sources", "add", f"{SITE}/board.csv", "--name", "mine", "--task", "coding", "--yes")
    desk.said("sources", "poll", "mine")
    (desk.sources / "tables.toml").write_text("# my places\n" + (desk.sources / "tables.toml").read_text())
    desk.said("sources", "remove", "mine")
    assert (desk.sources / "tables.toml").read_text().startswith("# my places")
    assert "mine" not in find(desk.sources).sources
    assert len(desk.figures("mine")) == 3
    desk.said("sources", "add", f"{SITE}/board.csv", "--name", "mine", "--task", "coding", "--yes")
    assert "mine" in find(desk.sources).sources


def test_what_a_removed_place_said_holds_no_longer_and_stays_in_history(desk: Desk) -> None:
    desk.said("sources", "add", f"{SITE}/prices", "--name", "sells", "--provider", "acme", "--yes")
    desk.said("sources", "add", f"{SITE}/board.csv", "--name", "mine", "--task", "coding", "--yes")
    desk.said("sources", "poll", "sells", "mine")
    assert "acme" in desk.said("price", "llama-3.3-70b")
    assert "mine" in desk.said("gap", "coding")
    for name in ("sells", "mine"):
        desk.said("sources", "remove", name)
    assert "acme" not in desk.refused("price", "llama-3.3-70b")
    assert "nothing is known" in desk.refused("gap", "coding")
    assert "0.59" in desk.said("history", "sells", "price.input", "Llama 3.3 70B")
    (row,) = [row for row in json.loads(desk.said("sources", "list", "--json")) if row["name"] == "sells"]
    assert (row["removed"], row["next_due"]) == ("2026-05-31T23:59:59Z", None)
    assert "removed on 2026-05-31" in desk.said("sources", "show", "sells")
    desk.said("sources", "add", f"{SITE}/prices", "--name", "sells", "--provider", "acme", "--yes")
    desk.said("sources", "poll", "sells")
    assert "acme" in desk.said("price", "llama-3.3-70b")


def test_a_deleted_file_is_no_longer_watched_from_the_next_pass_on(desk: Desk) -> None:
    desk.file("mine.py", MINE)
    desk.said("sources", "poll", "mine")
    (desk.sources / "mine.py").unlink()
    desk.file("other.py", MINE.replace("mine.score", "other.score"))
    desk.said("sources", "poll", "other")
    states = {row["name"]: row["removed"] for row in json.loads(desk.said("sources", "list", "--json"))}
    assert states["mine"]
    assert not states["other"]
    assert not states["modelsdev"]


MINE = """
from decimal import Decimal
from tracker.domain import Kind, Metric, ModelFact, Observation, Unread
from tracker.source import Source

SCORE = Metric("mine.score", "Mine", "Mine", "coding", "%", "percent")

def parse(payload):
    for row in payload.json():
        if row["score"] is None:
            yield Unread(f"{row['model']}: no score")
        else:
            yield Observation(row["model"], SCORE.id, Decimal(row["score"]))

source = Source(kind=Kind.LEADERBOARD, parse=parse, licence="mine", credit="me",
                urls=("https://mine.example/mine.json",), metrics=(SCORE,))
"""


@pytest.mark.parametrize(
    ("edit", "figures"),
    [
        pytest.param(
            ('Decimal(row["score"])', 'Decimal(row["score"]) / 2'), {"GPT-4o": "30.5"}, id="a value"
        ),
        pytest.param(
            ('Decimal(row["score"])', 'Decimal(row["score"]) / 1000'), {"GPT-4o": "0.061"}, id="a unit"
        ),
        pytest.param(('row["model"], SCORE', '"gpt-5", SCORE'), {"gpt-5": "61"}, id="the models"),
    ],
)
def test_figures_follow_an_edit_though_the_page_is_unchanged(
    desk: Desk, edit: tuple[str, str], figures: dict[str, str]
) -> None:
    desk.file("mine.py", MINE)
    desk.said("sources", "poll", "mine")
    assert '"unchanged"' in desk.said("sources", "poll", "mine", "--json")
    desk.file("mine.py", MINE.replace(*edit))
    (told,) = json.loads(desk.said("--now", "2026-06-01", "sources", "poll", "mine", "--json"))
    assert told["outcome"] == "new"
    assert told["note"].startswith("read again: its file changed; not read: o1: no score")
    assert desk.current("mine") == figures
    assert '"unchanged"' in desk.said("--now", "2026-06-02", "sources", "poll", "mine", "--json")


@pytest.mark.parametrize(
    ("page", "told"),
    [
        pytest.param("half", "surrogates not allowed", id="half of a character"),
        pytest.param("huge", "too large", id="more votes than a database can count"),
    ],
)
def test_what_cannot_be_stored_fails_its_place_and_no_other(desk: Desk, page: str, told: str) -> None:
    entry = '[[table]]\nname = "{0}"\nurl = "{1}/{2}.json"\nformat = "json"\nrows = "[]"\nmodel = "model"\n'
    entry += '[table.scores."{0}.score"]\ncolumn = "score"\ntask = "chat"\nscale = "index"\nn = "n"\n'
    desk.file("tables.toml", entry.format("odd", SITE, page) + entry.format("other", SITE, "mine"))
    done = desk.run("sources", "poll", "odd", "other", "--json")
    outcomes = {said["name"]: (said["outcome"], said["note"]) for said in json.loads(done.stdout)}
    assert (done.exit_code, outcomes["odd"][0], outcomes["other"][0]) == (3, "failed", "new")
    assert told in outcomes["odd"][1]
    assert desk.current("other") == {"GPT-4o": "61"}


def test_a_short_line_of_a_csv_is_a_line_with_empty_cells() -> None:
    page = Payload(f"{SITE}/b.csv", b"Model,Score,Votes\nGPT-4o,61,5\no1,62\nTotal\n,\n", datetime.now(UTC))
    about = {"s.score": {"column": "Score", "n": "Votes"}}
    said = list(declared.parse(page, {"model": "Model", "format": "csv", "scores": about}))
    assert [(one.subject, one.n) for one in said if isinstance(one, Observation)] == [
        ("GPT-4o", 5),
        ("o1", None),
    ]


def test_figures_follow_an_edited_entry(desk: Desk) -> None:
    desk.said("sources", "add", f"{SITE}/board.csv", "--name", "mine", "--task", "chat", "--yes")
    desk.said("sources", "poll", "mine")
    entries = desk.sources / "tables.toml"
    entries.write_text(entries.read_text().replace('"Score"', '"Votes"').replace('"percent"', '"index"'))
    assert "its file changed" in desk.said("--now", "2026-06-01", "sources", "poll", "mine")
    assert desk.current("mine")["GPT-4o"] == "120"


def test_an_edit_that_reads_nothing_is_a_failure(desk: Desk) -> None:
    desk.file("mine.py", MINE)
    desk.said("sources", "poll", "mine")
    desk.file("mine.py", MINE.replace('row["model"]', 'row["name"]'))
    assert "KeyError 'name'" in desk.run("sources", "poll", "mine").output


def test_a_test_shows_what_matters(desk: Desk) -> None:
    desk.file("mine.py", MINE)
    lines = desk.said("sources", "test", "mine").splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert lines[0].split() == ["2", "mine.score"]
    assert lines[2].split() == ["GPT-4o", "mine.score", "61"]
    assert lines[-4:] == [
        "1 row not read:",
        "  o1: no score",
        "1 row listed twice with another figure, of which the first counts:",
        "  mine.score of GPT-4o",
    ]


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        pytest.param(('["score"] is None', '["model"]'), "mine reads nothing", id="nothing"),
        pytest.param(("metrics=(SCORE,)", "metrics=SCORE"), "metrics is a single Metric", id="no tuple"),
        pytest.param(("tracker.source ", "tracker.sources "), "(line 4)", id="a wrong import"),
        pytest.param(('"mine.score"', '"lmarena.text.overall"'), "is that of LMArena", id="a shipped metric"),
    ],
)
def test_a_test_fails_where_a_pass_would(desk: Desk, edit: tuple[str, str], told: str) -> None:
    desk.file("mine.py", MINE.replace(*edit))
    said = desk.refused("sources", "test", str(desk.sources / "mine.py"))
    assert told in said
    assert "defect" not in said
    assert "there is no such file" in desk.refused("sources", "test", "./nowhere.py")


PRICES = MINE.replace('row["model"], SCORE.id, Decimal(row["score"])', 'row["model"], "price.input", COST')


@pytest.mark.parametrize(
    ("cost", "hint"),
    [
        pytest.param('Decimal(1), "acme inc"', "Hint: 'acme inc': no provider that is known", id="a seller"),
        pytest.param('Decimal(1), "openai", "at night"', "Hint: 'at night': no condition", id="a condition"),
        pytest.param("Decimal(1)", "Hint: prices without a provider", id="nobody's"),
    ],
)
def test_a_test_tells_what_is_most_likely_not_meant(desk: Desk, cost: str, hint: str) -> None:
    desk.file("mine.py", PRICES.replace("COST", cost))
    assert hint in desk.said("sources", "test", "mine")


def test_a_broken_file_stops_no_pass_and_is_listed(desk: Desk) -> None:
    desk.file("mine.py", MINE)
    desk.file("wrong.py", MINE.replace("metrics=(SCORE,)", "metrics=SCORE"))
    polled = desk.run("sources", "poll", "mine", "wrong")
    assert polled.exit_code == 3
    assert "metrics is a single Metric" in " ".join(polled.output.split())
    assert desk.current("mine")
    listed = desk.said("sources", "list")
    assert re.search(r"^wrong +broken", listed, re.MULTILINE)
    assert "metrics is a single Metric" in " ".join(listed.split())
    assert "metrics is a single Metric" in desk.said("sources", "show", "wrong")
    assert "metrics is a single Metric" in desk.run("doctor").output


def test_it_is_told_that_a_namesake_replaces_a_shipped_source(desk: Desk) -> None:
    desk.file("modelsdev.py", MINE)
    desk.said("sources", "poll", "modelsdev")
    assert "replaces the shipped one" in desk.said("sources", "list")
    assert "it replaces the shipped one" in desk.said("sources", "show", "modelsdev")
    assert "in the stead of shipped sources: modelsdev" in desk.run("doctor").output


def test_a_board_of_models_of_unknown_weights_says_so(desk: Desk) -> None:
    desk.file("mine.py", MINE.replace('row["model"], SCORE', '"our-own-7", SCORE'))
    desk.said("sources", "poll", "mine")
    told = " ".join(desk.said("gap", "coding").split())
    assert "Mine: 1 model is left out, since it is unknown whether weights are open." in told


GUIDE = (Path(__file__).parent.parent / "docs" / "sources.md").read_text(encoding="utf-8")
TICKETS = b'{"runs": [{"model": "o1", "score": 9.5}, {"model": "o3", "score": 8, "licence": "x"}]}'
GATEWAY = b"model,mode,long,input,output\no1,,,1,2\no1,batch,yes,0.5,1\n"


@pytest.mark.parametrize(
    ("place", "body", "figures"),
    [
        pytest.param(0, TICKETS, [("9.5", ""), ("8", "")], id="tickets"),
        pytest.param(
            1,
            GATEWAY,
            [("1", ""), ("2", ""), ("0.5", "batch, over 200k"), ("1", "batch, over 200k")],
            id="prices",
        ),
    ],
)
def test_the_files_of_the_guide_are_whole(
    place: int, body: bytes, figures: list[tuple[str, str]], tmp_path: Path
) -> None:
    (tmp_path / "mine.py").write_text(re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)[place])
    source = load_file(tmp_path / "mine.py")
    said = read(source, Payload(source.urls[0], body, datetime(2026, 1, 1, tzinfo=UTC)))
    told = [(str(one.value), one.condition) for one in said.records if isinstance(one, Observation)]
    assert told == figures


def test_the_guide_names_every_task_metric_field_and_role() -> None:
    names = {*TASKS, *SOLD, *SPEEDS, *FIELDS, *ROLES, *(kind.name for kind in Kind)}
    assert {name for name in names if name not in GUIDE} == set()


def test_where_nothing_is_due_a_pass_says_so(desk: Desk) -> None:
    desk.file("mine.py", MINE)
    desk.said("sources", "poll", "mine")
    with closing(sqlite3.connect(desk.folder / "g.db")) as connection, connection:
        connection.execute("UPDATE source SET next_due = '2027-01-01T00:00:00Z'")
    assert desk.said("sources", "poll") == "nothing is due; --all visits every place, due or not\n"


def test_places_that_were_never_polled_are_one_line_of_the_doctor_and_nothing_wrong(desk: Desk) -> None:
    desk.file("mine.py", MINE)
    desk.said("sources", "poll", "mine")
    found = json.loads(desk.run("doctor", "--json").output)
    told = [finding for finding in found if finding["check"] == "sources"]
    assert all(finding["fine"] for finding in told)
    assert any(f"{len(find().sources)} not polled yet" in finding["text"] for finding in told)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        pytest.param("modelsdev", "comes with Gapwatch; `gapwatch sources pause modelsdev`", id="shipped"),
        pytest.param("nobody", "nobody: no such source", id="unknown"),
        pytest.param("a" * 5000, "no such source: 'aaaaaaaaaaaaaaaaaaaa...' is no name", id="too-long"),
        pytest.param("../gapwatch", "no such source: '../gapwatch' is no name", id="elsewhere"),
        pytest.param("a\0b", "no such source: 'a\\x00b' is no name", id="no-file"),
    ],
)
def test_what_is_not_ones_own_cannot_be_removed(desk: Desk, name: str, told: str) -> None:
    assert told in desk.refused("sources", "remove", name)


def test_a_paused_place_is_left_alone_until_it_is_named_or_resumed(desk: Desk) -> None:
    desk.said("sources", "add", f"{SITE}/feed", "--name", "mine", "--yes")
    desk.said("sources", "pause", "mine")
    polled = json.loads(desk.run("sources", "poll", "--all", "--json").output.partition("]\n")[0] + "]")
    assert "mine" not in {row["name"] for row in polled}
    desk.said("sources", "pause", "mine", "--resume")
    polled = json.loads(desk.run("sources", "poll", "--json").output.partition("]\n")[0] + "]")
    assert "mine" in {row["name"] for row in polled}
    assert "no source named nobody" in desk.refused("sources", "pause", "nobody")


def test_opml_goes_out_and_comes_in_again(desk: Desk) -> None:
    desk.said("sources", "add", f"{SITE}/feed", "--yes")
    file = desk.folder / "out.opml"
    desk.said("sources", "export-opml", "-o", str(file))
    assert (f"{SITE}/feed", "My lab") in places.read_opml(file.read_bytes())
    assert "Added 0 feeds" in desk.said("sources", "import-opml", str(file))
    file.write_bytes(file.read_bytes().replace(b"mine.example/feed", b"other.example/feed"))
    assert "Added 1 feeds" in desk.said("sources", "import-opml", str(file))
    assert {"my_lab", "my_lab_2"} <= find(desk.sources).sources.keys()


BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><opml><body><outline xmlUrl="https://x.example/&b;"/></body></opml>'


@pytest.mark.parametrize("body", [b"", b"no XML", b"<html/>", b"<opml><body>", b"\xff\xfe\x00"])
def test_what_is_no_opml_is_refused(body: bytes) -> None:
    with pytest.raises(UsageError, match="no OPML file"):
        places.read_opml(body)


def test_an_opml_file_reads_nothing_else_and_swells_nothing(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("canary")
    secret = (tmp_path / "secret").as_uri()
    body = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret}">]>'
    body += '<opml><outline xmlUrl="https://x.example/" text="&s;"/></opml>'
    try:
        found = places.read_opml(body.encode())
    except UsageError:
        found = []
    assert "canary" not in str(found)
    with suppress(UsageError):
        assert len(str(places.read_opml(BOMB))) < 200


TABLE = {"name": "a", "url": "https://x.example/", "format": "csv", "model": "M"}


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({}, "needs a name"),
        ({"name": "a", "url": "https://x.example/", "format": "xls", "model": "M"}, "has format 'xls'"),
        (
            {"name": "a", "url": "https://x.example/", "format": "csv", "model": "M"},
            "either scores, or prices",
        ),
        (
            {**TABLE, "scores": {"a.score": {"column": "S", "task": "juggling"}}},
            "a, the score a.score has the task 'juggling'; known are chat,",
        ),
        (
            {**TABLE, "scores": {"a.score": {"column": "S", "task": "chat", "scale": "stars"}}},
            "the scale 'stars'",
        ),
        ({**TABLE, "scores": {"a.score": {"task": "chat"}}}, "a, the score a.score needs a column"),
        ({**TABLE, "scores": {"a.score": {"column": "S", "unit": "x"}}}, "the score a.score has unit; known"),
        ({**TABLE, "prices": {"imput": "S"}}, "a, prices has imput; known are input,"),
        ({**TABLE, "prices": {"input": "S"}, "every": "day"}, "a has every; known are name,"),
        ({**TABLE, "prices": {"input": "S"}, "per": "1k"}, "a has per = '1k', which is no number"),
    ],
)
def test_a_wrong_entry_says_what_is_wrong(entry: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        declared.source(entry)


def entry(**more: Any) -> dict[str, Any]:
    return {"name": "a", "url": "https://x.example/", "format": "csv", "model": "Model", **more}


def test_a_table_whose_header_moved_is_an_error_not_silence() -> None:
    source = declared.source(entry(prices={"input": "Input"}))
    with pytest.raises(ParseError, match="no row with a model under 'Model'"):
        read(
            source, Payload("https://x.example/", b"Name,Input\nGPT-4o,1\n", datetime(2026, 1, 1, tzinfo=UTC))
        )


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("61.5 %", "61.5"),
        ("1,234", "1234"),
        ("-3", "-3"),
        (".5", "0.5"),
        ("", None),
        ("n/a", None),
        ("1 of 2", None),
    ],
)
def test_a_figure_is_a_number_and_nothing_else(text: str, number: str | None) -> None:
    assert declared.figure(text) == (Decimal(number) if number else None)


@example(b"\r,")
@example(b'model\r\rgpt-4o,"\r1')
@given(st.binary(max_size=300) | st.text('[]{}":,1aModel|-\n<table>', max_size=200).map(str.encode))
def test_any_page_is_looked_at_without_a_crash(body: bytes) -> None:
    payload = Payload("https://x.example/", body, datetime(2026, 1, 1, tzinfo=UTC))
    try:
        found = looking.look(payload)
    except ParseError:
        return
    assert found.form in ("feed", *declared.FORMATS)


@given(
    st.recursive(
        st.integers() | st.text(max_size=5),
        lambda x: st.lists(x, max_size=4) | st.dictionaries(st.text("ab[]{}.", max_size=3), x, max_size=4),
    ),
    st.text("ab[]{}.", max_size=8),
)
def test_any_path_leads_somewhere_or_nowhere(document: Any, path: str) -> None:
    assert all(isinstance(record, dict) for record in declared.at(document, path))


def test_half_a_comma_is_told() -> None:
    """A semicolon between columns, and a comma for a point: not a figure that is meant."""
    source = declared.source(entry(scores={"a.score": {"column": "Score", "task": "chat"}}))
    said = read(source, Payload("https://x.example/", CSV, datetime(2026, 1, 1, tzinfo=UTC)))
    values = [record.value for record in said.records if isinstance(record, Observation)]
    assert values == [Decimal("57.5"), Decimal(70)]
    assert said.unread == ["GPT-4o, Score: '61,5 %' is no figure"]
