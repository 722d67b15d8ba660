"""How a digest is laid out: page, text and mail say the same, hold hostile titles, and lead to evidence."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from tests.support import digests
from tests.support.prose import A_MINUTE, prose
from tracker.digest.lines import COLUMNS, width
from tracker.digest.model import Digest, Side, Story, VendorNews
from tracker.digest.pictures import pictures
from tracker.digest.render import FORMS, MAIL_SIZE, render
from tracker.digest.tidy import cited, clean
from tracker.errors import UsageError

SITUATIONS = {
    "a rich week": digests.RICH,
    "a busy week": digests.BUSY,
    "a preview": digests.PREVIEW,
    "a catch-up edition": digests.CATCH_UP,
    "a quiet week": digests.QUIET,
    "nothing at all": digests.EMPTY,
    **{f"hostile: {name}": digests.hostile(title) for name, title in digests.TITLES.items()},
}
every_situation = pytest.mark.parametrize("digest", SITUATIONS.values(), ids=SITUATIONS)
every_form = pytest.mark.parametrize("form", FORMS)


def seen(html: str) -> str:
    """What a reader of the page reads, on one line."""
    soup = BeautifulSoup(html, "lxml")
    for unseen in soup(["style", "title", "head"]):
        unseen.decompose()
    return " ".join(soup.get_text(" ").split())


def said_in(digest: Digest, form: str) -> str:
    """What a reader of any form reads, on one line."""
    laid_out = render(digest, form)
    if form == "md":
        laid_out = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", laid_out.replace("**", ""))
    return " ".join(laid_out.split()) if form in ("text", "md") else seen(laid_out)


# What every layout holds to


@every_situation
def test_text_is_never_wider_than_78_columns(digest: Digest) -> None:
    text = render(digest, "text")
    assert max(width(line) for line in text.splitlines()) <= COLUMNS
    assert "\n\n\n" not in text


@every_situation
def test_every_reference_in_text_leads_to_its_evidence(digest: Digest) -> None:
    text = render(digest, "text")
    listed = {int(number) for number in re.findall(r"\[(\d+)\]\sc\d", text)}
    assert {int(number) for number in re.findall(r"\[(\d+)\]", text)} <= listed
    assert listed == {reference.number for reference in digest.references}


@every_situation
def test_every_link_within_the_page_has_its_target(digest: Digest) -> None:
    soup = BeautifulSoup(render(digest, "html"), "lxml")
    targets = [str(found["id"]) for found in soup.find_all(id=True)]
    links = {str(found["href"])[1:] for found in soup.find_all(href=re.compile("^#"))}
    assert links <= set(targets)
    assert links == {f"e{number}" for number in cited(digest)}
    assert len(targets) == len(set(targets))
    labels = {str(found["aria-labelledby"]) for found in soup.select("[aria-labelledby]")}
    assert labels <= set(targets)


@every_situation
@every_form
def test_no_form_carries_what_steers_a_terminal_or_turns_the_reading_direction(
    digest: Digest, form: str
) -> None:
    laid_out = render(digest, form)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", laid_out)
    assert not re.search(r"[\u200e\u200f\u061c\ud800-\udfff]", laid_out)
    assert not re.search(r"[\u0300-\u036f]{3}", laid_out)


@every_situation
@pytest.mark.parametrize("form", ["html", "mail"])
def test_a_stranger_can_add_neither_elements_nor_links_that_run(digest: Digest, form: str) -> None:
    soup = BeautifulSoup(render(digest, form), "lxml")
    assert not soup.find_all(["script", "iframe", "object", "form", "link" if form == "mail" else "x"])
    sources = {str(image["src"]).removeprefix("cid:") for image in soup.find_all("img")}
    assert sources <= (pictures(clean(digest)).keys() if form == "mail" else set())
    assert not [a for found in soup.find_all(True) for a in found.attrs if a.startswith("on")]
    assert all(str(a["href"]).startswith(("https://", "http://", "#")) for a in soup.find_all("a"))


@every_situation
def test_a_mail_stays_below_what_clients_cut_off(digest: Digest) -> None:
    html = render(digest, "mail")
    assert len(html.encode()) < MAIL_SIZE
    assert "var(--" not in html


@pytest.mark.parametrize("digest", [digests.RICH, digests.BUSY], ids=["rich", "busy"])
@every_form
def test_a_share_is_written_in_one_way(digest: Digest, form: str) -> None:
    shares = re.findall(r"[0-9]([^0-9]?)%", said_in(digest, form))
    assert len(shares) > 4
    assert set(shares) <= {" ", "\u00a0"}


def test_template_code_in_a_title_is_text() -> None:
    digest = digests.hostile(digests.TITLES["template code"])
    for form in FORMS:
        said = said_in(digest, form)
        assert "{{ 7*7 }} {% for x in range(9) %}" in said
        assert "49" not in said


def test_a_script_in_a_title_is_shown_as_it_is_written() -> None:
    assert "<script>document.title='taken'</script>" in seen(render(digests.hostile(digests.SCRIPT), "html"))


def test_ten_thousand_characters_are_cut_at_a_word_with_an_ellipsis() -> None:
    digest = clean(digests.hostile(digests.TITLES["ten thousand characters"]))
    title = digest.news[0].stories[0].title
    assert title.endswith("word…")
    assert len(title) <= 160
    assert len(digest.headline) <= 320


# What each says


@pytest.mark.parametrize("form", FORMS)
def test_a_rich_week_says_all_of_it(form: str) -> None:
    said = said_in(digests.RICH, form)
    for part in (
        digests.RICH.headline.removesuffix("chat."),
        digests.RICH.happened[0].meaning,
        "1,357",
        "25 points",
        "2 months",
        "closing",
        "Open is tied on Aider polyglot; behind on HumanEval+.",
        "o interval published: no test is claimed",
        "Builder's questions",
        "25 points behind o1: test it.",
        "Fireworks AI $3.00 and Together AI $4.00",
        "GPT-4o clone now writes 300 tokens a second; a week ago it was 200",
        "incident, 24 January",
        "and 2 more",
        "No news from Fireworks AI and Cerebras.",
        "launch, 26 January",
        "Classification, vision: no public measure watched yet.",
        "$0.96",
        "open is 27 times cheaper",
        "−29 %",
        "unconfirmed",
        "3 more prices moved",
        "DeepSeek-R1-Distill-Llama-70B now runs on GroqCloud",
        "also in Simon Willison",
        "gpt-4-vision-preview (gpt-4o instead) is switched off",
        "withdrawn by its editors.",
        "6 models of unknown licence on LMArena text",
        "OpenRouter (c19) held since 23 January: prices fell a thousandfold at once",
        "silent, last heard 11 January: no answer within 30 s",
        "gapwatch explain c11",
        "CC BY 4.0",
    ):
        assert part.lower() in said.lower()


def test_sections_without_content_are_not_there() -> None:
    soup = BeautifulSoup(render(digests.QUIET, "html"), "lxml")
    heads = [head.get_text(strip=True) for head in soup.find_all("h2")]
    assert heads == ["The gap", "How to read this", "Evidence", "Credits"]
    text = render(digests.QUIET, "text")
    heads = re.findall(r"^[A-Z]{3}[A-Z ]*[A-Z]", text, re.MULTILINE)
    assert heads == ["GAPWATCH", "THE GAP", "EVIDENCE AND CREDITS"]


def test_a_busy_week_is_read_in_three_minutes() -> None:
    text = render(digests.BUSY, "text")
    assert len(digests.BUSY.happened) == 7
    assert len(text.splitlines()) <= 122
    assert len(prose(text)) <= 600 <= 3 * A_MINUTE


def test_a_task_takes_two_lines_in_text_and_names_what_is_unusual_alone() -> None:
    recent = replace(digests.BOARD[0], recent=True)
    rows = render(replace(digests.RICH, board=(recent, *digests.BOARD[1:2])), "text").split("THE GAP")[1]
    lines = rows.split("\n\n")[0].splitlines()
    assert re.sub(" +", " ", lines[1]) == "Chat DeepSeek R1 1,357 Gemini 2.0 Flash 25"
    assert "LMArena text, 1.8 %, lag 2 months, closing, MIT licence [1]" in rows
    assert "metrics agree" not in rows
    assert "24 January" not in lines[3]  # of this week
    assert "20 January" in " ".join(lines)
    assert "behind on HumanEval+" in rows


WHY = "fewer rows: 41 of 80 that were listed before, among them all of the open models of three makers"


@pytest.mark.parametrize("reason", [WHY, f"{WHY}; {WHY}; {WHY}"], ids=["whole", "longer than is read"])
def test_why_something_is_held_or_silent_ends_with_a_word(reason: str) -> None:
    silence = replace(digests.RICH.silences[0], reason=reason)
    held = replace(silence, title="OpenRouter", capture="c19")
    text = render(replace(digests.RICH, held=(held,), silences=(silence,), unknown=()), "text")
    part = text.split("HELD, SILENT, NOT KNOWN\n")[1].split("\n\n")[0]
    told = [" ".join(line.split()) for line in re.split(r"\n(?! )", part)]
    assert len(told) == 2
    for line in told:
        said = line.partition("January: ")[2].removesuffix("…")
        assert f"{reason} ".startswith((f"{said} ", f"{said}; "))
        assert len(said) > 70


LONG = "nvidia-llama-3.1-nemotron-ultra-253b-v1-reasoning-preview-of-the-spring-2507-thinking"
WIDE = "阿里云通义千问大语言模型旗舰版" * 3


@pytest.mark.parametrize("quiet", [False, True], ids=["a week", "a quiet week"])
def test_a_long_name_stays_in_its_column_and_whole(quiet: bool) -> None:
    row = replace(digests.BOARD[0], open=Side(LONG, "62.4\u00a0%"), closed=Side(WIDE, "1,382"))
    text = render(replace(digests.RICH, board=(row,), quiet=quiet), "text")
    head, *lines = text[text.index("THE GAP") :].splitlines()
    places = [head.index(heading) for heading in ("best open", "best proprietary", "points")]
    board = [cells(line, places) for line in lines[:5]]
    joined = ["".join(line[column] for line in board) for column in range(4)]
    assert joined[:3] == ["Chat", f"{LONG}62.4\u00a0%", f"{WIDE}1,382"]
    assert joined[3].startswith("25")


def cells(line: str, places: list[int]) -> list[str]:
    """What stands in the columns that begin at these places of the screen, without blanks."""
    found, at = [""] * (len(places) + 1), 0
    for char in line:
        found[sum(at >= place for place in places)] += char.strip(" ")
        at += width(char)
    return found


def test_a_quiet_board_takes_a_line_a_task() -> None:
    board = replace(digests.BOARD[0], closed=digests.BOARD[1].closed)
    text = render(replace(digests.QUIET, board=(board,)), "text")
    assert re.search(
        r"^Chat +DeepSeek R1 1,357 +o1 \(high\) 61.7\s% +25 \[1\]\nClosing: chat\.$", text, re.MULTILINE
    )


def test_a_quiet_week_is_a_short_mail() -> None:
    assert len(render(digests.QUIET, "text").splitlines()) <= 20
    assert len(seen(render(digests.QUIET, "mail")).split()) <= 80


@pytest.mark.parametrize("form", FORMS)
def test_a_catch_up_edition_and_a_preview_say_what_they_are(form: str) -> None:
    said, plain = render(digests.CATCH_UP, form).lower(), render(digests.RICH, form).lower()
    for word in ("catch-up edition", "not published yet"):
        assert word in said
        assert word not in plain


def test_the_headline_leads_to_its_evidence() -> None:
    soup = BeautifulSoup(render(digests.RICH, "html"), "lxml")
    assert [str(a["href"]) for a in soup.select("h1 a")] == ["#e1"]
    assert "noise this week. [1]" in render(digests.QUIET, "text")


def test_the_record_says_its_dates_first() -> None:
    assert "24 January DeepSeek R1 (MIT licence) enters" in seen(render(digests.CATCH_UP, "html"))


def test_one_price_more_is_singular() -> None:
    assert "1 more price moved" in render(replace(digests.RICH, more_moves=1), "text")


def test_the_board_is_a_table_with_headers_that_say_their_scope() -> None:
    board = BeautifulSoup(render(digests.RICH, "html"), "lxml").select_one("table.board")
    assert board is not None
    assert [head["scope"] for head in board.select("thead th")] == ["col"] * 7
    assert [head["scope"] for head in board.select("tbody th")] == ["row"] * 4
    charted = [chart["aria-label"] for chart in board.select("svg[role=img]")]
    assert charted[0] == (
        "The gap over twelve months: 79 points on 19 June 2024, 25 points on 24 January 2025"
    )
    assert [title.get_text() for title in board.select("svg title")] == charted


def test_the_page_asks_for_nothing_from_outside() -> None:
    soup = BeautifulSoup(render(digests.RICH, "html"), "lxml")
    assert not soup.find_all(src=True)
    assert [link["href"] for link in soup.find_all("link")] == ["data:,"]
    assert "url(" not in render(digests.RICH, "html")
    assert soup.html is not None
    assert soup.html["lang"] == "en"
    assert soup.select_one("meta[name=viewport]")


def test_references_in_a_mail_lead_straight_to_the_source() -> None:
    soup = BeautifulSoup(render(digests.RICH, "mail"), "lxml")
    where = {reference.number: reference.url for reference in digests.RICH.references}
    links = soup.select("a.ref")
    assert links
    assert all(where[int(a.get_text().strip("[]"))] == a["href"] for a in links)


def test_a_mail_that_would_be_too_long_is_cut_and_says_so() -> None:
    stories = tuple(
        Story(f"Story {n} " + "of many words " * 8, f"https://e.org/{n}", "26 January", "x")
        for n in range(60)
    )
    long = replace(digests.RICH, news=tuple(VendorNews(f"Vendor {n}", stories) for n in range(40)))
    html = render(long, "mail")
    assert len(html.encode()) < MAIL_SIZE
    said = seen(html)
    assert "Vendor 0" in said
    assert re.search(r"\d+ more", said)
    assert "Story 59" in render(long, "html")


def test_an_unknown_form_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="no form 'pdf'; there are html, text, md, feed, mail"):
        render(digests.QUIET, "pdf")
