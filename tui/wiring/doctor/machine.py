"""The archive on this machine's disk, and the versions of what runs on it."""

from __future__ import annotations

import os
import platform
import re
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from tui import PROGRAM, __version__
from tui.commands.doctor import Finding, State
from tui.domain import humanize
from tui.errors import ArchiveFailed
from tui.settings.schema import Config
from tui.wiring import sources
from tui.wiring.sources import Said, utc_now

if TYPE_CHECKING:
    from tui.archive.buckets import Archive

ARCHIVE, VERSIONS = "archive", "versions"
_PACKAGES = ("textual", "httpx", "plotext", "msgspec")


def archive(said: Said, config: Config | None) -> Finding:
    """Return where the archive is, and whether it can be read and written. One that is not there is not made."""
    if "demo" in said:
        return Finding(ARCHIVE, State.SKIP, "the demo keeps nothing")
    if config is None and not {"archive", "no_archive"} & said.keys():
        return Finding(ARCHIVE, State.SKIP, "not looked for: where it is, the config file says")
    kept_in = sources.archive(said, config or Config(), utc_now)
    if kept_in is None:
        return Finding(ARCHIVE, State.OK, "switched off: nothing is kept")
    try:
        return _looked_at(kept_in)
    except ArchiveFailed as error:
        words = (
            "Put that right, or name another place with --archive. The dashboard works without, but asks for more."
        )
        return Finding(ARCHIVE, State.FAIL, error.sentence, words, error.exit_status)


def _looked_at(kept_in: Archive) -> Finding:
    """Return what is there.

    Raises:
        ArchiveFailed: where it cannot be read or written.
    """
    path = kept_in.file.path
    buckets = sum(each.buckets for each in kept_in.contents())
    damage = " ".join(kept_in.file.told())
    if damage:
        return Finding(ARCHIVE, State.WARN, damage, "Days that the API still offers are read again.")
    place = _nearest(path.parent)
    if not (place.is_dir() and os.access(place, os.W_OK | os.X_OK)):
        raise ArchiveFailed(f"The archive {kept_in.file.name} cannot be written (its folder does not allow it).")
    if not path.exists():
        return Finding(ARCHIVE, State.OK, f"{kept_in.file.name} will be made when something is read")
    kept_in.file.write(lambda _: None)
    size = humanize.short(path.stat().st_size)
    return Finding(ARCHIVE, State.OK, f"{kept_in.file.name}, {size}B, {humanize.count(buckets, 'bucket')}")


def _nearest(folder: Path) -> Path:
    """Return the folder, or the first above it that is there."""
    return next((each for each in (folder, *folder.parents) if each.exists()), folder)


def versions() -> Finding:
    """Return what runs here."""
    found = {PROGRAM: __version__, "Python": platform.python_version()}
    missing = []
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
    words = ", ".join(f"{name} {version}" for name, version in found.items()) + f"; {_platform()}"
    if missing:
        advice = f"Install {PROGRAM} again, with pip."
        return Finding(VERSIONS, State.WARN, f"{words}; not installed: {', '.join(missing)}", advice)
    return Finding(VERSIONS, State.OK, words)


def _platform() -> str:
    """Return the system, its version and the processor; what a kernel's builder calls it is left out."""
    version = re.match(r"[\d.]*", platform.release())
    return f"{platform.system()} {version[0] if version else ''} {platform.machine()}"
