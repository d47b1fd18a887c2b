"""Bounds of what can be asked for; in a module that loads nothing, since `--help` tells of them."""

MAX_DAYS = 365
"""Whole days before today that can be asked for."""

LEAST_LIVE, DEFAULT_LIVE, MOST_LIVE = 15, 60, 86_400
"""Seconds between two refreshes of a live dashboard."""
