"""The first frame: what the dashboard showed last is printed before anything else is loaded.

Textual takes a third of a second to load. Meanwhile the terminal shows the screen of the last time, which says of
when it is, and what takes over begins from those cells. So this is read before all else, and imports almost nothing.

It is printed only where the next screen begins the same: with the same arguments, environment, terminal, settings and
key, told by a hash with a random salt, which covers what is printed as well. Everywhere else nothing is printed.

That is on Linux. On macOS the folders are others, terminals cannot be polled, and nobody has tried it there yet.
"""

import os
import sys

from tui import __version__

TYPE_CHECKING = False  # as `typing` has it, which takes longer to load than all that is done here
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_OLDEST = 30
"""Days from the one that a screen is of to the last one on which it is worth being shown."""

_MAGIC = b"oai-usage-tui first frame 1\n"
_LARGEST = 1_000_000
_SALT, _DIGEST = 16, 32
_A_DAY = 86_400

_HEEDED = (
    *("COLORTERM", "FORCE_COLOR", "HOME", "LANG", "LANGUAGE", "NO_COLOR", "PYTHONUTF8", "TERM", "TERM_PROGRAM"),
    *("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"),
)
_HEEDED_KINDS = ("LC_", "OAI_USAGE_", "OPENAI_", "TEXTUAL_")
"""Variables that change what is shown, or whose it is. Only a hash of their values is kept: one is the admin key."""

_AROUND = ("STY", "TMUX")
"""Those that tell by being there whether GNU screen or tmux is around. Their values are others in each session."""

