"""What a command says that is no data: on stderr, with the program's name in front."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tui import PROGRAM
from tui.system import streams


def tell(words: str) -> None:
    """Write one line to stderr, if that can be."""
    streams.warn(f"{PROGRAM}: {words}")


def of_long_waits() -> Callable[[str], None] | None:
    """Return what tells a person, once a host, that it is waited for; None where nobody looks at stderr."""
    if not sys.stderr.isatty():
        return None
    told: set[str] = set()

    def tell_once(host: str) -> None:
        if host not in told:
            told.add(host)
            tell(f"waiting for {host}. Ctrl+C ends it.")

    return tell_once
