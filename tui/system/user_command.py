"""Runs the user's own commands, each in a process group of its own, which is ended with it, at the latest with us.

`first_line` is for a command that is waited for before the screen is taken: it may ask something in the terminal.
`run_apart` is for one that runs beside the screen: it has no terminal at all.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tui.system.foreground import Foreground
from tui.system.noted_signals import noted

MOST = 4096
"""Bytes that are read of what a command prints: a line that is longer is none that anybody waits for."""

_BEAT = 0.02
"""Seconds between two looks at a command that runs."""

_TO_FINISH = 1.0
"""Seconds that a command has to end by itself when its first line is there."""

_TO_STOP = 0.3
"""Seconds that a group has to end by itself when it is told to."""

_IS_POSIX = hasattr(os, "killpg")
_TOLD = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT") if hasattr(signal, name)]

_running: set[_Group] = set()
"""What has to be ended with us."""


@dataclass(frozen=True, slots=True)
class Output:
    """The first line of what a command printed, and how it ended: None, where it was ended when the line was there.

    It is not `whole` where the line was longer than what is read.
    """

    line: bytes
    status: int | None
    is_whole: bool = True


class TooLongError(Exception):
    """A command took longer than it may, and was ended."""


def first_line(words: Sequence[str], seconds: float, environment: Mapping[str, str] | None = None) -> Output:
    """Run a command without a shell until its first line is there, then end it and all that it started.

    It has the terminal as a job of a shell has it, and this `environment`, None for our own. A signal that ends us
    ends it first.

    Raises:
        OSError, ValueError: where it cannot be run.
        TooLongError: where there is no line in time.
        KeyboardInterrupt: where it was ended by ctrl+c, which only it gets, or we were told to end.

    """
    with _told_to_end() as told:
        group = _Group(words, stdout=subprocess.PIPE, env=environment)
        try:
            with Foreground(group.number) as foreground:
                return _read_line(group, foreground, told, time.monotonic() + seconds)
        finally:
            group.end()


def _read_line(group: _Group, foreground: Foreground, told: Sequence[int], until: float) -> Output:
    pipe = group.process.stdout
    assert pipe is not None  # noqa: S101  it was asked for
    os.set_blocking(pipe.fileno(), False)
    data, is_open, pause = b"", True, 0.001
    while not told:
        has_ended = group.has_ended(foreground)  # before the pipe is read, so that nothing printed is missed
        while is_open and len(data) < MOST and b"\n" not in data:
            try:
                more = os.read(pipe.fileno(), MOST - len(data))
            except BlockingIOError:
                break
            data, is_open = data + more, bool(more)
        line, newline, _ = data.partition(b"\n")
        is_there = bool(newline) or len(data) >= MOST or not is_open
        if has_ended or (is_there and time.monotonic() > until):
            status = group.process.returncode
            if status in {-signal.SIGINT, 128 + signal.SIGINT} and foreground.is_lent:
                raise KeyboardInterrupt
            return Output(line, status, bool(newline) or len(data) < MOST)
        if time.monotonic() > until:
            raise TooLongError
        if is_there:
            until = min(until, time.monotonic() + _TO_FINISH)
        time.sleep(pause)
        pause = min(2 * pause, _BEAT)
    raise KeyboardInterrupt


async def run_apart(words: Sequence[str], environment: Mapping[str, str], seconds: float, given: bytes = b"") -> int:
    """Run a command without a shell in a session of its own, without a terminal; return its status.

    It finds what is `given` on stdin: so little that a pipe holds it, whether the command reads it or not.

    What it leaves behind may go on until that time is over. All of it is ended where it fails, and with us.

    Raises:
        OSError, ValueError: where it cannot be run.
        TooLongError: where it took too long, and was ended.

    """
    group = _Group(
        words,
        env=environment,
        stdin=subprocess.PIPE if given else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if group.process.stdin is not None:
        with suppress(BrokenPipeError), group.process.stdin as stdin:
            stdin.write(given)
    status: int | None = None
    try:
        async with asyncio.timeout(seconds):
            while (status := group.process.poll()) is None:  # noqa: ASYNC110  nobody else has to watch over children
                await asyncio.sleep(_BEAT)
            while not status and group.is_alive():  # noqa: ASYNC110  groups cannot be waited for
                await asyncio.sleep(10 * _BEAT)
    except TimeoutError:
        pass
    except asyncio.CancelledError:
        if status is None:  # else it has done what it was for, and what it left behind ends with us
            raise
    finally:
        group.end()
    if status is None:
        raise TooLongError
    return status


def end_all() -> None:
    """End all that runs, at once: nobody will come to end it in order any more."""
    for group in [*_running]:
        group.kill()


class _Group:
    """A command and all that it starts, as far as that stays together."""

    def __init__(self, words: Sequence[str], **options: object) -> None:
        own: dict[str, object] = {}
        if _IS_POSIX:
            own = {"start_new_session": True} if "stdin" in options else {"process_group": 0}
        self.process: subprocess.Popen[bytes] = subprocess.Popen(words, **{**options, **own})  # type: ignore[call-overload]
        self.number = self.process.pid
        _running.add(self)

    def has_ended(self, foreground: Foreground) -> bool:
        """Return whether the command itself has ended. Where it was stopped, so are we, and both go on together."""
        if self.process.returncode is None and _IS_POSIX:
            with suppress(ChildProcessError):  # somebody else has waited for it
                number, status = os.waitpid(self.number, os.WNOHANG | os.WUNTRACED)
                if number and os.WIFSTOPPED(status):
                    foreground.stop_along(os.WSTOPSIG(status))
                elif number:
                    self.process.returncode = os.waitstatus_to_exitcode(status)
        return self.process.poll() is not None

    def is_alive(self) -> bool:
        """Return whether anything of it runs that we may end."""
        if not _IS_POSIX:
            return self.process.poll() is None
        try:
            os.killpg(self.number, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True

    def end(self) -> None:
        """End whatever runs of it: ask first, then do not."""
        until = time.monotonic() + _TO_STOP
        if self.is_alive() and _IS_POSIX:
            self._send(signal.SIGTERM)
            self._send(signal.SIGCONT)
        while self.process.poll() is None or self.is_alive():
            if time.monotonic() > until:
                self.kill()
                break
            time.sleep(_BEAT / 4)
        if self.process.stdout is not None:
            self.process.stdout.close()
        with suppress(subprocess.TimeoutExpired):  # one that belongs to somebody else, or hangs in the system
            self.process.wait(_TO_STOP)
        _running.discard(self)

    def kill(self) -> None:
        """End it at once."""
        if _IS_POSIX:
            self._send(signal.SIGKILL)
        else:
            self.process.kill()

    def _send(self, number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.number, number)


@contextmanager
def _told_to_end() -> Iterator[list[int]]:
    """Note the signals that tell us to end, and let each do what it would have done when all is cleaned up."""
    told: list[int] = []
    try:
        with noted(_TOLD) as told:
            yield told
    finally:
        for number in told[:1]:
            signal.raise_signal(number)
