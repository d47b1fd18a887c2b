"""Files that the user asks for, in the current folder."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from tui.errors import BadSettings
from tui.system import files

_MORE = ("", *(f"-{number}" for number in range(2, 1_000)))
"""What is put behind a name that is taken."""


def saved(clock: Callable[[], datetime]) -> Callable[[str, str], str]:
    """Return what writes files into the current folder, named by the UTC time, and never over another one."""

    def save(ending: str, content: str) -> str:
        name = f"oai-usage-{clock():%Y%m%dT%H%M%SZ}"
        try:
            for path in (Path.cwd() / f"{name}{more}{ending}" for more in _MORE):
                with suppress(FileExistsError):
                    files.create(path, content.encode("utf-8", "replace"))
                    return str(path)
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        except OSError as error:
            raise BadSettings(f"{name}{ending} cannot be written here ({error.strerror or error}).") from error

    return save
