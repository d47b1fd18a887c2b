"""`oai-usage-tui pools --oneline`: for prompts and status lines that are redrawn all the time.

What was read is kept in a small file for `max_age` seconds, and a lock lets one process ask while others wait for
what it finds, so that the API is asked once, however many prompts are open. A failure is kept as well. Nothing is
kept beyond the reset.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from tui import files
from tui.commands.narration import tell
from tui.errors import PARTIAL, TuiError
from tui.report.pools import instant, missing, oneline

MAX_AGE = 60
"""Seconds for which what was read is good enough, when nothing else is said."""

_PATIENCE = 10.0
"""Seconds to wait for another process that asks; then this one asks for itself."""

Read = Callable[[], tuple[dict[str, Any], bool]]
Entry = dict[str, Any]


def line(read: Read, kept_in: Path | None, clock: Callable[[], datetime], max_age: int) -> int:
    """Print one line and return the exit status.

    `read` returns the pools' document and whether nothing of it is missing. `kept_in` is the file, None to keep
    nothing.
    """
    with _locked(kept_in):
        entry = _kept(kept_in, clock(), max_age)
        if entry is None:
            entry = _asked(read, clock)
            _keep(kept_in, entry)
    if "document" in entry:
        sys.stdout.write(oneline(entry["document"]) + "\n")
    if entry["status"]:
        tell(entry["problem"])
    return int(entry["status"])


def _asked(read: Read, clock: Callable[[], datetime]) -> Entry:
    try:
        document, complete = read()
    except TuiError as error:
        return {"at": clock().timestamp(), "status": error.exit_status, "problem": error.sentence}
    problem = "" if complete else missing(document.get("left_out", 0))
    return {"at": clock().timestamp(), "status": 0 if complete else PARTIAL, "problem": problem, "document": document}


def _kept(path: Path | None, now: datetime, max_age: int) -> Entry | None:
    """Return what the file holds, if it is young enough, of today, and makes sense."""
    if path is None:
        return None
    try:
        entry = json.loads(path.read_bytes())
        age = now.timestamp() - entry["at"]
        document = entry.get("document")
        is_of_today = document is None or (bool(oneline(document)) and (instant(now) or "") < document["resets_at"])
        makes_sense = is_of_today and isinstance(entry["status"], int) and isinstance(entry["problem"], str)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return entry if makes_sense and 0 <= age < max_age else None


def _keep(path: Path | None, entry: Entry) -> None:
    """Keep what was found; without a place to write to, nothing is kept."""
    if path is None:
        return
    with contextlib.suppress(OSError):
        files.keep(path, json.dumps(entry).encode())


@contextlib.contextmanager
def _locked(path: Path | None) -> Iterator[None]:
    """Let one process at a time ask. Where there are no locks, or one is held too long, each asks for itself."""
    with contextlib.ExitStack() as stack:
        if path is not None:
            with contextlib.suppress(OSError, ImportError):
                import fcntl

                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                lock = stack.enter_context(path.with_suffix(".lock").open("w"))
                deadline = time.monotonic() + _PATIENCE
                while not _try(lambda: fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)):
                    if time.monotonic() > deadline:
                        break
                    time.sleep(0.05)
        yield


def _try(lock: Callable[[], None]) -> bool:
    try:
        lock()
    except BlockingIOError:
        return False
    return True
