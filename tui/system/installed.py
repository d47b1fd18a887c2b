"""How this program is installed, as far as that decides how another package gets beside it."""

from __future__ import annotations

import shlex
import sys
from itertools import pairwise
from pathlib import PurePath


def how_to_add(package: str, prefix: str = sys.prefix, python: str = sys.executable) -> str:
    """Return the command that puts a package into the environment that this program runs in.

    pipx and uv have folders of their own for it, and what uv makes has no pip. It names the package itself, and no
    extra of this program: that would be looked for where the program may not have come from.
    """
    folders = [part.lower() for part in PurePath(prefix).parts]
    pairs = {*pairwise(folders)}
    if ("pipx", "venvs") in pairs:
        return f"pipx inject {shlex.quote(PurePath(prefix).name)} {shlex.quote(package)}"
    if ("uv", "tools") in pairs:
        return f"uv pip install --python {shlex.quote(python)} {shlex.quote(package)}"
    if "uv" in folders:  # its cache: uvx, which makes another environment the next time
        return f"uvx --with {shlex.quote(package)} and the rest as you said it"
    return f"{shlex.quote(python)} -m pip install {shlex.quote(package)}"