_OF_A_LOGIN = (
    *(*_AROUND, "_", "COLUMNS", "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "GPG_TTY", "INVOCATION_ID", "JOURNAL_STREAM"),
    *("LINES", "OLDPWD", "PWD", "SHLVL", "TERM_SESSION_ID", "TMUX_PANE", "WAYLAND_DISPLAY", "WINDOW", "WINDOWID"),
)
_OF_A_LOGIN_KINDS = ("SSH_", "XDG_SEAT", "XDG_SESSION_", "XDG_VTNR")
"""Those that differ from one login or window to the next. A command that gives the key may depend on any other."""

_ENTER = b"\x1b[?1049h\x1b[?25l\x1b[?7l"
_LEAVE = b"\x1b[m\x1b[?7h\x1b[?1049l\x1b[?25h"

_GRACE = 2
"""Seconds to give the terminal back in; one that nobody reads any more would make that impossible."""

_INPUT, _OUTPUT = 0, 2


class Start:
    """What decides how the dashboard looks when it starts, but for the size and what is chosen in it."""

    def __init__(self, arguments: list[str], environment: dict[str, str]) -> None:
        profile = _profile(arguments, environment)
        folder = "" if profile == "default" else f"profiles/{profile}/"
        config, state, cache = (_folder(environment, *names) for names in _FOLDERS)
        self.path = f"{cache}{folder}first-frame" if config and state and cache and profile else None
        """The file that the last screen is kept in; None where there is no place for it."""
        self._chosen_in = f"{state}{folder}state.toml"
        self._chosen = _stamp(self._chosen_in)
        settings = [_stamp(f"{config}{name}") for name in ("config.toml", "prices.toml")]
        # A relative path of an archive is another file elsewhere.
        here = _here() if any(word.startswith("--archive") for word in arguments) else ""
        has_key = profile == "default" and bool(environment.get("OPENAI_ADMIN_KEY", "").strip())
        heeded = _heeded(environment, by_command=not has_key)
        self._facts = (__version__, sys.hexversion, arguments, here, heeded, settings)

    def facts(self, size: tuple[int, int]) -> bytes:
        """Return all that has to be the same, for a terminal of this size."""
        return repr((self._facts, size, self._chosen)).encode("utf-8", "backslashreplace")

    def choose(self, write: "Callable[[], object]") -> None:
        """Write down what was chosen. What another dashboard chose meanwhile is not what this one shows."""
        is_known = _stamp(self._chosen_in) == self._chosen
        write()
        if is_known:
            self._chosen = _stamp(self._chosen_in)


def _heeded(environment: dict[str, str], *, by_command: bool) -> list[tuple[str, object]]:
    """Return the variables that have to be the same: nearly all, where a command gives the key."""

    def is_heeded(name: str) -> bool:
        if by_command:
            return name not in _OF_A_LOGIN and not name.startswith(_OF_A_LOGIN_KINDS)
        return name in _HEEDED or name.startswith(_HEEDED_KINDS)

    around: list[tuple[str, object]] = [(name, bool(environment.get(name))) for name in _AROUND]
    return around + sorted((name, value) for name, value in environment.items() if is_heeded(name))


def _here() -> str:
    try:
        return os.getcwd()
    except OSError:  # it has been deleted: nothing can be kept in it
        return ""


_FOLDERS = (("XDG_CONFIG_HOME", ".config"), ("XDG_STATE_HOME", ".local/state"), ("XDG_CACHE_HOME", ".cache"))
"""Where platformdirs looks on Linux, which would take as long to load as all of this."""


def _folder(environment: dict[str, str], variable: str, below_home: str) -> str | None:
    """Return this program's folder, with a slash behind it; None where it is not known without looking further."""
    folder = environment.get(variable, "")
    if not folder.strip():
        folder = f"{environment['HOME']}/{below_home}" if environment.get("HOME") else ""
    return f"{folder}/oai-usage-tui/" if folder.startswith("/") else None


def _profile(arguments: list[str], environment: dict[str, str]) -> str:
    """Return the profile that is asked for; empty where it has no name that a folder could have."""
    name = environment.get("OAI_USAGE_PROFILE") or "default"
    for at, word in enumerate(arguments):
        if word == "--profile":
            name = next(iter(arguments[at + 1 :]), "")
        elif word.startswith("--profile="):
            name = word[len("--profile=") :]
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else ""


def _stamp(path: str) -> tuple[int, int, int] | None:
    """Return what tells one version of a file from another; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


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
        found = _read(start.path, start) if _is_in_the_foreground() else None
        if found is not None:
            _stand(found)
    except OSError:
        pass


def _is_in_the_foreground() -> bool:
    """Return whether the terminal is ours: in the background it is another's."""
    return os.tcgetpgrp(_INPUT) == os.getpgrp()


def packed(facts: bytes, day: int, frames: tuple[str, str]) -> bytes:
    """Return the file: the frames to print on the UTC day (since 1970) on which it was kept, and on a later one."""
    import hashlib

    salt = os.urandom(_SALT)
    today, later = (frame.encode("utf-8") for frame in frames)
    content = b"%d %d\n%b%b" % (day, len(today), today, later)
    digest = hashlib.blake2b(facts + content, key=salt, digest_size=_DIGEST).digest()
    return _MAGIC + salt + digest + content


def unpacked(data: bytes, facts: bytes, day: int) -> str | None:
    """Return what to print on this UTC day; None where the file is damaged, too old, or about something else."""
    at = len(_MAGIC)
    if not data.startswith(_MAGIC) or len(data) < at + _SALT + _DIGEST:
        return None
    import hashlib

    salt, rest = data[at : at + _SALT], data[at + _SALT :]
    digest, content = rest[:_DIGEST], rest[_DIGEST:]
    if hashlib.blake2b(facts + content, key=salt, digest_size=_DIGEST).digest() != digest:
        return None
    head, _, frames = content.partition(b"\n")
    kept, length = map(int, head.split())
    if not 0 <= day - kept <= _OLDEST:
        return None
    return (frames[:length] if day == kept else frames[length:]).decode()


def _read(path: str, start: Start) -> Standing | None:
    """Return what to print, where there is something, and it is this user's own."""
    import time

    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        if found.st_uid != os.getuid() or found.st_mode & 0o77 or found.st_size > _LARGEST:
            return None
        data = os.read(descriptor, _LARGEST)
    finally:
        os.close(descriptor)
    columns, rows = os.get_terminal_size(_OUTPUT)
    frame = unpacked(data, start.facts((columns, rows)), int(time.time() // _A_DAY))
    return None if frame is None else Standing(frame, (columns, rows))


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
