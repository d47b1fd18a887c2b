"""Numbers that settings and flags share, without anything that is slow to load."""

from __future__ import annotations

DEFAULT_DAYS = 14
"""Whole days before today."""

LEAST, USUAL, MOST = 15, 60, 86_400
"""Seconds between two refreshes of a live dashboard."""

THEMES = ("dark", "light", "ansi")
"""The program's own themes; there are others."""
