"""Is this payload sane? Tests on distributions, on invented lists and on the recorded web's faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.arrivals import METRIC, at, board
from tests.support.recorded import recorded_web
from tracker.collect import guards, registry
from tracker.collect.fetch import Fetcher
from tracker.collect.visit import World, visit
from tracker.config import Settings
from tracker.domain import Kind, ModelFact, Observation, Outcome, Record
from tracker.source import Source
from tracker.store import holding, reading, spans
from tracker.store.holding import Snapshot

DAY = at("2026-05-31")
BOARD = board()
LIST = replace(board("list"), kind=Kind.PRICES)
WEIGHTS = {f"m{n}": "open" if n % 3 == 0 else "closed" for n in range(30)}


def scores() -> list[Record]:
    """A board of thirty models in two metrics, with intervals and a licence each."""
    found: list[Record] = []
    for n in range(30):
        value = Decimal(1500 - 7 * n)
        found.append(
            Observation(f"m{n}", METRIC, value, low=value - 5, high=value + 6, n=3000 + 97 * n, at=DAY)
        )
        maths = Decimal(1400 - 11 * ((n * 7) % 30))
        found.append(Observation(f"m{n}", "lmarena.text.math", maths, at=DAY))
        found.append(ModelFact(f"m{n}", "licence", "MIT" if n % 3 == 0 else "Proprietary"))
    return found


def offers() -> list[Record]:
    """A list of 40 offers at four providers, the output dearer than the input."""
    found: list[Record] = []
    for n in range(40):
        provider = ("acme", "beta", "core", "dune")[n % 4]
        for part, factor in (("input", 1), ("output", 4)):
            price = Decimal(n + 1) / 10 * factor
            found.append(Observation(f"m{n}", f"price.{part}", price, provider))
        found.append(ModelFact(f"m{n}", "weights", "open", provider))
    return found


def figures(change: Callable[[Observation], Observation | None], rows: list[Record]) -> list[Record]:
    changed = (change(row) if isinstance(row, Observation) else row for row in rows)
    return [row for row in changed if row is not None]


def only(keep: Callable[[Any], bool], rows: list[Record]) -> list[Record]:
    return [row for row in rows if keep(row)]


def times(factor: str, *metrics: str, every: int = 1) -> Callable[[Observation], Observation]:
    def change(row: Observation) -> Observation:
        hit = row.metric in metrics and int(row.subject[1:]) % every == 0
        return replace(row, value=row.value * Decimal(factor), low=None, high=None) if hit else row

    return change


def swapped(row: Observation) -> Observation:
    other = {"price.input": "price.output", "price.output": "price.input"}
    return replace(row, metric=other[row.metric])


def votes_for_scores(row: Observation) -> Observation:
    return replace(row, value=Decimal(row.n), low=None, high=None) if row.n else row


def reversed_order(row: Observation) -> Observation:
    return replace(row, value=Decimal(2797) - row.value, low=None, high=None) if row.metric == METRIC else row


def more(count: int) -> list[Record]:
    """Further offers of the first provider."""
    return [Observation(f"m{n}", "price.input", Decimal(n), "acme") for n in range(100, 100 + count)]


def thirds() -> list[Record]:
    """The open models of the board."""
    return only(lambda row: int(row.subject[1:]) % 3 == 0 and isinstance(row, Observation), scores())


INPUT, OUTPUT = "price.input", "price.output"

LISTS: dict[str, tuple[list[Record], str]] = {
    "the same again": (offers(), ""),
    "a tenth of the offers gone": (only(lambda r: int(r.subject[1:]) < 36, offers()), ""),
    "half of the offers gone": (only(lambda r: int(r.subject[1:]) < 20, offers()), "shrunken"),
    "a price field renamed": (only(lambda r: getattr(r, "metric", "") != OUTPUT, offers()), "shrunken"),
    "a field of facts renamed": (only(lambda r: not isinstance(r, ModelFact), offers()), "vanished"),
    "a reseller of little weight gone": (
        only(lambda r: r.provider != "dune", [*offers(), *more(200)]),
        "",
    ),
    "a whole provider gone": (only(lambda r: r.provider != "dune", offers()), "vanished"),
    "every price in thousandths": (figures(times("1000", INPUT, OUTPUT), offers()), "slip"),
    "every price a token, not a million": (figures(times("1E-6", INPUT, OUTPUT), offers()), "slip"),
    "one column of prices slipped": (figures(times("1000", OUTPUT), offers()), "slip"),
    "a general sale at half price": (figures(times("0.5", INPUT, OUTPUT), offers()), ""),
    "a single price slipped": (figures(times("1000", INPUT, OUTPUT, every=40), offers()), ""),
    "a third of the prices slipped": (figures(times("1000", INPUT, OUTPUT, every=3), offers()), ""),
    "every price zero": (figures(times("0", INPUT, OUTPUT), offers()), "zero"),
    "every input price zero": (figures(times("0", INPUT), offers()), "zero"),
    "input and output swapped": (figures(swapped, offers()), "swapped"),
}

BOARDS: dict[str, tuple[list[Record], str]] = {
    "the same again": (scores(), ""),
    "every row twice": ([*scores(), *scores()], ""),
    "half of the models gone": (only(lambda r: int(r.subject[1:]) < 15, scores()), "shrunken"),
    "a metric gone": (only(lambda r: getattr(r, "metric", "") != METRIC, scores()), "shrunken"),
    "no open model left, though the rows suffice": (
        [
            *only(lambda r: int(r.subject[1:]) % 3 != 0, scores()),
            *figures(lambda r: replace(r, subject=f"n{r.subject}"), thirds()),
        ],
        "vanished",
    ),
    "shares for percentages, or the like": (figures(times("0.01", METRIC), scores()), "estranged"),
    "votes in the column of ratings": (figures(votes_for_scores, scores()), "estranged"),
    "all scores up by twenty": (
        figures(lambda r: replace(r, value=r.value + 20, low=None, high=None), scores()),
        "",
    ),
    "the order reversed": (figures(reversed_order, scores()), "shuffled"),
    "one metric under the other's name": (
        figures(lambda r: replace(r, metric="lmarena.text.math" if r.metric == METRIC else METRIC), scores()),
        "swapped",
    ),
    "bounds that do not hold the value": (
        figures(lambda r: replace(r, low=r.high, high=r.low), scores()),
        "impossible",
    ),
    "dated next year": (figures(lambda r: replace(r, at=at("2027-01-01")), scores()), "future"),
    "dated tomorrow, where it is tomorrow already": (
        figures(lambda r: replace(r, at=at("2026-06-01")), scores()),
        "",
    ),
    "nothing at all": ([], "empty"),
}


def before(now: list[Record]) -> list[Record]:
    """The list as it was: with the further offers, where there are some now."""
    return [*offers(), *more(len(only(lambda row: int(row.subject[1:]) >= 100, now)))]


@pytest.mark.parametrize(("now", "reason"), LISTS.values(), ids=LISTS.keys())
def test_a_price_list_is_held_for_what_most_of_it_does(now: list[Record], reason: str) -> None:
    said = guards.judge(LIST, now, Snapshot(spans.figures(before(now))), DAY)
    assert said.partition(":")[0] == reason


def short(count: int) -> list[Record]:
    """A lab's own list of a few models."""
    return only(lambda row: int(row.subject[1:]) < count and isinstance(row, Observation), offers())


