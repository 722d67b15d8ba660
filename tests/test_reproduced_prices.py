"""Published price trends, computed again from the data that they were published with.

The tables lie beside the project in ../shared/corpus/epoch_prices (Epoch AI, CC BY), the price list of the
time in the recorded web; what needs either skips without it. docs/reproduced.md tells what comes out.
"""

from __future__ import annotations

import csv
import json
import statistics
from datetime import UTC, date, datetime
from decimal import Decimal
from math import log10
from pathlib import Path

import pytest

from tests.support.record import LITELLM, open_library
from tracker.trends.price import blended, times
from tracker.trends.price_fall import Fall, Sold, ever_cheaper, fall, reaching, thresholds

TABLES = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "epoch_prices"
PRICED = ("aa_data_with_math5.csv", "epoch_ai_price_data_not_in_aa_with_benchmarks.csv")
REASONING = ("o1", "o1-mini", "o1-preview", "o3-mini", "DeepSeek-R1")
ARENA = "LMSys Chatbot Arena ELO"
# Below these a threshold is near guessing; that of MATH 5 is not told, and lies between 15 and 23 there.
LEAST = {"MMLU": 30, "GPQA Diamond": 30, "MATH 5": 20}
SPELT = {"GPT-3 175B (davinci)": "GPT-3"}

needs_tables = pytest.mark.skipif(not TABLES.is_dir(), reason="Epoch's tables are not beside this checkout")


def table(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sold(bench: str) -> list[Sold]:
    """What is priced and scored on a benchmark, without reasoning models."""
    rows = [row for name in PRICED for row in table(name) if row[bench] and row["USD per 1M Tokens"]]
    return [
        Sold(
            date.fromisoformat(row["Release Date"]),
            Decimal(row["USD per 1M Tokens"]),
            Decimal(row[bench]),
            row["Model Name"],
        )
        for row in rows
        if row["Model Name"] not in REASONING
    ]


def falls() -> dict[tuple[str, str], Fall]:
    """The fall of every benchmark at every threshold that has one, as Epoch walks them."""
    found: dict[tuple[str, str], Fall] = {}
    for bench in dict.fromkeys(row["bench"] for row in table("lowest_price_models_results.csv")):
        rows = sold(bench)
        for one in thresholds(rows, Decimal(LEAST.get(bench, 0))):
            fit = reaching(rows, one.score, None if bench == ARENA else Decimal(100))
            if line := fall(ever_cheaper(fit)):
                found[bench, SPELT.get(one.model, one.model)] = line
    return found


@needs_tables
def test_epochs_table_of_price_trends_comes_out_row_by_row() -> None:
    """Factor, interval, n, dates and R squared of all 21 rows, and no row more."""
    ours, published = falls(), table("lowest_price_models_results.csv")
    assert len(published) == 21
    assert ours.keys() == {(row["bench"], row["threshold_model"]) for row in published}
    for row in published:
        line = ours[row["bench"], row["threshold_model"]]
        low, high = json.loads(row["price_reduction_factor_per_year_90_ci"])
        assert line.factor == pytest.approx(float(row["price_reduction_factor_per_year"]), rel=1e-6)
        assert line.low == pytest.approx(low, rel=1e-3)
        assert line.high == pytest.approx(high, rel=1e-3)
        assert str(line.n) == row["sample_size"]
        assert (line.first.isoformat(), line.last.isoformat()) == (row["start_date"], row["end_date"])
        assert line.r_squared == pytest.approx(float(row["r_squared"]), abs=0.006)


@needs_tables
def test_the_factors_range_from_9_to_850_and_short_spans_inflate_them() -> None:
    lines = list(falls().values())
    factors = [line.factor for line in lines]
    assert round(min(factors), 2) == 9.24
    assert round(statistics.median(factors), 1) == 46.2
    assert round(max(factors), 1) == 851.2
    spans = [line.span_days for line in lines]
    assert round(statistics.correlation(spans, [log10(factor) for factor in factors]), 2) == -0.81


@needs_tables
def test_the_kept_rows_of_every_walk_are_epochs() -> None:
    published: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in table("lowest_price_models_data.csv"):
        at = published.setdefault((row["bench"], row["threshold_model"]), [])
        at.append((row["Release Date"], row["USD per 1M Tokens"]))
    for (bench, model), rows in published.items():
        scored = sold(bench)
        (score,) = {one.score for one in thresholds(scored) if SPELT.get(one.model, one.model) == model}
        kept = ever_cheaper(reaching(scored, score, None if bench == ARENA else Decimal(100)))
        assert [(one.day.isoformat(), float(one.price)) for one in kept] == [(d, float(p)) for d, p in rows]


@needs_tables
def test_the_level_of_gpt_35_fell_286_fold_in_two_years() -> None:
    kept = ever_cheaper(reaching(sold("MMLU"), Decimal("64.8")))
    ends = [(str(one.day)[:7], one.price) for one in (kept[0], kept[-1])]
    assert ends == [("2022-11", 20), ("2024-10", Decimal("0.07"))]
    assert round(times(kept[0].price, kept[-1].price) or 0) == 286


@needs_tables
def test_the_level_of_gpt_4_fell_62_fold_in_20_months() -> None:
    """MMLU >= 83 by November 2024, GPT-4 at the plain mean of its two prices as a16z has it."""
    listed = Sold(date(2023, 3, 14), mean("gpt-4-0314", "2023-12-31"), Decimal(86), "GPT-4-0314")
    rows = [one for one in sold("MMLU") if one.model != listed.model and one.day < date(2024, 11, 12)]
    kept = ever_cheaper(reaching([listed, *rows], Decimal(83)))
    assert [(one.model, one.price) for one in (kept[0], kept[-1])] == [
        ("GPT-4-0314", 45),
        ("Llama-3.1-Instruct-70B", Decimal("0.72")),
    ]
    assert times(kept[0].price, kept[-1].price) == 62.5


@needs_tables
def test_the_level_of_gpt_3_fell_from_60_dollars_to_6_cents_in_three_years() -> None:
    """MMLU >= 42: the last price is Groq's for Llama 3.2 3B, in the record since 22 November 2024."""
    (score,) = (one.score for one in sold("MMLU") if one.model == "Llama-3.2-Instruct-3B")
    listed = Sold(date(2024, 11, 22), mean("groq/llama-3.2-3b-preview", "2024-11-23"), score)
    kept = ever_cheaper(reaching([*sold("MMLU"), listed], Decimal(42)))
    first, last = kept[0], kept[-1]
    assert [first.price, last.price] == [60, Decimal("0.06")]
    assert round((last.day - first.day).days / 365, 1) == 3.0


def mean(model: str, on: str) -> Decimal:
    """The plain mean of what LiteLLM's list says of a model on a day, in dollars per million tokens."""
    at = datetime.fromisoformat(on).replace(tzinfo=UTC)
    listed = json.loads(open_library().page(LITELLM, at, {}).body, parse_float=Decimal)[model]
    read, written = (Decimal(listed[f"{part}_cost_per_token"]) * 10**6 for part in ("input", "output"))
    return blended(read, written, (1, 1))
