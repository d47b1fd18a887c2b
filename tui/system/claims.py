"""A file of what was done already, so that of several processes one does it, and none again after a restart."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from tui.system import files
from tui.system.locks import locked

_PATIENCE = 5.0
"""Seconds to wait for another process that claims."""

_MOST = 500
"""So many of the newest are kept: a day has a few."""


class Claims:
    """Keeps names in a file that only this user can read. Where it cannot be used, everything is new."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def claim(self, name: str, undone: str = "") -> bool:
        """Return whether nobody has claimed this name yet, and claim it; `undone` may be claimed again then."""
        with locked(self._path, _PATIENCE):
            known = self._known()
            is_new = name not in known
            if is_new or undone in known:
                kept = [each for each in known if each not in {name, undone}] + [name]
                with contextlib.suppress(OSError):
                    files.keep(self._path, msgspec.json.encode(kept[-_MOST:]))
            return is_new

    def release(self, name: str) -> None:
        """Let this name be claimed again: what it stands for was not done."""
        with locked(self._path, _PATIENCE), contextlib.suppress(OSError):
            known = self._known()
            if name in known:
                files.keep(self._path, msgspec.json.encode([each for each in known if each != name]))

    def _known(self) -> list[str]:
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
            return msgspec.json.decode(self._path.read_bytes(), type=list[str])
        return []
