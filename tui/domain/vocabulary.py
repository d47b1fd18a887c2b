"""Names and bounds that the command line needs, in a room that costs nothing to enter: `--help` is read often."""

from __future__ import annotations

MAX_DAYS = 365
"""Whole days before today that can be asked for."""

DIMENSION_NAMES = ("model", "pool", "project", "user", "key", "tier", "batch")
"""What lines can be broken down by, see `domain.grouping`."""

MOST_DIMENSIONS = 2
"""How many of them at once."""

KIND_NAMES = (
    "completions",
    "embeddings",
    "moderations",
    "images",
    "audio_speeches",
    "audio_transcriptions",
    "vector_stores",
    "code_interpreter_sessions",
    "file_search_calls",
    "web_search_calls",
)
"""Kinds of usage, see `domain.kinds`."""
