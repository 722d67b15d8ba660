"""`python -m tracker` is the command `gapwatch`."""

from tracker.cli import main

main()
