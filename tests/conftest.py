"""What holds for the whole suite: where it gates a change, property tests draw the same examples."""

import os

from hypothesis import settings

settings.register_profile("gate", derandomize=True)
if os.environ.get("CI") == "true":
    settings.load_profile("gate")
