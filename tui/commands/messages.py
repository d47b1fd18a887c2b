"""What a command says that is no data: on stderr, with the program's name in front."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tui import PROGRAM
from tui.domain import sanitize
from tui.system import streams

NOTHING_USED = "nothing was used {}, as the API says; of what it keeps no longer it may say the same."
"""What is said of a past of which there is no row. How far back the API keeps usage it tells only by refusing."""


def tell(*sentences: str | None) -> None:
    """Write sentences to stderr, if that can be: each on a line of its own, and once; None is nothing to tell.

    They may hold what the API, the user or a file said: nothing in them is acted upon by a terminal.
    """
    for words in dict.fromkeys(filter(None, sentences)):
        streams.warn(f"{PROGRAM}: {sanitize.clean(words)}")


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
