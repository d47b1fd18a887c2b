"""Asks the terminal whether it knows a mode (DECRQM), and leaves no trace of that."""

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
    """Return what the terminal answers of a mode, None where it does not, or cannot be asked.

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
            os.write(screen, f"\x1b[?{number}$p".encode())
            return _answer(keyboard, number)
        finally:
            try:
                termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, held)
    return None


def _answer(keyboard: int, number: int) -> int | None:
    pattern = re.compile(rb"\x1b\[\?%d;(\d)\$y" % number)
    received, deadline = b"", time.monotonic() + PATIENCE
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([keyboard], [], [], left)[0]:
            return None
        came = os.read(keyboard, 1024)
        if not came:
            return None
        received += came
        if found := pattern.search(received):
            return int(found[1])
    return None