SHORT: dict[str, tuple[list[Record], list[Record], str]] = {
    "five models, prices swapped": (short(5), figures(swapped, short(5)), "swapped"),
    "five models, one swapped": (short(5), [*figures(swapped, short(1)), *short(5)[2:]], ""),
    "three models, prices swapped": (short(3), figures(swapped, short(3)), ""),
    "five models in cents": (short(5), figures(times("100", INPUT, OUTPUT), short(5)), "slip"),
    "five models at a quarter of the price": (short(5), figures(times("0.25", INPUT, OUTPUT), short(5)), ""),
}


@pytest.mark.parametrize(("then", "now", "reason"), SHORT.values(), ids=SHORT.keys())
def test_a_short_list_is_held_where_all_of_it_is_odd(
    then: list[Record], now: list[Record], reason: str
) -> None:
    said = guards.judge(LIST, now, Snapshot(spans.figures(then)), DAY)
    assert said.partition(":")[0] == reason


SPEEDS: dict[str, tuple[Callable[[int], str], str]] = {
    "as varied as speeds are": (lambda n: str((100 + n) * (1 + n % 3)), ""),
    "milliseconds for seconds": (lambda n: str(1000 * (100 + n)), "slip"),
    "another unit, rounded": (lambda n: f"{(100 + n) / 1000:.2f}", "estranged"),
}


