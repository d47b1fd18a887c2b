"""A file of what was done already, so that of several processes one does it, and none again after a restart."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from tui.system import files

_MOST = 500
"""So many of the newest are kept: a day has a few."""


class Claims:
    """Keeps names in a file that only this user can read. Where it cannot be used, everything is new."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def claim(self, name: str, undone: str = "") -> bool:
        """Return whether nobody has claimed this name yet, and claim it; `undone` may be claimed again then."""
        with self._locked():
            known = self._known()
            is_new = name not in known
            if is_new or undone in known:
                kept = [each for each in known if each not in {name, undone}] + [name]
                with contextlib.suppress(OSError):
                    files.keep(self._path, msgspec.json.encode(kept[-_MOST:]))
            return is_new

    def _known(self) -> list[str]:
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
            return msgspec.json.decode(self._path.read_bytes(), type=list[str])
        return []

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process at a time look and claim; where there are no locks, none waits."""
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError, ImportError):
                import fcntl

                self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                lock = stack.enter_context(self._path.with_suffix(".lock").open("w"))
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
