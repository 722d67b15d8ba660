"""The least that reading a git history takes: cat-file for every blob, tomllib for the distinct.

python bench/bare_history.py REPOSITORY PATHSPEC...
"""

from __future__ import annotations

import subprocess
import sys
import tomllib


def main(folder: str, *paths: str) -> None:
    """Read and parse; nothing is stored."""
    log = ["git", "-C", folder, "log", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames"]
    said = subprocess.run(
        [*log, "--format=", "HEAD", "--", *paths], capture_output=True, text=True, check=True
    )
    names = [line.split(" ")[3] for line in said.stdout.splitlines() if line.startswith(":")]
    asked = "".join(f"{name}\n" for name in names if int(name, 16)).encode()
    batch = ["git", "-C", folder, "cat-file", "--batch", "--buffer"]
    contents = subprocess.run(batch, input=asked, capture_output=True, check=True).stdout
    seen: set[bytes] = set()
    place = 0
    while place < len(contents):
        end = contents.index(b"\n", place)
        name, _, size = contents[place:end].split()
        body = contents[end + 1 : end + 1 + int(size)]
        place = end + 2 + int(size)
        if name not in seen:
            seen.add(name)
            try:
                tomllib.loads(body.decode())
            except ValueError:
                continue
    print(len(seen))


main(*sys.argv[1:])
