"""A lock that processes of one user share, beside the file that it is about."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

_BEAT = 0.05
"""Seconds between two tries."""


@contextlib.contextmanager
def locked(path: Path, patience: float) -> Iterator[None]:
    """Let one process at a time do what follows; where there are no locks, or one is held too long, each does it."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError, ImportError):
            import fcntl

            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = stack.enter_context(path.with_suffix(".lock").open("w"))
            deadline = time.monotonic() + patience
            while time.monotonic() < deadline:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                time.sleep(_BEAT)
        yield
