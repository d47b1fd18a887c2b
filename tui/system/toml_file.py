"""Reads the user's TOML files. Whatever may stand there: it is a table, or a sentence that says what to do."""

from __future__ import annotations

import codecs
import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from tui.domain import sanitize
from tui.errors import BadSettings

_LARGEST = 2**20
_UTF_16_OR_32 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_LONG_NUMBER = re.compile(r"[\d_]{1000,}")


def table(path: Path) -> dict[str, Any] | None:
    """Return what the file says; None where there is none.

    Raises:
        BadSettings: where it cannot be read, or is not TOML.
    """
    name = sanitize.clean(str(path))
    try:
        content = _content(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if isinstance(error, PermissionError) and not _can_be_reached(path):
            return None
        raise BadSettings(f"{name} cannot be read ({error.strerror or error}).") from error
    if content is None:
        raise BadSettings(f"{name} is a pipe, and must be a file.")
    if len(content) > _LARGEST:
        raise BadSettings(f"{name} is larger than a megabyte, which no such file is.")
    words = _text(content, name)
    try:
        return tomllib.loads(words)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{name} is not TOML: {sanitize.clean(str(error))}.") from error
    except RecursionError as error:
        raise BadSettings(f"{name} is not TOML that can be read: its brackets are nested too deeply.") from error
    except ValueError as error:  # Python's, which reads no number of more than 4,300 digits
        long = _LONG_NUMBER.search(words)
        place = f" (at line {words.count(chr(10), 0, long.start()) + 1})" if long else ""
        raise BadSettings(f"{name} holds a number of too many digits{place}.") from error


def _content(path: Path) -> bytes | None:
    """Return what is in the file, or as much as is too much; None for a pipe, which might never end."""
    with os.fdopen(
        os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb"
    ) as file:
        if stat.S_ISFIFO(os.fstat(file.fileno()).st_mode):
            return None
        return file.read(_LARGEST + 1)


def _text(content: bytes, name: str) -> str:
    """Return the text of the bytes: UTF-8, with a byte order mark or without."""
    if content.startswith(_UTF_16_OR_32) or b"\0" in content[:4]:
        raise BadSettings(
            f"{name} is in UTF-16, and TOML is UTF-8.",
            "Save it as UTF-8 in your editor; in PowerShell, write it with Set-Content -Encoding utf8.",
        )
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadSettings(f"{name} is not UTF-8 (at line {line}).", "Save it as UTF-8 in your editor.") from error


def _can_be_reached(path: Path) -> bool:
    """Return whether there is a file, whoever may read it: in the folder of another user nobody knows."""
    try:
        path.lstat()
    except OSError:
        return False
    return True
