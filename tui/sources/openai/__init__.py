"""The admin API of OpenAI: the only package that knows httpx."""

from __future__ import annotations

import sys
from types import ModuleType


def _no_command_line() -> None:
    """Stand for the command line of httpx, which is loaded wherever click and rich are, with all that colours it."""


_module = ModuleType("httpx._main")
_module.__dict__["main"] = _no_command_line
sys.modules.setdefault(_module.__name__, _module)
