"""A file that says that a process goes on: locked while it does, with the time of its last beat in it."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

_EVERY = 30.0
"""Seconds between two beats, at least."""

_DIGITS = 20


@contextlib.contextmanager
def heartbeat(path: Path, clock: Callable[[], datetime]) -> Iterator[Callable[[], None]]:
    """Let others see that we go on while this lasts; call what is given now and then."""
    with contextlib.ExitStack() as stack:
        file = None
        with contextlib.suppress(OSError, ImportError):
            import fcntl

            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            file = stack.enter_context(path.open("r+b"))
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        due = time.monotonic()

        def beat() -> None:
            nonlocal due
            if file is not None and time.monotonic() >= due:
                due = time.monotonic() + _EVERY
                with contextlib.suppress(OSError):  # the disk is full
                    os.pwrite(file.fileno(), f"{int(clock().timestamp()):0{_DIGITS}}".encode(), 0)

        beat()
        yield beat


def is_alive(path: Path) -> bool:
    """Return whether the process of this file goes on."""
    with contextlib.suppress(OSError, ImportError):
        import fcntl

        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            except OSError:  # no locks here, as on some network homes: it gave a beat lately, or it is gone
                return time.time() - path.stat().st_mtime < 3 * _EVERY
    return False


def last_beat(path: Path) -> datetime | None:
    """Return when the process of this file gave its last beat; None where nobody knows."""
    with contextlib.suppress(OSError, ValueError, OverflowError):
        return datetime.fromtimestamp(int(path.read_bytes()), UTC)
    return None