@pytest.mark.parametrize(("figure", "reason"), SPEEDS.values(), ids=SPEEDS.keys())
def test_speeds_are_held_where_their_unit_slipped(figure: Callable[[int], str], reason: str) -> None:
    then = [Observation(f"m{n}", "speed.output", Decimal(100 + n), "acme") for n in range(20)]
    now = [replace(row, value=Decimal(figure(n))) for n, row in enumerate(then)]
    said = guards.judge(replace(BOARD, kind=Kind.SPEED), [*now], Snapshot(spans.figures(then)), DAY)
    assert said.partition(":")[0] == reason


@pytest.mark.parametrize(("now", "reason"), BOARDS.values(), ids=BOARDS.keys())
def test_a_board_is_held_for_what_most_of_it_does(now: list[Record], reason: str) -> None:
    said = guards.judge(BOARD, now, Snapshot(spans.figures(scores()), WEIGHTS), DAY)
    assert said.partition(":")[0] == reason


@pytest.mark.parametrize(("source", "rows"), [(LIST, offers()), (BOARD, scores())], ids=["list", "board"])
def test_a_first_snapshot_has_nothing_to_be_held_against(source: Source, rows: list[Record]) -> None:
    assert guards.judge(source, rows, Snapshot(), DAY) == ""


def test_a_seller_may_take_another_of_its_spellings() -> None:
    def spelled(name: str) -> list[Record]:
        return figures(lambda r: replace(r, provider=name) if r.provider == "dune" else r, offers())

    old, new = (spelled(name) for name in ("vertex_ai-chat-models", "vertex_ai-language-models"))
    assert guards.judge(LIST, new, Snapshot(spans.figures(old)), DAY) == ""


def test_a_new_release_of_a_board_starts_anew() -> None:
    old = figures(lambda r: replace(r, vintage="2025"), scores())
    new = figures(
        lambda r: replace(r, vintage="2026", value=r.value / 20, low=None, high=None), scores()[:15]
    )
    both = only(lambda r: isinstance(r, ModelFact) or r.metric == METRIC, new)
    before = only(lambda r: isinstance(r, ModelFact) or r.metric == METRIC, old)
    assert guards.judge(BOARD, both, Snapshot(spans.figures(before)), DAY) == ""


def test_a_new_release_of_a_board_may_spell_its_models_anew() -> None:
    """LiveBench's releases: the weights of a new spelling are known only once it is stored."""
    old = figures(lambda r: replace(r, vintage="2025"), scores())
    new = figures(lambda r: replace(r, subject=f"n{r.subject}", vintage="2026"), scores())
    boards = [only(lambda r: isinstance(r, Observation), rows) for rows in (old, new)]
    assert guards.judge(BOARD, boards[1], Snapshot(spans.figures(boards[0]), WEIGHTS), DAY) == ""


def test_what_a_run_costs_may_be_measured_anew() -> None:
    """BFCL measured its latencies anew in December 2025: another order, and nothing of a model's score."""
    rows = [Observation(f"m{n}", "bfcl.cost", Decimal(n + 1)) for n in range(20)]
    anew = [replace(row, value=Decimal(7 * n % 20 + 1)) for n, row in enumerate(rows)]
    held = [replace(row, value=row.value * 1000) for row in rows]
    before = Snapshot(spans.figures(rows))
    assert guards.judge(BOARD, list[Record](anew), before, DAY) == ""
    assert guards.judge(BOARD, list[Record](held), before, DAY).startswith("slip")


