"""Benches: what a check costs, how long it takes, and what the second reader is worth."""
