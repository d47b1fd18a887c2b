"""Heartbeats of commands that go on: a small file of each beside the archive, locked by whoever runs the command."""

from __future__ import annotations

import glob
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime
from pathlib import Path

from tui.sources.archive.database import File
from tui.system.heartbeat import heartbeat, is_alive, last_beat


class Heartbeats:
    """Those beside one archive, by the ids of runs; an archive that has no place has none."""

    def __init__(self, file: File) -> None:
        self._file = file

    def beating(self, id_: str, clock: Callable[[], datetime]) -> AbstractContextManager[Callable[[], None]]:
        """Let others see that a run goes on while this lasts, and how long it did when what is given is called."""
        path = self._path(id_)
        return nullcontext(lambda: None) if path is None else heartbeat(path, clock)

    def is_beating(self, id_: str) -> bool:
        """Return whether a run goes on."""
        path = self._path(id_)
        return path is not None and is_alive(path)

    def last(self, id_: str) -> datetime | None:
        """Return when it was last seen that a run went on, None where nobody knows."""
        path = self._path(id_)
        return None if path is None else last_beat(path)

    def forget(self, id_: str) -> None:
        """Remove what is left of a run."""
        path = self._path(id_)
        if path is not None:
            with suppress(OSError):
                path.unlink()

    def forget_all(self) -> None:
        """Remove what is left of runs that go on no longer."""
        pattern = self._path("*")
        for path in () if pattern is None else pattern.parent.glob(glob.escape(self._file.path.name) + ".run-*.lock"):
            if not is_alive(path):
                with suppress(OSError):
                    path.unlink()

    def _path(self, id_: str) -> Path | None:
        return self._file.beside(f"run-{id_}.lock")
