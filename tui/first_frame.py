"""The first frame: what the dashboard showed last is printed before anything else is loaded.

Textual takes a third of a second to load. Meanwhile the terminal shows the screen of the last time, which says of
when it is, and what takes over begins from those cells. So this is read before all else, and imports almost nothing.

It is printed only where the next screen begins the same, which `first_frame_file.py` finds out. Everywhere else
nothing is printed. Until the dashboard takes it over, the terminal is given back by whatever ends the program, and
lent to a command that asks for something.

That is on Linux. On macOS the folders are others, terminals cannot be polled, and nobody has tried it there yet.
"""

import os
import sys

from tui.first_frame_file import Start, read

TYPE_CHECKING = False  # as `typing` has it, which takes longer to load than all that is done here
if TYPE_CHECKING:
    from typing import Any

_ENTER = b"\x1b[?1049h\x1b[?25l\x1b[?7l"
_LEAVE = b"\x1b[m\x1b[?7h\x1b[?1049l\x1b[?25h"

_GRACE = 2
"""Seconds to give the terminal back in; one that nobody reads any more would make that impossible."""

_INPUT, _OUTPUT = 0, 2


class Standing:
    """The frame that stands on the terminal until something takes over, and how the terminal was before."""

    def __init__(self, frame: str, size: tuple[int, int]) -> None:
        self.frame, self.size = frame, size
        self.line: list[Any] | None = None
        """The settings of the terminal's line as they were."""
        self.is_printing = False
        """Whether it is being written: what is left of it is dropped when the terminal is given back meanwhile."""
        self.signals: list[int] = []
        """Those that are handled here as long as it stands; by themselves they would end or stop the program."""


start: Start | None = None
"""How this process was started; None where it was not started as a program."""

_standing: Standing | None = None


def begin(arguments: list[str], environment: dict[str, str]) -> None:
    """Print the last screen, where the next one begins like it."""
    global start  # noqa: PLW0603  there is one terminal
    if sys.platform != "linux":
        return
    start = Start(arguments, environment)
    if not (start.path and all(map(os.isatty, (0, 1, 2)))):
        return
    try:
        if _is_in_the_foreground():
            columns, rows = os.get_terminal_size(_OUTPUT)
            frame = read(start.path, start, (columns, rows))
            if frame is not None:
                _stand(Standing(frame, (columns, rows)))
    except OSError:
        pass


def _is_in_the_foreground() -> bool:
    """Return whether the terminal is ours: in the background it is another's."""
    return os.tcgetpgrp(_INPUT) == os.getpgrp()


def _stand(this: Standing) -> None:
    """Take the terminal and print: what is typed from now on is kept for who takes over, and not echoed."""
    global _standing
    import signal
    import termios

    try:
        with _Undisturbed():
            this.line = termios.tcgetattr(_INPUT)
            this.is_printing, _standing = True, this
            for name in ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGTSTP", "SIGCONT"):
                number = getattr(signal, name)
                if signal.getsignal(number) is signal.SIG_DFL:  # what is ignored stays so, as under nohup
                    this.signals.append(number)
                    signal.signal(number, _told)
            termios.tcsetattr(_INPUT, termios.TCSANOW, _quiet(this.line))
        data = _ENTER + this.frame.encode()
        while data:
            data = data[os.write(_OUTPUT, data) :]
        this.is_printing = False
    except (OSError, termios.error):  # given back meanwhile; or the terminal is gone, which somebody else finds out
        this.is_printing = False
        give_back()


def _quiet(line: "list[Any]") -> "list[Any]":
    """Return the settings of a line as Textual wants them, but that Ctrl+C and its like still are signals."""
    import termios

    quiet = [*line]
    quiet[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    quiet[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    return quiet


class _Undisturbed:
    """`with _Undisturbed():` the signals that give the terminal back wait until this is done."""

    def __enter__(self) -> None:
        import signal

        numbers = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP, signal.SIGCONT}
        self._before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
        try:
            signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
        except BaseException:  # what came just before is done first
            self.__exit__()
            raise

    def __exit__(self, *_: object) -> None:
        import signal

        signal.pthread_sigmask(signal.SIG_SETMASK, self._before)


class _GivenBack(OSError):
    """Ends the writing of a frame that does not stand any more."""


def _told(number: int, _: object) -> None:
    """Give the terminal back, and do what the signal does by itself."""
    import signal

    this = _standing
    give_back()
    if number != signal.SIGCONT:  # which tells that something else had the terminal meanwhile
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    if this is not None and this.is_printing:
        raise _GivenBack


def give_back() -> None:
    """Let the terminal be as it was before, if the frame still stands."""
    if _standing is None:
        return
    with _Undisturbed():
        if _standing is not None and _standing.line is not None:
            _leave(_standing.line)
        take_over()


def _leave(line: "list[Any]") -> None:
    """Set the terminal's line, and write byte by byte what goes out before long: more would be waited for."""
    import select
    import termios
    import time

    until, poll = time.monotonic() + _GRACE, select.poll()
    poll.register(_OUTPUT, select.POLLOUT)
    try:
        termios.tcsetattr(_INPUT, termios.TCSANOW, line)
        for at in range(len(_LEAVE)):
            if not poll.poll(max(until - time.monotonic(), 0) * 1000):
                break
            os.write(_OUTPUT, _LEAVE[at : at + 1])
    except (OSError, termios.error):
        pass


def standing() -> Standing | None:
    """Return what stands on the terminal."""
    return _standing


def take_over() -> Standing | None:
    """Return what stands on the terminal, which from now on somebody else gives back."""
    global _standing
    this, _standing = _standing, None
    if this is not None:
        import signal

        for number in this.signals:
            if signal.getsignal(number) is _told:
                signal.signal(number, signal.SIG_DFL)
    return this


class Lent:
    """`with Lent():` a command has the terminal as it was before: it may ask for something, or say what is wrong."""

    def __enter__(self) -> None:
        self._lent = _standing
        give_back()

    def __exit__(self, kind: object, *_: object) -> None:
        """Print the frame again, unless the command could not be run, or the terminal is another one now."""
        this = self._lent
        if this is None or kind is not None:
            return
        try:
            if _is_in_the_foreground() and tuple(os.get_terminal_size(_OUTPUT)) == this.size:
                _stand(Standing(this.frame, this.size))
        except OSError:
            pass
