"""The charts as they were last drawn, so that the next start shows them at once: a small file that may be lost."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from tui import __version__, files

_FORMAT = f"1 of {__version__}"
"""Another number wherever charts are drawn in another way."""

_LARGEST = 2**20


class _File(msgspec.Struct):
    format: str
    drawn: dict[str, str]


def load(path: Path) -> dict[str, str]:
    """Return what was drawn by this version of the program; where that cannot be read, nothing was."""
    with suppress(OSError, msgspec.MsgspecError, UnicodeError, RecursionError):
        if path.stat().st_size <= _LARGEST:
            file = msgspec.json.decode(path.read_bytes(), type=_File)
            return file.drawn if file.format == _FORMAT else {}
    return {}


def save(path: Path, drawn: Mapping[str, str]) -> None:
    """Keep what was drawn, for this user only; where it cannot be written, it is not."""
    with suppress(OSError, UnicodeError):
        files.keep(path, msgspec.json.encode(_File(_FORMAT, dict(drawn))))
