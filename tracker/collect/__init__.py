"""From a watched place to checked records: find sources, fetch, guard, and the story of one pass."""
