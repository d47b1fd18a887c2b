"""What a command says that is no data: on stderr, with the program's name in front."""

from __future__ import annotations

import sys

from tui import PROGRAM


def tell(words: str) -> None:
    """Write one line to stderr."""
    sys.stderr.write(f"{PROGRAM}: {words}\n")
