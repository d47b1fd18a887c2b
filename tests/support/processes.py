"""The processes of this machine, as /proc shows them: `ps` is not everywhere."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import pytest

PROC = Path("/proc")
PATIENCE = 15.0


def _needs_proc() -> None:
    if not (PROC / "self" / "stat").exists():
        pytest.skip("there is no /proc here")


def _stat(pid: int | str) -> list[str]:
    """The fields of a process from its state on; none where there is no such process."""
    with contextlib.suppress(OSError):
        return (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    return []


def is_running(pid: int) -> bool:
    """Whether it runs, or is stopped; one that nobody has waited for is over."""
    _needs_proc()
    fields = _stat(pid)
    return bool(fields) and fields[0] not in {"Z", "X"}


def children(pid: int) -> list[int]:
    """Those whose parent this is, the oldest first."""
    _needs_proc()
    found = [int(path.name) for path in PROC.iterdir() if path.name.isdigit()]
    return sorted(each for each in found if (fields := _stat(each)) and fields[1] == str(pid))


def arguments(pid: int | str = "[0-9]*") -> bytes:
    """The words of the command lines that anybody on this machine can see: of one, or of all."""
    _needs_proc()
    found = b""
    for path in PROC.glob(f"{pid}/cmdline"):
        with contextlib.suppress(OSError):
            found += path.read_bytes().replace(b"\0", b" ") + b"\n"
    return found


def eventually(holds: Callable[[], object]) -> bool:
    """Whether this holds before long."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
