"""The question of `gapwatch price --at-least`, asked of the same database with the standard library alone.

No doubt, no dated price, no tie: the least blended price of each model that reaches the level, now, or of all
of them at every time that a price moved.

python bench/bare_price.py FILE now|series
"""

import json
import sqlite3
import sys

LEVEL = 1150
REACHING = """
SELECT s.subject FROM series s JOIN point p ON p.series = s.id AND p.at = (SELECT max(at) FROM point)
WHERE s.metric = 'lmarena.text.overall' AND CAST(p.value AS REAL) >= ?
"""
OFFERS = """
SELECT s.subject, s.provider, s.metric, p.at, CAST(p.value AS REAL) FROM series s JOIN point p
ON p.series = s.id WHERE s.metric IN ('price.input', 'price.output') AND s.condition = ''
"""
LATEST = " AND p.at = (SELECT max(at) FROM point WHERE series = s.id)"

connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
reaching = {row[0] for row in connection.execute(REACHING, (LEVEL,))}
now = sys.argv[2] == "now"
prices: dict[tuple[str, str], list[float]] = {}
told: list[tuple[str, float]] = []
moment = ""
for model, host, metric, at, value in connection.execute(OFFERS + (LATEST if now else " ORDER BY p.at")):
    if model not in reaching:
        continue
    if moment and at != moment:
        told.append((moment, min((3 * a + b) / 4 for a, b in prices.values())))
    moment = at
    prices.setdefault((model, host), [0.0, 0.0])[metric == "price.output"] = value
least: dict[str, float] = {}
for (model, _), (price_in, price_out) in prices.items():
    least[model] = min(least.get(model, 1e9), (3 * price_in + price_out) / 4)
print(json.dumps(sorted(least.items(), key=lambda one: one[1]) if now else told))
