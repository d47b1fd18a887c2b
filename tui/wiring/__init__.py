"""The one place where parts are put together. What is slow to load is imported where it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def run(said: Mapping[str, Any]) -> int:
    """Do what the command line said and return the exit status.

    Raises:
        TuiError: with a sentence for the user.
    """
    from tui.wiring import commands

    return commands.run(said)
