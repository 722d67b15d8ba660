"""The back-test: what events and forecasts would have been told, held against what came to be."""
