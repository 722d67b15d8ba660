"""`make backtest`: writes docs/backtest.md from the recorded histories and the simulated boards."""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.backtest import boards, foretold, record, recorded, simulated, truth
from bench.backtest.table import table

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "backtest.md"
TEXT = Path(__file__).with_name("page.md")


def page(folder: Path) -> str:
    """The whole document. The record is read by processes of its own while boards are simulated."""
    with ThreadPoolExecutor() as aside:
        official, kept = aside.submit(record.official, folder), aside.submit(record.kept, folder)
        parts = _simulated(folder)
        parts |= _recorded(official.result()) | _kept(kept.result())
    text = TEXT.read_text(encoding="utf-8")
    for name, part in parts.items():
        text = text.replace(f"[{name}]", part)
    return text


def _simulated(folder: Path) -> dict[str, str]:
    tried, differ = simulated.through_store(folder)
    return {
        "SETTING": simulated.setting(),
        "WORLDS": simulated.worlds(),
        "PLAIN": simulated.rules(),
        "POWER": simulated.power(),
        "STORED": f"{tried} boards through a real database, {differ} of them with other events",
    }


def _recorded(db: Path) -> dict[str, str]:
    every = boards.read(db)
    told, unlike, untold = recorded.contradictions(every, boards.stored(db))
    return {
        "TRUTH": str(truth.__doc__).partition("\n\n")[2].partition("\n\n")[2].strip(),
        "RULES": recorded.rules(every),
        "SIZES": recorded.sizes(every),
        "DELAYS": recorded.delays(every),
        "YEARS": recorded.years(every),
        "WRONG": recorded.wrong(every),
        "CONTRARY": str(recorded.contrary(every)),
        "STANDINGS": table(("standing", "events"), sorted(recorded.standings(every).items())),
        "REPLAYED": f"{told} events told, {unlike} not stored so, {untold} stored but never told",
        "NAMED": recorded.named(every[recorded.OVERALL]),
        "FORECASTS": foretold.scores(db),
    }


def _kept(db: Path) -> dict[str, str]:
    every = boards.read(db)
    return {"KEPT": f"{recorded.rules(every)}\n\n{recorded.named(every[recorded.OVERALL])}"}


def main() -> int:
    """Write the document; 1 where the record is not there."""
    if not record.is_there():
        print(
            "The recorded web and histories are not beside this folder: nothing to test on.", file=sys.stderr
        )
        return 1
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(page(Path(folder)), encoding="utf-8")
    print(PAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
