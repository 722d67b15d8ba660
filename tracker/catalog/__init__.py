"""Identity: which model a spelling means, what its weights and licence are, what a metric measures."""
