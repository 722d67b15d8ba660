"""The site: what its pages say and lead to, what it leaves out, and what it writes anew."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.support import sites
from tests.support.database import Built
from tracker.digest.site import build
from tracker.digest.site.folder import MANIFEST, Done, Folder
from tracker.digest.site.names import slug
from tracker.errors import StoreError
from tracker.store.reading import reading

OVERALL = "metrics/lmarena.text.overall.html"
R1 = "models/deepseek-r1.html"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of six weeks with two frozen digests, and its site."""
    folder = tmp_path_factory.mktemp("site")
    sites.fill(folder)
    sites.publish(folder, "2025-W04", "2025-W06")
    build(sites.settings(folder, url="https://example.org/gap"), folder / "out")
    return folder


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a database that is full of strangers' texts."""
    folder = tmp_path_factory.mktemp("strange")
    sites.fill(folder, hostile=True)
    sites.publish(folder, "2025-W07")
    build(sites.settings(folder), folder / "out")
    return folder / "out"


def soup(file: Path) -> BeautifulSoup:
    return BeautifulSoup(file.read_text(encoding="utf-8"), "lxml")


def said(file: Path) -> str:
    page = soup(file).select_one("body")
    assert page is not None
    return " ".join(page.get_text(" ").split())


def pages(root: Path) -> Iterator[Path]:
    yield from sorted(root.rglob("*.html"))


# What it says


def test_a_metric_says_where_it_stands_and_how_it_came_there(made: Path) -> None:
    page = said(made / "out" / OVERALL)
    assert "The best open model, DeepSeek R1 (MIT licence), is 10 points behind" in page
    assert "10 February 2025" in page
    charts = soup(made / "out" / OVERALL).select("svg.chart")
    assert [len(chart.select(".marks a")) for chart in charts] == [6, 12]


def test_a_chart_says_in_its_table_what_it_shows(made: Path) -> None:
    for file in pages(made / "out"):
        for figure in soup(file).select("figure.plot"):
            marks = [str(mark["data-said"]) for mark in figure.select(".marks a")]
            cells = [" ".join(row.get_text(" ").split()) for row in figure.select("details tbody tr")]
            assert len(marks) == len(cells)
            for mark in marks:
                day, _, value = mark.partition(": ")
                assert any(cell.startswith(day) and value in cell for cell in cells), mark


def test_a_model_says_its_scores_and_prices(made: Path) -> None:
    page = said(made / "out" / R1)
    for part in ("under MIT", "20 January 2025", "1,290", "2 of 3", "The cheapest price", "DeepSeek"):
        assert part in page


def test_a_model_without_scores_and_a_vendor_without_news_have_a_page(made: Path) -> None:
    assert "405B" in said(made / "out" / "models/llama-3.1-405b-instruct.html")
    assert soup(made / "out" / "vendors/deepseek.html").select("#news") == []
    assert "GPT-4o is cheaper now" in said(made / "out" / "vendors/openai.html")


def test_the_first_page_lists_the_digests_newest_first(made: Path) -> None:
    links = soup(made / "out" / "index.html").select("section[aria-labelledby=digests] a")
    assert [str(a["href"]) for a in links] == ["digests/2025-W06.html", "digests/2025-W04.html"]


# Where it leads


def test_every_link_within_the_site_has_its_page(made: Path) -> None:
    root = made / "out"
    for file in pages(root):
        for link in soup(file).select("a[href], link[href], script[src]"):
            target = str(link.get("href") or link.get("src"))
            if not re.match(r"https?:|data:|#", target):
                assert (file.parent / target).resolve().is_file(), f"{file.name}: {target}"
                assert (file.parent / target).resolve().is_relative_to(root)


def test_every_figure_of_a_chart_or_table_leads_to_a_capture(made: Path) -> None:
    page = soup(made / "out" / OVERALL)
    assert all(re.match(r"\.\./e/c\d+\.html", str(a["href"])) for a in page.select(".marks a"))
    for row in page.select("section tbody tr"):
        assert row.select(".refs a"), row.get_text(" ")


def test_a_captures_page_says_what_explain_says(made: Path) -> None:
    from tracker.store.query.evidence import explain

    number = re.search(r"e/c(\d+)\.html", (made / "out" / OVERALL).read_text())
    assert number is not None
    with reading(made / "g.db") as connection:
        told = explain(connection, f"c{number[1]}", "2026")
    page = said(made / "out" / f"e/c{number[1]}.html")
    for key in ("url", "observed", "fetched", "sha256", "title", "licence", "credit"):
        assert str(told[key]) in page, key


