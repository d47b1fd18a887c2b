"""Facts with a date and a source."""

from pathlib import Path


def path(name: str) -> Path:
    """Return where a file of facts is; that needs no module that is slow to load."""
    return Path(__file__).with_name(name)
