"""Run one command and print what it took, as JSON: a process of its own, since the memory of a process
that starts others counts in theirs.

python -IS bench/measure.py COMMAND...
"""

import json
import os
import sys
import time

out, said = os.pipe()
started = time.perf_counter()
child = os.posix_spawn(
    sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, said, 1)], setpgroup=0
)
os.close(said)
with open(out, encoding="utf-8") as answer:
    text = answer.read()
_, status, used = os.wait4(child, 0)
wall = time.perf_counter() - started
print(
    json.dumps(
        {
            "wall": wall,
            "cpu": used.ru_utime + used.ru_stime,
            "memory": used.ru_maxrss / 1024,
            "code": os.waitstatus_to_exitcode(status),
            "said": text,
        }
    )
)
