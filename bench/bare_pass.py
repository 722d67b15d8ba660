"""The least that a pass over unchanged places can be: httpx asks for every known page, one after another.

python bench/bare_pass.py FILE
"""

import sqlite3
import sys

import httpx

pages = sqlite3.connect(sys.argv[1]).execute("SELECT url, etag FROM page").fetchall()
with httpx.Client() as client:
    codes = [client.get(url, headers={"If-None-Match": etag}).status_code for url, etag in pages]
print(len(pages), "pages,", codes.count(304), "unchanged")