def test_a_board_that_spells_its_models_anew_has_lost_no_group() -> None:
    """Vectara in July 2024: nobody knows yet which of the new spellings are open."""
    rows = only(lambda r: isinstance(r, Observation), scores())
    anew = [replace(r, subject=f"vendor/{r.subject}") for r in rows if isinstance(r, Observation)]
    assert guards.judge(BOARD, list[Record](anew), Snapshot(spans.figures(rows), WEIGHTS), DAY) == ""


# The recorded web, spoilt

S, F, B, N, U = Outcome.SUSPECT, Outcome.FAILED, Outcome.BLOCKED, Outcome.NEW, Outcome.UNCHANGED
Fault = tuple[str, dict[str, Any]]
WIRE: dict[str, Fault] = {
    "a challenge page": ("html", {}),
    "a sign-in page": ("login", {}),
    "nothing": ("empty", {}),
    "cut short": ("truncate", {"share": 0.5}),
    "half a document that says it is whole": ("truncate", {"share": 0.5, "silent": True}),
    "another charset than it says": ("wrong_charset", {}),
    "compressed twice": ("double_gzip", {}),
}
ROWS: dict[str, Fault] = {
    "half the rows": ("drop_rows", {}),
    "rows twice": ("duplicate_rows", {}),
    "times a thousand": ("scale", {}),
}
PRICES: dict[str, Fault] = {"zero": ("zero_prices", {})}
# source -> (day, its address, what is done to it beside WIRE)
SPOILT: dict[str, tuple[str, str, dict[str, Fault]]] = {
    "lmarena": (
        "2026-04-01",
        "*datasets-server*",
        {
            **ROWS,
            "the open models gone": ("drop_rows", {"match": '"license": "(?!Proprietary)'}),
            "a category gone": ("drop_rows", {"match": '"category": "math"'}),
            "rating renamed": ("rename_field", {"field": "rating", "to": "score"}),
            "licence renamed": ("rename_field", {"field": "license", "to": "licence"}),
            "bounds swapped": ("swap_columns", {"fields": ["rating_lower", "rating_upper"]}),
            "rating and upper bound swapped": ("swap_columns", {"fields": ["rating", "rating_upper"]}),
            "rating and votes swapped": ("swap_columns", {"fields": ["rating", "rank"]}),
        },
    ),
    "livebench": (
        "2026-05-01",
        "*table_*",
        {
            **ROWS,
            "a task renamed": ("rename_field", {"field": "theory_of_mind", "to": "minds"}),
            "names and scores swapped": ("swap_columns", {"fields": ["model", "code_generation"]}),
            "a tenth of it": ("scale", {"factor": 0.01}),
        },
    ),
    "modelsdev": (
        "2026-04-01",
        "*models.dev*",
        {
            **ROWS,
            **PRICES,
            "input renamed": ("rename_field", {"field": "input", "to": "prompt"}),
            "cost renamed": ("rename_field", {"field": "cost", "to": "price"}),
            "weights renamed": ("rename_field", {"field": "open_weights", "to": "weights"}),
            "prices swapped": ("swap_columns", {"fields": ["input", "output"]}),
            "a millionth": ("scale", {"factor": 1e-6, "field": "^(input|output)$"}),
        },
    ),
    "openrouter": (
        "2026-03-25",
        "*openrouter.ai*",
        {
            **ROWS,
            **PRICES,
            "prompt renamed": ("rename_field", {"field": "prompt", "to": "input"}),
            "prices swapped": ("swap_columns", {"fields": ["prompt", "completion"]}),
        },
    ),
    "genai_prices": (
        "2026-04-01",
        "*genai-prices*",
        {
            **ROWS,
            **PRICES,
            "input renamed": ("rename_field", {"field": "input_mtok", "to": "input"}),
            "prices swapped": ("swap_columns", {"fields": ["input_mtok", "output_mtok"]}),
        },
    ),
    "xai_models": (  # the data faults do not reach into HTML, but `rewrite` does
        "2026-03-25",
        "*docs.x.ai*",
        {
            "half the rows": ("rewrite", {"pattern": "<tr((?!<tr).)*grok-[23]((?!<tr).)*</tr>", "to": ""}),
            "no rows": ("rewrite", {"pattern": "<tr.*</tr>", "to": ""}),
            "times a hundred": ("rewrite", {"pattern": r"\$(\d+)\.(\d\d)", "to": r"$\1\2"}),
            "zero": ("rewrite", {"pattern": r"\$[\d.]+", "to": "$0"}),
            "a column renamed": ("rewrite", {"pattern": ">Pricing<", "to": ">Cost<"}),
            "a unit renamed": ("rewrite", {"pattern": "Per million tokens", "to": "Per thousand tokens"}),
        },
    ),
    "openai_deprecations": (
        "2026-03-25",
        "*platform.openai.com*",
        {"a column renamed": ("rewrite", {"pattern": "Shutdown date", "to": "Date"})},
    ),
    "anthropic_news": ("2026-03-25", "*feed_anthropic_news*", {}),
}
CASES = [(source, fault) for source, (_, _, own) in SPOILT.items() for fault in (*WIRE, *own)]
HARMLESS = {"rows twice"}
# Markup in UTF-16 bears a mark that tells its encoding, whatever the header says: it is read as what it is.
MARKED = {
    (source, "another charset than it says")
    for source in ("xai_models", "openai_deprecations", "anthropic_news")
}


