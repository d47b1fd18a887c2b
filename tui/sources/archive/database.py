"""The file of the archive: who may read it, how it is locked, and what happens to a damaged one.

It keeps a rollback journal, never a write-ahead log: that one needs memory shared between processes, which a home on
a network does not have, and a folder that every reader may write to. Writes are few and small, so the journal costs
nothing that one would notice. Each piece of work opens the file anew, so that nothing is held on to which another
process has set aside, cleared or replaced; and one at a time in this process, since closing any descriptor of a file
gives up all locks that the process has on it (POSIX), those of SQLite included.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from tui.domain import sanitize
from tui.errors import ArchiveFailed
from tui.sources.archive import layout
from tui.sources.archive.rows import BadRows
from tui.system import files

_LOCK_TIMEOUT = 2.0
"""Seconds to wait for another process that writes, in all: once they are over, nobody waits until it has ended."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_PASSING = {*_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
_NO_FOLDERS = {errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP}
"""What is wrong with a path, whatever becomes of the machine."""

_NUMBERS = ("", *(f"-{number}" for number in range(2, 1_000)))
_MAGIC = b"SQLite format 3\0"

_ONE_AT_A_TIME = threading.RLock()

T = TypeVar("T")


class File:
    """One file. `is_own_place` says that nothing else can stand there, so that whatever does may be set aside.

    `told` says what the user should know of: a damaged file, and where it is now.
    """

    def __init__(self, path: Path, clock: Callable[[], datetime], *, is_own_place: bool) -> None:
        self.path = path
        self._notices: list[str] = []
        self._clock = clock
        self._is_own_place = is_own_place
        self._timeout = _LOCK_TIMEOUT

    @property
    def name(self) -> str:
        """Return the path as it is shown."""
        return sanitize.clean(str(self.path))

    def beside(self, name: str) -> Path | None:
        """Return the path of a file that belongs to this one; None where the archive has no place."""
        return self.path.with_name(f"{self.path.name}.{name}")

    def read(self, work: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """Return what the work finds, or `nothing` where there is no file, or a damaged one, which is set aside.

        Raises:
            ArchiveFailed: where it cannot be read.
        """
        with _ONE_AT_A_TIME:
            try:
                if not self.path.stat().st_size:
                    return nothing
                return self._done(work, nothing)
            except FileNotFoundError:
                return nothing
            except _DamagedFileError as damage:
                self._set_aside(damage)
                return nothing
            except OSError as error:
                raise self._unusable(error) from error

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do the work in one transaction, all of it or nothing; a damaged file is set aside first.

        Raises:
            ArchiveFailed: where it cannot be written.
        """

        def transaction(connection: sqlite3.Connection) -> T:
            connection.execute("BEGIN IMMEDIATE")
            if not layout.is_begun(connection):
                layout.begin(connection)
            result = work(connection)
            connection.execute("COMMIT")
            return result

        with _ONE_AT_A_TIME:
            try:
                self._make()
                try:
                    return self._done(transaction)
                except _DamagedFileError as damage:
                    self._set_aside(damage)
                    self._make()
                    return self._done(transaction)
            except OSError as error:
                raise self._unusable(error) from error

    def vacuum(self) -> None:
        """Give back the room of what was deleted.

        Raises:
            ArchiveFailed: where it cannot be done.
        """
        with _ONE_AT_A_TIME:
            try:
                if self.path.exists():
                    self._done(lambda connection: connection.execute("VACUUM"), None)
            except OSError as error:
                raise self._unusable(error) from error

    def try_place(self) -> None:
        """Find out whether the folder of the file, which need not be there yet, takes files, as a journal is one.

        Raises:
            ArchiveFailed: where it does not.
        """
        broken = self._broken_link()
        if broken:
            raise self._failed(broken, is_passing=True)
        try:
            files.try_folder(files.nearest(Path(os.path.realpath(self.path)).parent))
        except OSError as error:
            raise self._unusable(error) from error

    def add_notice(self, words: str) -> None:
        """Say something with the next answer."""
        self._notices.append(words)

    def take_notices(self) -> list[str]:
        """Return what is to be said since the last time."""
        notices, self._notices = self._notices, []
        return notices

    def _done(self, work: Callable[[sqlite3.Connection], T], *nothing: T) -> T:
        """Return what the work finds in the file, or `nothing`, where that is given and the file is empty yet."""
        number, began = self.path.stat().st_ino, time.monotonic()
        try:
            with closing(sqlite3.connect(self.path, timeout=self._timeout, isolation_level=None)) as connection:
                is_begun = layout.is_begun(connection)
                if is_begun:
                    self._check(connection)
                result = nothing[0] if nothing and not is_begun else work(connection)
            self._timeout = _LOCK_TIMEOUT
        except BadRows as error:
            raise _DamagedFileError(str(error), number, may_pass=False) from error
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in _DAMAGED:
                raise _DamagedFileError(str(error), number) from error
            if code in _BUSY:
                self._timeout = max(0.0, self._timeout - (time.monotonic() - began))
            raise self._failed(str(error), is_passing=code in _PASSING) from error
        return result

    def _check(self, connection: sqlite3.Connection) -> None:
        """Refuse files of others and of later versions."""
        if layout.pragma(connection, "application_id") != layout.APPLICATION:
            raise ArchiveFailed(f"{self.name} is not an archive of oai-usage-tui, and is left alone.")
        if layout.pragma(connection, "user_version") > layout.VERSION:
            raise ArchiveFailed(f"The archive {self.name} is of a later version of oai-usage-tui, and is left alone.")

    def _make(self) -> None:
        """Make the file and its folder, for nobody else to read. Where a link leads, no folder is made."""
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(OSError):  # SQLite says what is wrong
            os.close(os.open(os.path.realpath(self.path), os.O_CREAT | os.O_EXCL, 0o600))
        if self._is_own_place:
            with suppress(OSError):  # somebody else's, who decides
                for path, mode in ((self.path.parent, 0o700), (self.path, 0o600)):
                    if path.stat().st_mode & 0o077:
                        path.chmod(mode)

    def _set_aside(self, damage: _DamagedFileError) -> None:
        """Give a damaged file another name, together with its journal, which must never meet a new file.

        Raises:
            ArchiveFailed: where the file is not this program's, or cannot be renamed.
        """
        try:
            with self.path.open("rb") as file:
                header = file.read(100)
                is_the_same = os.fstat(file.fileno()).st_ino == damage.number
        except FileNotFoundError:
            is_the_same = False
        if not is_the_same:
            return  # another process was first
        if damage.may_pass and self._is_sound():
            raise self._failed(str(damage), is_passing=True)
        is_ours = header[:16] == _MAGIC and int.from_bytes(header[68:72], "big") == layout.APPLICATION
        if not is_ours and (header[:16] == _MAGIC or not self._is_own_place):
            raise ArchiveFailed(f"{self.name} is not an archive of oai-usage-tui, and is left alone.")
        names = (f"{self.path}.damaged-{self._clock():%Y%m%dT%H%M%S}{more}" for more in _NUMBERS)
        aside = next(Path(name) for name in names if not Path(name).exists())
        for suffix in ("-journal", ""):
            with suppress(FileNotFoundError):
                Path(f"{self.path}{suffix}").rename(f"{aside}{suffix}")
        words = (
            f"The archive was damaged ({damage}). It is kept as {sanitize.clean(str(aside))}, and a new one begins."
        )
        self._notices.append(words)

    def _is_sound(self) -> bool:
        """Return whether SQLite finds nothing wrong at a second look."""
        with suppress(sqlite3.Error), closing(sqlite3.connect(self.path, timeout=_LOCK_TIMEOUT)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        return False

    def _broken_link(self) -> str:
        """Return which part of the path is a link to where nothing is, and nothing can be made; or nothing."""
        for place in (self.path, *self.path.parents):
            target = Path(os.path.realpath(place))
            with suppress(OSError):
                if place.is_symlink() and not (target.exists() or (place == self.path and target.parent.exists())):
                    return f"{place} is a link to {target}, which is not there"
        return ""

    def _unusable(self, error: OSError) -> ArchiveFailed:
        """Return the error for a file or folder that the system does not give."""
        words = self._broken_link() or error.strerror or str(error)
        return self._failed(words, is_passing=error.errno not in _NO_FOLDERS)

    def _failed(self, words: str, *, is_passing: bool = False) -> ArchiveFailed:
        words = f"The archive {self.name} cannot be used now ({sanitize.clean(words)})."
        return ArchiveFailed(words, is_passing=is_passing)


class Nowhere(File):
    """An archive that has no place on this machine: whoever would use it is told why."""

    def __init__(self, why: str, clock: Callable[[], datetime]) -> None:
        super().__init__(Path(), clock, is_own_place=False)
        self._why = why

    def beside(self, name: str) -> Path | None:  # noqa: ARG002  nothing has a place
        """Return None."""
        return None

    def read(self, work: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """Refuse."""
        raise self._refusal(work, nothing)

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Refuse."""
        raise self._refusal(work)

    def vacuum(self) -> None:
        """Refuse."""
        raise self._refusal()

    def _refusal(self, *_: object) -> ArchiveFailed:
        return ArchiveFailed(self._why, is_passing=True)


class _DamagedFileError(Exception):
    """The file of this inode number is not what SQLite wrote."""

    def __init__(self, words: str, number: int, *, may_pass: bool = True) -> None:
        super().__init__(words)
        self.number, self.may_pass = number, may_pass