def test_every_page_credits_the_sources_of_its_figures(made: Path) -> None:
    assert "The Board, CC BY 4.0" in said(made / "out" / OVERALL)
    assert {"The Board", "The Price List"} <= {
        a.text for a in soup(made / "out" / "credits.html").select("main a")
    }


def test_a_frozen_digest_leads_to_the_captures_it_rests_on(made: Path) -> None:
    page = soup(made / "out" / "digests/2025-W06.html")
    assert page.select('.evidence a[href^="../e/c"]')
    assert "DeepSeek R1" in said(made / "out" / "digests/2025-W06.html")


def test_the_search_knows_every_page_that_has_a_name(made: Path) -> None:
    script = (made / "out" / "search.js").read_text(encoding="ascii")
    rows = json.loads(script.partition("= ")[2].rstrip().rstrip(";"))
    paths = [row[2] for row in rows]
    assert len(paths) == len(set(paths))
    there = {file.relative_to(made / "out").as_posix() for file in pages(made / "out")}
    assert {path for path in there if not path.startswith("e/")} - {"credits.html"} == set(paths)


# What it leaves out


@pytest.mark.parametrize("own_use", [False, True], ids=["published", "for own use"])
def test_figures_that_may_not_be_published_stand_only_where_nobody_else_looks(
    made: Path, tmp_path: Path, own_use: bool
) -> None:
    build(sites.settings(made, own_use=own_use), tmp_path / "out")
    whole = "\n".join(file.read_text() for file in tmp_path.rglob("*") if file.is_file())
    for secret in ("77.8", "66.7", "77.77", "11.1 points", "the secret figures"):
        assert (secret in whole) == own_use, secret
    withheld = "its source's terms do not allow publication" in said(tmp_path / "out" / "board.html").lower()
    assert withheld != own_use


# Bad input


def test_an_empty_database_makes_a_site(tmp_path: Path) -> None:
    with Built(tmp_path / "g.db"):
        pass
    build(sites.settings(tmp_path), tmp_path / "out")
    assert "No digest has been published yet" in said(tmp_path / "out" / "index.html")
    assert "Nothing has been measured yet" in said(tmp_path / "out" / "board.html")


def test_strangers_add_neither_elements_nor_links_that_run(strange: Path) -> None:
    for file in pages(strange):
        page = soup(file)
        assert [script.get("src") for script in page.select("script")] in (["site.js"], ["../site.js"])
        assert not page.select("img, iframe, object, form, style, base")
        assert not [name for found in page.find_all(True) for name in found.attrs if name.startswith("on")]
        assert not [
            a for a in page.select("a[href]") if re.match(r"\s*(javascript|data|vbscript):", str(a["href"]))
        ]


def test_strangers_texts_are_shown_as_text_without_what_steers(strange: Path) -> None:
    for file in pages(strange):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", text)
        assert len(max(soup(file).stripped_strings, key=len)) <= 1200
    assert "{{ 7*7 }}" in "".join(map(said, (strange / "vendors").glob("*.html")))


def test_files_stay_in_the_folder_whatever_an_id_is(strange: Path) -> None:
    beside = {path.name.partition(".")[0] for path in strange.parent.iterdir()}
    assert beside <= {"out", "g", "digests"}
    names = [file.relative_to(strange).as_posix() for file in pages(strange)]
    assert all(re.fullmatch(r"[A-Za-z0-9._/-]+", name) and ".." not in name for name in names)
    assert len({name.lower() for name in names}) == len(names)
    assert (strange / f"models/{slug('gpt-4o')}.html").is_file()


# What it writes


def stamps(root: Path) -> dict[str, int]:
    return {str(f.relative_to(root)): f.stat().st_mtime_ns for f in root.rglob("*") if f.is_file()}


def test_an_unchanged_site_is_not_touched(tmp_path: Path) -> None:
    sites.fill(tmp_path)
    first = build(sites.settings(tmp_path), tmp_path / "out")
    before = stamps(tmp_path / "out")
    second = build(sites.settings(tmp_path), tmp_path / "out")
    assert (second.written, second.kept, second.removed) == (0, first.written, 0)
    assert stamps(tmp_path / "out") == before


