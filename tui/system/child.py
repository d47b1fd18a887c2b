"""Runs a command in our own place: with our terminal and streams, our signals, and a status as a shell tells it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from tui.system.noted_signals import noted

NOT_FOUND, NOT_EXECUTABLE, SIGNALLED = 127, 126, 128
"""The statuses of a shell for a command that is not there, that cannot be run, and that a signal has ended (+ n)."""

_FORWARDED = [
    getattr(signal, name)
    for name in ("SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2")
    if hasattr(signal, name)
]
_FROM_THE_TERMINAL = {signal.SIGINT, getattr(signal, "SIGQUIT", signal.SIGINT)}
"""Keys send these to all of the foreground: the command has them already."""

_BEAT = 0.2
"""Seconds between two looks at the command where no signal wakes us."""


class NotStartedError(Exception):
    """The command could not be started: why, and the status that a shell would give."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.status = status


def run(words: Sequence[str], environment: Mapping[str, str], at_each_look: Callable[[], None] = lambda: None) -> int:
    """Run a command to its end, and return its exit status, or 128 and the number of the signal that ended it.

    It is of our own process group, so that keys reach it as if it had been started by itself. What only we are sent
    is handed on to it. While it runs we look after it, and do something else at each look, which must be quick.

    Raises:
        NotStartedError: where there is no such command, or it cannot be run.
    """
    if not words[0]:  # the system would say that each folder in the path cannot be run
        raise NotStartedError("The name of the command is empty: there is nothing to run.", NOT_FOUND)
    with noted(_FORWARDED) as told:
        try:
            process = subprocess.Popen(words, env=environment, close_fds=False)  # as `diff <(a) <(b)` needs it
        except OSError as error:
            is_missing = isinstance(error, FileNotFoundError)
            raise NotStartedError(
                f"{words[0] if words[0].strip() else repr(words[0])}: {error.strerror or error}",
                NOT_FOUND if is_missing else NOT_EXECUTABLE,
            ) from error
        except ValueError as error:  # a null byte in a word
            raise NotStartedError(f"{words[0]!r}: {error}", NOT_EXECUTABLE) from error
        with _terminal_as_it_was():
            status = _waited_for(process, told, at_each_look)
    return SIGNALLED - status if status < 0 else status


def _is_only_ours(info: signal.struct_siginfo) -> bool:
    """Return whether the command was not sent the same: keys reach it too, a hangup only who leads the session."""
    is_from_the_kernel = info.si_pid == 0
    return not is_from_the_kernel or (info.si_signo == signal.SIGHUP and os.getsid(0) == os.getpid())


def _stop_along(process: subprocess.Popen[bytes]) -> None:
    """Stop where the command has stopped, so that the shell sees it, and go on together."""
    with suppress(OSError):  # it has ended
        if os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOHANG) is not None:
            os.kill(os.getpid(), signal.SIGSTOP)
            process.send_signal(signal.SIGCONT)


@contextmanager
def _terminal_as_it_was() -> Iterator[None]:
    """Give the terminal back as it was, as a shell does: a command that was ended may have left it raw."""
    try:
        import termios

        number = sys.stderr.fileno()
        before = termios.tcgetattr(number)
    except (ImportError, OSError, ValueError, termios.error):
        yield
        return
    try:
        yield
    finally:
        with suppress(OSError, termios.error):
            if os.tcgetpgrp(number) == os.getpgrp():  # else it would stop us
                termios.tcsetattr(number, termios.TCSADRAIN, before)


def _waited_for(process: subprocess.Popen[bytes], told: list[int], at_each_look: Callable[[], None]) -> int:
    if not hasattr(signal, "sigtimedwait"):  # macOS: who sent a signal cannot be told
        while True:
            with suppress(subprocess.TimeoutExpired):
                return process.wait(_BEAT)
            at_each_look()
            while told:
                number = told.pop(0)
                if number not in _FROM_THE_TERMINAL:
                    process.send_signal(number)
    waited = {*_FORWARDED, signal.SIGCHLD}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, waited)
    try:
        for number in told:
            process.send_signal(number)
        while (status := process.poll()) is None:
            info = None
            with suppress(OSError):  # we were stopped meanwhile, and go on
                info = signal.sigtimedwait(waited, _BEAT)
            _stop_along(process)
            at_each_look()
            # Python 3.11 gives a record of nothing where we were stopped while it waited: its number is no signal.
            if info is not None and info.si_signo in _FORWARDED and _is_only_ours(info):
                process.send_signal(info.si_signo)
        return status
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
