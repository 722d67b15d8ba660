"""Pure functions from figures to trends: frontier, gap, lag, events, changes. No input, no output."""
