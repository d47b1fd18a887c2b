"""Asks the terminal what it knows (DECRQM) and how it draws (DSR 6), and leaves no trace of that."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time
from contextlib import suppress

SYNCHRONISED = 2026
KNOWN = {1, 2, 3}
"""The answers that mean that the terminal has the mode: on, off, always on."""

PATIENCE = 0.3
"""Seconds. What comes later is taken away with the rest of the input, or shown by the shell."""


def mode(number: int) -> int | None:
    """Return what the terminal answers of a mode, None where it does not, or cannot be asked."""
    answer = _asked(f"\x1b[?{number}$p", rb"\x1b\[\?%d;(\d)\$y" % number)
    return None if answer is None else int(answer)


def cells_of(words: str) -> int | None:
    """Return in how many cells the terminal draws these words, which are not seen; None where it does not tell."""
    answer = _asked(f"\r\x1b[8m{words}\x1b[m\x1b[6n\r\x1b[K", rb"\x1b\[\d+;(\d+)R")
    return None if answer is None else int(answer) - 1


def _asked(question: str, pattern: bytes) -> bytes | None:
    """Return the part of the terminal's answer that the pattern is after.

    Both stdin and stderr must be terminals. The line is set back as it was, whatever happens meanwhile.
    """
    try:
        import termios
        import tty
    except ImportError:  # a platform that has no such terminals
        return None
    keyboard, screen = sys.stdin.fileno(), sys.stderr.fileno()
    with suppress(OSError, termios.error):
        if os.tcgetpgrp(keyboard) != os.getpgrp():
            return None  # in the background: to change the line would stop this process
        before = termios.tcgetattr(keyboard)
        # Ctrl+C and the like wait until the line is as it was.
        held = signal.pthread_sigmask(
            signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP, signal.SIGQUIT}
        )
        try:
            tty.setcbreak(keyboard, termios.TCSADRAIN)
            sys.stderr.flush()
            os.write(screen, question.encode())
            return _answer(keyboard, re.compile(pattern))
        finally:
            try:
                termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, held)
    return None


def _answer(keyboard: int, pattern: re.Pattern[bytes]) -> bytes | None:
    received, deadline = b"", time.monotonic() + PATIENCE
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([keyboard], [], [], left)[0]:
            return None
        came = os.read(keyboard, 1024)
        if not came:
            return None
        received += came
        if found := pattern.search(received):
            return found[1]
    return None
