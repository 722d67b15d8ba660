"""Alerts: what a rule tells, that it tells it once, when it may again, and that it arrives in one message.

The figures go through the real writer into a real file; each step is a pass at its own time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.support.database import BOARD, CODING, NEWS, PRICES, Built, at, fact, offer, place, score, story
from tests.support.post import PostOffice, body, parsed, serving
from tests.support.published import asked, settings
from tracker.cli import cli
from tracker.deliver import alerting
from tracker.domain import Kind, Record
from tracker.errors import UsageError

STATUS = place("status", Kind.NEWS, title="Groq status", vendor="groq", listing=False)
RETIREMENTS = place("retirements", Kind.CATALOGUE, title="OpenAI deprecations", vendor="openai")
ALL = (BOARD, PRICES, NEWS, STATUS, RETIREMENTS)
WEIGHTS = [
    fact("gpt-4o", "weights", "closed"),
    fact("deepseek-v3", "weights", "open"),
    fact("deepseek-r1", "weights", "open"),
]


class Watch:
    """A database with rules; `sees` is a pass that brings something and returns the texts that were told."""

    def __init__(self, folder: Path, *rules: str, more: str = "") -> None:
        self.folder, self.places = folder, ALL
        tables = "".join(f"[[alerts.rules]]\n{rule}\n" for rule in rules)
        self.toml = f"{more}\n[alerts]\n{tables}"

    def sees(self, source: object, day: str, records: Iterable[Record]) -> list[str]:
        before = self.notices()
        with Built(self.folder / "gapwatch.db", self.places) as built:
            built.captured(source, day, records)  # type: ignore[arg-type]
        alerting.after_pass(settings(self.folder, self.toml, f"{at(day):%Y-%m-%dT%H:%M:%SZ}"))
        told = self.notices()[len(before) :]
        assert len(told) <= 1, "one message a pass"
        return [alert["text"] for content in told for alert in json.loads(content)["alerts"]]

    def notices(self) -> list[str]:
        db = self.folder / "gapwatch.db"
        return [row[0] for row in asked(db, "SELECT content FROM notice ORDER BY at")] if db.exists() else []

    def gap(self, day: str, closed: int, open_: int, half: str = "5") -> list[str]:
        rows = [score("gpt-4o", str(closed), half=half), score("deepseek-v3", str(open_), half=half)]
        return self.sees(BOARD, day, [*rows, *WEIGHTS])

    def asks(self, day: str, **prices: str) -> list[str]:
        rows = [one for host, price in prices.items() for one in offer("deepseek-v3", host, price, price)]
        return self.sees(PRICES, day, rows)


# A gap


def test_a_tie_is_told_once_it_has_held_for_a_week_and_again_only_after_a_lead(tmp_path: Path) -> None:
    """The noise of two intervals of ±5 is 5.9 points; a rule is armed again from 8.9 behind."""
    watch = Watch(tmp_path, 'when = "gap"\ntasks = ["chat"]')
    assert watch.gap("2025-01-01", 1400, 1360) == []
    assert watch.gap("2025-01-10", 1400, 1396) == []  # tied, not yet for a week
    assert watch.gap("2025-01-14", 1400, 1397) == []
    (told,) = watch.gap("2025-01-18", 1400, 1398)
    assert told.startswith("In chat, DeepSeek V3 is tied with GPT-4o (")
    assert watch.gap("2025-01-20", 1400, 1399) == []  # once
    assert watch.gap("2025-01-22", 1400, 1393) == []  # 7 behind: not tied, and not beyond 1.5 times the noise
    assert watch.gap("2025-02-01", 1400, 1396) == []
    assert watch.gap("2025-02-10", 1400, 1397) == []  # tied again for a week, but it was never armed
    assert watch.gap("2025-02-12", 1400, 1380) == []  # 20 behind: armed
    assert watch.gap("2025-02-20", 1400, 1397) == []
    assert len(watch.gap("2025-03-01", 1400, 1397)) == 1


def test_after_a_tie_being_overtaken_is_more_of_it_and_falling_back_to_a_tie_is_none(tmp_path: Path) -> None:
    watch = Watch(tmp_path, 'when = "gap"')
    watch.gap("2025-01-01", 1400, 1360)
    watch.gap("2025-01-10", 1400, 1399)
    assert len(watch.gap("2025-01-18", 1400, 1399)) == 1
    assert watch.gap("2025-01-20", 1400, 1420) == []
    (told,) = watch.gap("2025-01-28", 1400, 1420)
    assert told.startswith("In chat, DeepSeek V3 leads GPT-4o by 20 points (")
    assert watch.gap("2025-02-20", 1400, 1399) == []
    assert watch.gap("2025-03-01", 1400, 1399) == []


def test_a_lead_that_did_not_last_is_told_to_those_alone_who_asked_for_provisional(tmp_path: Path) -> None:
    careful, hasty = tmp_path / "careful", tmp_path / "hasty"
    for folder in (careful, hasty):
        folder.mkdir()
    told = {}
    for folder, more in ((careful, ""), (hasty, "\nprovisional = true")):
        watch = Watch(folder, f'when = "gap"{more}')
        steps = [("2025-01-01", 1360), ("2025-01-10", 1430), ("2025-01-14", 1360), ("2025-01-30", 1360)]
        told[folder] = [len(watch.gap(day, 1400, open_)) for day, open_ in steps]
    assert told == {careful: [0, 0, 0, 0], hasty: [0, 1, 0, 0]}


def test_where_a_board_publishes_no_noise_no_tie_is_told(tmp_path: Path) -> None:
    watch = Watch(tmp_path, 'when = "gap"\nprovisional = true')
    assert watch.gap("2025-01-01", 1400, 1400, half="") == []
    assert watch.gap("2025-01-20", 1400, 1450, half="") == []


def test_a_rule_for_a_task_says_nothing_of_others(tmp_path: Path) -> None:
    watch = Watch(tmp_path, 'when = "gap"\ntasks = ["coding"]\nprovisional = true')
    assert watch.gap("2025-01-01", 1400, 1400) == []
    rows = [score("gpt-4o", "1400", metric=CODING), score("deepseek-v3", "1400", metric=CODING)]
    (told,) = watch.sees(BOARD, "2025-01-02", [*rows, *WEIGHTS])
    assert told.startswith("In coding, ")


# Prices


def test_a_price_under_the_limit_is_told_once_and_again_after_it_had_been_ten_percent_above(
    tmp_path: Path,
) -> None:
    watch = Watch(tmp_path, 'when = "price"\nmodels = ["deepseek-v3"]\nunder = 1')
    day = iter(f"2025-01-{n:02d}" for n in range(1, 30))
    steps = [("1.5", 0), ("0.95", 1), ("0.9", 0), ("1.05", 0), ("0.95", 0), ("1.1", 0), ("0.99", 1)]
    assert [len(watch.asks(next(day), deepseek=price)) for price, _ in steps] == [n for _, n in steps]
    text = json.loads(watch.notices()[0])["alerts"][0]["text"]
    assert text == "A million tokens (3:1) of DeepSeek V3 cost $0.95 at DeepSeek, under your $1.00."


def test_a_price_at_the_limit_is_not_under_it_and_a_free_one_is_no_price(tmp_path: Path) -> None:
    watch = Watch(tmp_path, 'when = "price"\nmodels = ["DeepSeek V3"]\nunder = "0.50"')
    assert watch.asks("2025-01-01", deepseek="0.5") == []
    assert watch.asks("2025-01-02", deepseek="0") == []


def test_a_wild_price_that_nobody_confirms_is_no_alert(tmp_path: Path) -> None:
    """A hundredth of the price is held by the guards, so that no rule ever sees it."""
    watch = Watch(tmp_path, 'when = "price"\nmodels = ["deepseek-v3"]\nunder = 0.5')
    assert watch.asks("2025-01-01", deepseek="1.5") == []
    assert watch.asks("2025-01-02", deepseek="0.015") == []


def test_a_new_cheapest_host_is_told_by_name_and_a_hair_is_not_enough(tmp_path: Path) -> None:
    watch = Watch(tmp_path, 'when = "cheapest"\nmodels = ["deepseek-v3"]')
    assert watch.asks("2025-01-01", deepinfra="1.00", together="1.20") == []  # who it is, is remembered
    assert watch.asks("2025-01-02", deepinfra="1.00", together="0.99") == []  # one percent: noise
    (told,) = watch.asks("2025-01-03", deepinfra="1.00", together="0.90")
    assert told == (
        "The cheapest host of DeepSeek V3 is Together AI with $0.90 per million tokens (3:1),"
        " not DeepInfra any more ($1.00 there now)."
    )
    assert watch.asks("2025-01-04", deepinfra="1.00", together="0.85") == []
    assert len(watch.asks("2025-01-05", deepinfra="0.60", together="0.85")) == 1
    assert len(watch.asks("2025-01-06", together="0.85")) == 1  # the cheapest left
    assert "no longer offered there" in watch.notices()[-1]


# What goes away, and what is broken


def test_a_model_that_is_retired_is_told_once_a_day_that_is_set_for_it(tmp_path: Path) -> None:
    watch = Watch(tmp_path, 'when = "retiring"\nmodels = ["gpt-4o"]')
    rows = [fact("gpt-4o", "retires", "2025-06-01"), fact("gpt-4o", "replacement", "gpt-5")]
    other = [fact("o1", "retires", "2025-06-01")]
    assert watch.sees(RETIREMENTS, "2025-01-01", [*rows, *other]) == [
        "At OpenAI, gpt-4o is switched off on 1 June; use gpt-5 instead."
    ]
    assert watch.sees(RETIREMENTS, "2025-01-02", [*rows, *other, fact("o3", "retires", "2025-07-01")]) == []
    moved = [fact("gpt-4o", "retires", "2025-09-01"), *rows[1:]]
    assert watch.sees(RETIREMENTS, "2025-01-03", moved) == [
        "At OpenAI, gpt-4o is switched off on 1 September; use gpt-5 instead."
    ]


def test_an_incident_of_a_vendor_is_told_once_and_no_old_one(tmp_path: Path) -> None:
    watch = Watch(tmp_path, 'when = "incident"\nvendors = ["groq"]')
    old = story("1", "Errors long ago", "2024-12-20", topics=("incident",))
    new = story("2", "Elevated errors\x1b[31m", "2025-01-02", topics=("incident",))
    news = story("3", "A new model", "2025-01-02")
    assert watch.sees(STATUS, "2025-01-02", [old, new, news]) == [
        "Groq status, 2 January: Elevated errors[31m."
    ]
    assert watch.sees(STATUS, "2025-01-03", [old, new, news, story("4", "All well", "2025-01-03")]) == []
    assert watch.sees(NEWS, "2025-01-03", [story("5", "Down", "2025-01-03", topics=("incident",))]) == []


# One message, that arrives


def test_what_fires_in_one_pass_is_one_mail_and_stays_one_however_often_it_is_looked_at(
    tmp_path: Path,
) -> None:
    office = PostOffice(refuses={"ann@example.org": "451 try later"})
    with serving(office) as port:
        to = '["ann@example.org", "ben@example.org"]'
        mail = f'[mail]\nhost="127.0.0.1"\nport={port}\nsecurity="none"\nto={to}'
        rules = [f'when = "price"\nmodels = ["deepseek-v3"]\nunder = {limit}' for limit in (1, 2)]
        watch = Watch(
            tmp_path, *rules, more=f'{mail}\n[[deliver]]\nname="f"\nkind="file"\npath="{tmp_path}/out"'
        )
        assert len(watch.asks("2025-01-01", deepseek="0.5")) == 2
        office.refuses.clear()
        chosen = settings(tmp_path, watch.toml, "2025-01-01T12:05:00Z")
        assert alerting.after_pass(chosen) == []  # not yet
        late = replace(chosen, now=at("2025-01-01T13:00"))
        assert [one.recipient for one in alerting.after_pass(late)] == ["ann@example.org"]
        assert alerting.after_pass(late) == []
    (file,) = (tmp_path / "out").iterdir()
    for name in ("ann", "ben"):
        mail_ = parsed(office.taken[f"{name}@example.org"])
        assert mail_["Subject"].endswith("under your $1.00. (and 1 more)")
        assert mail_.get_content_type() == "text/plain"
        assert body(mail_, "plain") == file.read_text()
        assert "under your $2.00." in " ".join(body(mail_, "plain").split())
        assert "gapwatch explain c1" in body(mail_, "plain")


def test_alerts_go_to_those_who_are_named(tmp_path: Path) -> None:
    two = "".join(f'[[deliver]]\nname="{n}"\nkind="file"\npath="{tmp_path}/{n}"\n' for n in ("a", "b"))
    toml = f'{two}[alerts]\nto=["b"]\n[[alerts.rules]]\nwhen="price"\nmodels=["deepseek-v3"]\nunder=1\n'
    with Built(tmp_path / "gapwatch.db", ALL) as built:
        built.captured(PRICES, "2025-01-01", offer("deepseek-v3", "deepseek", "0.5", "0.5"))
    alerting.after_pass(settings(tmp_path, toml, "2025-01-01T12:00:00Z"))
    assert not (tmp_path / "a").exists()
    assert len(list((tmp_path / "b").iterdir())) == 1


def test_a_pass_of_the_command_line_tells(tmp_path: Path) -> None:
    """`run` itself: nothing is due, the figures are there, and the rule is looked at."""
    watch = Watch(tmp_path, 'when = "price"\nmodels = ["deepseek-v3"]\nunder = 1')
    watch.asks("2025-01-01", deepseek="1.5")
    with Built(tmp_path / "gapwatch.db", ALL) as built:
        built.captured(PRICES, "2025-01-02", offer("deepseek-v3", "deepseek", "0.5", "0.5"))
    words = ["--config", str(tmp_path / "gapwatch.toml"), "--db", str(tmp_path / "gapwatch.db")]
    now = ["--now", "2025-01-02T13:00:00Z"]
    dry = CliRunner().invoke(cli, [*words, *now, "alerts", "--test", "--json"])
    assert [row["text"] for row in json.loads(dry.output)] == [
        "A million tokens (3:1) of DeepSeek V3 cost $0.50 at DeepSeek, under your $1.00."
    ]
    assert watch.notices() == []
    alerting.after_pass(settings(tmp_path, watch.toml, now[1]))
    listed = CliRunner().invoke(cli, [*words, *now, "alerts", "--json"])
    (row,) = json.loads(listed.output)
    assert (row["rule"], row["state"], row["now"]) == ("price of deepseek-v3 under 1", "told", "0.5")
    assert row["last_fired"] == "2025-01-02T13:00:00Z"
    again = CliRunner().invoke(cli, [*words, *now, "alerts", "--test"])
    assert (again.exit_code, again.output.strip()) == (4, "gapwatch: nothing would fire now")


def test_a_rule_that_is_taken_out_and_comes_back_begins_anew(tmp_path: Path) -> None:
    watch = Watch(tmp_path, 'when = "price"\nmodels = ["deepseek-v3"]\nunder = 1')
    other = Watch(tmp_path, 'when = "price"\nmodels = ["gpt-4o"]\nunder = 1')
    assert len(watch.asks("2025-01-01", deepseek="0.5")) == 1
    assert other.asks("2025-01-02", deepseek="0.5") == []
    assert len(watch.asks("2025-01-03", deepseek="0.5")) == 1


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('when = "moon"', "when must be gap"),
        ('when = "price"\nmodels = ["m"]', "needs under"),
        ('when = "price"\nunder = 1', "needs models"),
        ('when = "price"\nmodels = ["m"]\nunder = "cheap"', "under: 'cheap' is not"),
        ('when = "price"\nmodels = ["m"]\nunder = "nan"', "under: 'nan' is not"),
        ('when = "incident"', "needs vendors"),
        ('when = "retiring"\nmodels = ["m"]\nvendors = ["v"]', "has nothing to do with vendors"),
        ('when = "price"\nmodels = ["m"]\nunder = 1\nprovisional = true', "nothing to do with provisional"),
        ('when = "gap"\nmetric = "m"', "unknown key 'metric'"),
        ('when = "gap"\n[[alerts.rules]]\nwhen = "gap"', "stands there twice"),
        ('tasks = ["chat"]', "it needs when"),
    ],
)
def test_a_rule_that_makes_no_sense_is_one_clear_line(tmp_path: Path, rule: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        settings(tmp_path, f"[alerts]\n[[alerts.rules]]\n{rule}\n")


def test_alerts_to_nobody_known_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'team' is no outlet and no recipient"):
        settings(tmp_path, '[alerts]\nto = ["team"]\n')
