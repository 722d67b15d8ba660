"""The back-test: what the detector of events and the forecast would have said, held against what came to be."""
