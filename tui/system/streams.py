"""The standard streams in whatever state they were handed over: closed, full, or of a terminal that is gone.

What cannot be written there must change neither the exit status nor what the program does, stdout excepted.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO

from tui import first_frame

_MODES = {"stdin": "r", "stdout": "w", "stderr": "w"}


def open_closed() -> frozenset[str]:
    """Let those that were closed lead nowhere, and return their names.

    Else the next file that is opened takes the place of one, and what is meant for stderr ends in it.
    """
    closed = frozenset(name for name in _MODES if getattr(sys, name) is None)
    for number, (name, mode) in enumerate(_MODES.items()):
        if name in closed:
            try:
                os.fstat(number)
            except OSError:
                nowhere = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
                os.set_inheritable(nowhere, True)  # noqa: FBT003
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115
    return closed


def warn(line: str, *, end: str = "\n") -> None:
    """Write a line to stderr, if that can be: not over the last screen, with which it would be lost."""
    first_frame.give_back()
    try:
        sys.stderr.write(line + end)
        sys.stderr.flush()
    except ValueError:
        pass
    except OSError:
        _drop(sys.stderr)


def finish() -> OSError | None:
    """Write what the streams still hold, drop what cannot be written, and return what went wrong with stdout.

    Python writes it once more on its way out, and ends with a status of its own where that fails.
    """
    problem = None
    for stream in filter(None, (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)):
        try:
            if not stream.closed:
                stream.flush()
        except OSError as error:
            problem = error if stream is sys.stdout else problem
            _drop(stream)
    return problem


def _drop(stream: TextIO) -> None:
    """Let a stream lead nowhere, with what it still holds."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        stream.flush()
