"""The file of the first frame: what is printed at a start, and which start it fits.

It fits where the next screen begins the same: with the same arguments, environment, terminal, settings and key, told
by a hash with a random salt, which covers what is printed as well.

As `first_frame.py`, which reads it before all else is loaded, it imports almost nothing.
"""

import os
import sys

from tui import __version__

TYPE_CHECKING = False  # as `typing` has it, which takes longer to load than all that is done here
if TYPE_CHECKING:
    from collections.abc import Callable

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


def read(path: str, start: Start, size: tuple[int, int]) -> str | None:
    """Return what to print on a terminal of this size, where there is something, and it is this user's own."""
    import time

    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(descriptor)
        if found.st_uid != os.getuid() or found.st_mode & 0o77 or found.st_size > _LARGEST:
            return None
        data = os.read(descriptor, _LARGEST)
    finally:
        os.close(descriptor)
    return unpacked(data, start.facts(size), int(time.time() // _A_DAY))
