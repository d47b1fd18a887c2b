"""What a command says that is no data: on stderr, with the program's name in front."""

from __future__ import annotations

from tui import PROGRAM
from tui.system import streams


def tell(words: str) -> None:
    """Write one line to stderr, if that can be."""
    streams.warn(f"{PROGRAM}: {words}")