def test_a_new_week_writes_only_what_it_changes(tmp_path: Path) -> None:
    sites.fill(tmp_path, weeks=5)
    first = build(sites.settings(tmp_path), tmp_path / "out")
    sites.fill(tmp_path, weeks=6)
    second = build(sites.settings(tmp_path), tmp_path / "out")
    assert 0 < second.written < first.written
    assert second.kept > 0
    (tmp_path / "fresh").mkdir()
    build(sites.settings(tmp_path), tmp_path / "fresh")
    for file in (tmp_path / "fresh").rglob("*"):
        if file.is_file():
            there = tmp_path / "out" / file.relative_to(tmp_path / "fresh")
            assert there.read_bytes() == file.read_bytes(), file.name


def test_what_was_deleted_is_written_again(tmp_path: Path) -> None:
    sites.fill(tmp_path)
    build(sites.settings(tmp_path), tmp_path / "out")
    (tmp_path / "out" / R1).unlink()
    assert build(sites.settings(tmp_path), tmp_path / "out").written == 1
    assert (tmp_path / "out" / R1).is_file()


def test_a_page_that_is_gone_is_taken_away_and_a_strangers_file_stays(tmp_path: Path) -> None:
    for name, paths in (("one", ("a.html", "b/c.html")), ("two", ("a.html",))):
        folder = Folder(tmp_path)
        for path in paths:
            folder.put(path, name, lambda: name)  # noqa: B023
        if name == "one":
            assert folder.finish() == Done(2, 0, 0)
            (tmp_path / "b" / "mine.txt").write_text("mine")
    assert folder.finish() == Done(1, 0, 1)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        MANIFEST,
        "a.html",
        "mine.txt",
    ]


@pytest.mark.parametrize(
    "manifest",
    ["{", "[]", '{"../x": ["a", "b"]}', '{"/etc/passwd": ["a", "b"]}', '{"a": 1}'],
    ids=["no JSON", "a list", "the folder above", "an absolute path", "no pair"],
)
def test_a_manifest_that_is_not_ours_is_refused_by_name(tmp_path: Path, manifest: str) -> None:
    (tmp_path / MANIFEST).write_text(manifest)
    with pytest.raises(StoreError, match=re.escape(str(tmp_path / MANIFEST))):
        Folder(tmp_path)


# How it looks


def test_a_users_template_and_colours_are_used(tmp_path: Path, made: Path) -> None:
    own = tmp_path / "own"
    (own / "site").mkdir(parents=True)
    shipped = Path(__file__).resolve().parent.parent / "templates" / "_colours.j2"
    (own / "_colours.j2").write_text(shipped.read_text().replace("#0a6660", "#123456"))
    (own / "site" / "page.html.j2").write_text("<p>{{ page.title }}</p>\n")
    build(sites.settings(made, templates=own), tmp_path / "out")
    assert (tmp_path / "out" / R1).read_text() == "<p>DeepSeek R1</p>"
    assert "#123456" in (tmp_path / "out" / "site.css").read_text()


def test_a_template_that_fails_is_named_once_and_the_shipped_ones_are_used(
    tmp_path: Path, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own"
    (own / "site").mkdir(parents=True)
    (own / "site" / "page.html.j2").write_text("fine\n{{ page.nothing }}\n")
    build(sites.settings(made, url="https://example.org/gap", templates=own), tmp_path / "out")
    warned = capsys.readouterr().err
    assert warned.startswith(f"warning: {own / 'site' / 'page.html.j2'}:2: ")
    assert warned.count("\n") == 1
    assert (tmp_path / "out" / R1).read_bytes() == (made / "out" / R1).read_bytes()


# What reads it aloud


def test_every_page_has_landmarks_a_skip_link_and_tables_with_heads(made: Path) -> None:
    for file in pages(made / "out"):
        page = soup(file)
        assert page.html is not None
        assert page.html["lang"] == "en"
        assert [len(page.select(name)) for name in ("main", "h1", "nav[aria-label]")] == [1, 1, 1]
        assert page.select_one("body > a.skip[href='#content']")
        assert page.select_one("main#content")
        assert "unsafe" not in str(page.select_one("meta[http-equiv=Content-Security-Policy]"))
        ids = [str(found["id"]) for found in page.find_all(id=True)]
        assert len(ids) == len(set(ids)), file
        for table in page.select("table"):
            assert table.caption
            assert all(head.get("scope") in ("col", "row") for head in table.select("th"))
        for chart in page.select("svg.chart"):
            named = {str(found["id"]) for found in chart.find_all(["title", "desc"])}
            assert set(str(chart["aria-labelledby"]).split()) == named
            assert all(mark["aria-label"] for mark in chart.select(".marks a"))