@pytest.fixture(scope="module")
def polled(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str, str], tuple[Outcome, str, bool]]]:
    """A function that visits a source, once well and then with a named fault; the good visit is stored."""
    from tracker.collect import passes

    folder = tmp_path_factory.mktemp("spoilt")
    with recorded_web("2026-03-25") as web, pytest.MonkeyPatch.context() as environment:
        for name, value in web.env.items():
            environment.setenv(name, value)
        stored: dict[str, int] = {}

        def spoil(name: str, fault: str) -> tuple[Outcome, str, bool]:
            day, where, own = SPOILT[name]
            now = datetime.fromisoformat(f"{day}T23:00:00").replace(tzinfo=UTC)
            web.set_date(day)
            db: Path = folder / f"{name}.db"
            if name not in stored:
                (report,) = passes.run(Settings(db=db, out=folder, now=now), [name])
                stored[name] = report.rows
            kind, options = {**WIRE, **own}[fault]
            number = web.fault(kind, url=where, **options)
            try:
                with Fetcher(contact="test", clock=lambda: now) as fetcher:
                    found = visit(registry.find().sources[name], World(db, fetcher, now))
                    rows = sum(len(arrival.records) for arrival in found.arrivals)
                    return found.outcome, found.note, rows == stored[name]
            finally:
                web.clear_faults(number)

        yield spoil


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("source", "fault"), CASES, ids=[f"{source}-{fault}" for source, fault in CASES])
def test_no_spoilt_page_is_believed(
    polled: Callable[[str, str], tuple[Outcome, str, bool]], source: str, fault: str
) -> None:
    outcome, note, same = polled(source, fault)
    print(f"{source} | {fault} | {outcome} | {note}")
    if fault in HARMLESS:
        assert outcome in (N, U), note
    elif (source, fault) in MARKED:
        assert (outcome, note, same) == (N, "", True)
    elif fault in ("a challenge page", "a sign-in page"):
        assert outcome is B, note
    else:
        assert outcome in (S, F)
        assert note


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_what_a_pass_holds_is_in_quarantine_until_the_next_good_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tracker.collect import passes

    db, outcomes, held = tmp_path / "gapwatch.db", list[str](), list[list[str]]()
    with recorded_web("2026-05-01") as web:
        for name, value in web.env.items():
            monkeypatch.setenv(name, value)
        for hour, fault in enumerate(("", "drop_rows", "scale", "")):
            number = web.fault(fault, host="models.dev") if fault else None
            now = at(f"2026-05-01T0{hour}:00")
            (report,) = passes.run(Settings(db=db, out=tmp_path, now=now), ["modelsdev"])
            outcomes.append(str(report.outcome))
            with reading.reading(db) as known:
                held.append([row.reason.partition(":")[0] for row in holding.quarantine(known)])
            if number:
                web.clear_faults(number)
    assert outcomes == ["new", "suspect", "suspect", "unchanged"]
    assert held == [[], ["shrunken"], ["shrunken", "slip"], []]
