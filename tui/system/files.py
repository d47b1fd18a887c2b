"""Writes files whole or not at all. Whatever this program writes, but for the archive, is written here.

The content goes to a new file beside the old one, which then takes the old one's name: who reads meanwhile, or
finds the disk full, has the old content or the new, never a part. The new file has a random name and is opened
exclusively, so nothing is ever overwritten or deleted that was not made here. Links are followed, but by `keep_anew`.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

_EVERYBODY, _OWNER = 0o666, 0o600
"""Modes of a new file: what the umask allows, or for this user only."""

_NOT_REPLACEABLE = {errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS}
"""What is said of a file that is mounted (as into a container), or in a folder where no file can be made."""

_DESCRIPTORS = re.compile(r"/dev/fd|/proc/\d+(?:/task/\d+)?/fd")
"""Folders whose files are the open files of a process."""

_FRESH = ".oai-usage-tui."
_LEFT_BEHIND = 3_600.0
"""Seconds after which a new file that has not taken the place of the old one never will."""

_MOST_LINKS = 40
_SMALL = 65_536
_BINARY = getattr(os, "O_BINARY", 0)


def write(path: Path, content: bytes) -> bool:
    """Write a file, and return whether it was replaced as a whole; False: it was written in place.

    A device, a pipe or a descriptor (`/dev/stdout`, the shell's `>(command)`) is written to, and never replaced.

    Raises:
        OSError: where it cannot be written.
    """
    return _written(path, content, _EVERYBODY)


def write_at_once(path: Path, content: bytes) -> None:
    """Write a file as `write` does, but never wait: a pipe that nobody reads yet cannot be written to.

    Raises:
        OSError: where it cannot be written.
    """
    if not path.is_fifo():
        write(path, content)
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_NONBLOCK), "wb") as pipe:
        pipe.write(content)


def keep(path: Path, content: bytes) -> None:
    """Write a file of the program's own, which only this user can read, and its folder where there is none.

    Raises:
        OSError: where it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _written(path, content, _OWNER)
    _tidy(Path(os.path.realpath(path)).parent)


def keep_anew(path: Path, content: bytes) -> None:
    """Write a file as `keep` does, but always a new one: what is in its place, a link too, goes and says nothing.

    Raises:
        OSError: where it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _replace(path, content, _OWNER, None)
    _tidy(path.parent)


def create(path: Path, content: bytes) -> None:
    """Write a file that does not exist yet.

    Raises:
        FileExistsError: where it does; it stays as it is.
        OSError: where it cannot be written.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _EVERYBODY))
    try:
        write(path, content)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def try_folder(folder: Path) -> None:
    """Find out whether a folder takes a small file, and leave no trace of that.

    Raises:
        OSError: where it does not: it may not be written, it is read-only, the disk is full.
    """
    probe = folder / _fresh_name()
    descriptor = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, _OWNER)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(bytes(_SMALL))
            _to_disk(file)
    finally:
        probe.unlink(missing_ok=True)


def nearest(folder: Path) -> Path:
    """Return the folder, or the first above it that is there and can be told to be."""
    for each in (folder, *folder.parents):
        with suppress(OSError):
            if each.exists():
                return each
    return folder


def _written(path: Path, content: bytes, mode: int) -> bool:
    stream = _stream(path)
    if stream is not None:
        with os.fdopen(stream, "wb") as file:
            file.write(content)
        return True
    target = Path(os.path.realpath(path))
    try:
        _replace(target, content, mode, target.stat() if target.exists() else None)
    except OSError as error:
        if error.errno not in _NOT_REPLACEABLE or not target.is_file():
            raise
        _overwrite(target, content)
        return False
    return True


def _stream(path: Path) -> int | None:
    """Return a descriptor to write to, where the path leads to one, or to what is no file; None: it is a file.

    An open file of a process is not opened by its name, for what is in it would be lost.
    """
    for _ in range(_MOST_LINKS):
        folder = os.path.realpath(path.parent)
        if _DESCRIPTORS.fullmatch(folder) and path.name.isdecimal():
            is_own = folder in {
                "/dev/fd",
                os.path.realpath("/proc/self/fd"),
                os.path.realpath("/proc/thread-self/fd"),
            }
            return os.dup(int(path.name)) if is_own else os.open(path, os.O_WRONLY | os.O_APPEND)
        if not path.is_symlink():
            break
        path = path.parent / path.readlink()
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(path.stat().st_mode):
            return os.open(path, os.O_WRONLY)
    return None


def _fresh_name() -> str:
    """Return a name that nobody else has."""
    return f"{_FRESH}{os.urandom(8).hex()}"


def _tidy(folder: Path) -> None:
    """Take away what was being written when the program was killed, so long ago that nobody writes it any more."""
    with suppress(OSError):
        for path in folder.glob(f"{_FRESH}{'[0-9a-f]' * 16}"):
            if time.time() - path.lstat().st_mtime > _LEFT_BEHIND:
                path.unlink()


def _replace(target: Path, content: bytes, mode: int, old: os.stat_result | None) -> None:
    """Put a new file in the place of another, with the mode and, if possible, the owner of an old one."""
    fresh = target.with_name(_fresh_name())
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY
    descriptor = os.open(fresh, flags, mode if old is None else _OWNER)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if old is not None:
                with suppress(OSError, AttributeError):  # only root may; on some systems nobody
                    os.chown(fresh, old.st_uid, old.st_gid)
                fresh.chmod(stat.S_IMODE(old.st_mode))
            file.write(content)
            _to_disk(file)
        fresh.replace(target)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _overwrite(target: Path, content: bytes) -> None:
    """Write a file in place, once there is sure to be room for it."""
    with os.fdopen(os.open(target, os.O_RDWR | _BINARY), "r+b") as file:
        size = os.fstat(file.fileno()).st_size
        try:
            if len(content) > size and hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), size, len(content) - size)
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
                file.truncate(size)
                raise
        file.write(content)
        file.truncate()
        _to_disk(file)


def _to_disk(file: BinaryIO) -> None:
    """Wait until what was written is on the disk, where the file system knows of such a thing."""
    file.flush()
    try:
        os.fsync(file.fileno())
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}:
            raise
