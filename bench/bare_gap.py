"""The question of `gapwatch gap`, asked of the same database with nothing but the standard library.

python bench/bare_gap.py FILE
"""

import json
import sqlite3
import sys

QUESTION = """
SELECT k.id, k.task, g.date, o.name, g.open_value, m.name, g.closed_value, g.difference, g.percent,
       g.win_probability, g.lag_strict,
       g.difference - (SELECT h.difference FROM gap h WHERE h.metric = g.metric AND h.licence_class = 'any'
                       AND h.date <= date(g.date, '-91 days') ORDER BY h.date DESC LIMIT 1),
       g.difference - (SELECT h.difference FROM gap h WHERE h.metric = g.metric AND h.licence_class = 'any'
                       AND h.date <= date(g.date, '-365 days') ORDER BY h.date DESC LIMIT 1),
       (SELECT min(h.date) FROM gap h WHERE h.metric = g.metric AND h.licence_class = 'any')
FROM metric k
JOIN gap g ON g.metric = k.id AND g.licence_class = 'any' AND g.date =
     (SELECT max(date) FROM gap WHERE metric = k.id AND licence_class = 'any')
LEFT JOIN model o ON o.id = g.open_model LEFT JOIN model m ON m.id = g.closed_model
"""

connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
print(json.dumps(connection.execute(QUESTION).fetchall()))
