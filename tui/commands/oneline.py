"""`oai-usage-tui pools --oneline`: for prompts and status lines that are redrawn all the time.

What was read is kept in a small file for `max_age` seconds, and a lock lets one process ask while others wait for
what it finds, so that the API is asked once, however many prompts are open. A failure is kept as well. Nothing is
kept beyond the reset.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from tui.commands.messages import tell
from tui.domain import sanitize
from tui.errors import PARTIAL, TuiError
from tui.system import files
from tui.system.locks import locked

MAX_AGE = 60
"""Seconds for which what was read is good enough, when nothing else is said."""

_PATIENCE = 10.0
"""Seconds to wait for another process that asks; then this one asks for itself."""


@dataclass(frozen=True, slots=True)
class Brief:
    """The pools on one line, until when that is about today, and what is missing from it, if anything is."""

    line: str
    reset: datetime
    missing: str = ""


class Entry(msgspec.Struct, frozen=True):
    """What is kept: the time, how the command ends, what it says on stderr, and the line, with its reset."""

    at: float
    status: int
    problem: str
    line: str | None = None
    reset: float | None = None

    def is_good(self, now: datetime, max_age: int) -> bool:
        """Return whether it is young enough, and of today."""
        return 0 <= now.timestamp() - self.at < max_age and (self.reset is None or now.timestamp() < self.reset)


def line(read: Callable[[], Brief], kept_in: Path | None, clock: Callable[[], datetime], max_age: int) -> int:
    """Print one line and return the exit status. `kept_in` is the file, None to keep nothing."""
    with contextlib.nullcontext() if kept_in is None else locked(kept_in, _PATIENCE):
        entry = _kept(kept_in)
        if entry is None or not entry.is_good(clock(), max_age):
            entry = _asked(read, clock)
            _keep(kept_in, entry)
    if entry.line is not None:
        sys.stdout.write(sanitize.clean(entry.line) + "\n")
    if entry.status:
        tell(entry.problem)
    return entry.status


def _asked(read: Callable[[], Brief], clock: Callable[[], datetime]) -> Entry:
    try:
        brief = read()
    except TuiError as error:
        return Entry(clock().timestamp(), error.exit_status, error.sentence)
    status = PARTIAL if brief.missing else 0
    return Entry(clock().timestamp(), status, brief.missing, brief.line, brief.reset.timestamp())


def _kept(path: Path | None) -> Entry | None:
    """Return what the file holds, if that makes sense."""
    with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
        return None if path is None else msgspec.json.decode(path.read_bytes(), type=Entry)
    return None


_OLD = 7 * 86_400.0
"""Seconds after which what was kept for other settings is not asked for any more."""


def _files(folder: Path) -> Iterator[Path]:
    """Yield what is kept in this folder, with its locks."""
    for pattern in ("pools-*.json", "pools-*.lock"):
        yield from folder.glob(pattern)


def forget(folder: Path | None, before: float | None = None) -> bool:
    """Take away what is kept, or only what was kept before this time, and return whether there was any.

    Who holds one of the locks goes on; at worst the API is asked twice.
    """
    is_any = False
    for path in () if folder is None else _files(folder):
        with contextlib.suppress(OSError):
            if before is None or path.stat().st_mtime < before:
                path.unlink()
                is_any = True
    return is_any


def _keep(path: Path | None, entry: Entry) -> None:
    """Keep what was found; without a place to write to, nothing is kept."""
    if path is not None:
        with contextlib.suppress(OSError):
            files.keep(path, msgspec.json.encode(entry))
        forget(
            path.parent, before=entry.at - _OLD
        )  # each change of the settings, or of the form, begins another file
