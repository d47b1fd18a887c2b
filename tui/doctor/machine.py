"""The archive and the folders on this machine's disk, and the versions of what runs on it."""

from __future__ import annotations

import platform
import re
from importlib import metadata
from typing import TYPE_CHECKING

from tui import PROGRAM, __version__
from tui.bootstrap import sources
from tui.bootstrap.sources import utc_now
from tui.commands.doctor import Finding, State, failed
from tui.config import paths
from tui.config.settings import SourceSettings
from tui.doctor.settings import Found
from tui.domain import formatting, shutdowns
from tui.domain.time import last_days
from tui.errors import ArchiveFailed, BadSettings
from tui.facts.shutdowns import shutdowns as published
from tui.sources.base import BY_MODEL, Query
from tui.system import files

if TYPE_CHECKING:
    from tui.sources.archive.buckets import Archive

ARCHIVE, MODELS, FOLDERS, VERSIONS = "archive", "models", "folders", "versions"
_LAST_DAYS = 14
_PACKAGES = ("textual", "httpx", "plotext", "msgspec")


def archive(found: Found) -> Finding:
    """Return where the archive is, and whether it can be read and written. One that is not there is not made."""
    if found.settings.source.demo:
        return Finding(ARCHIVE, State.SKIP, "the demo keeps nothing")
    if not found.knows_archive:
        return Finding(ARCHIVE, State.SKIP, "not looked for: where it is, the config file says")
    try:
        kept_in = sources.archive(found.settings.source, utc_now)
        if kept_in is None:
            return Finding(ARCHIVE, State.OK, "switched off: nothing is kept")
        return _looked_at(kept_in)
    except ArchiveFailed as error:
        advice = (
            "Put that right, or name another place with --archive. The dashboard works without, but asks for more."
        )
        if error.is_passing:
            return Finding(ARCHIVE, State.WARN, error.problem, advice)
        return Finding(ARCHIVE, State.FAIL, error.problem, advice, error.exit_status)
    except BadSettings as error:
        return failed(ARCHIVE, error)


def _looked_at(kept_in: Archive) -> Finding:
    """Return what is there.

    Raises:
        ArchiveFailed: where it cannot be read or written.
    """
    path = kept_in.file.path
    buckets = sum(each.buckets for each in kept_in.contents())
    damage = " ".join(kept_in.file.take_notices())
    if damage:
        return Finding(ARCHIVE, State.WARN, damage, "Days that the API still offers are read again.")
    kept_in.file.try_place()
    if not path.exists():
        return Finding(ARCHIVE, State.OK, f"{kept_in.file.name} will be made when something is read")
    kept_in.file.write(lambda _: None)
    size = formatting.short(path.stat().st_size)
    return Finding(ARCHIVE, State.OK, f"{kept_in.file.name}, {size}B, {formatting.count(buckets, 'bucket')}")


def models(found: Found) -> Finding:
    """Return which models end soon of those that the archive has of the last two weeks; nobody is asked."""
    if found.settings.source.demo or not found.knows_archive:
        return Finding(MODELS, State.SKIP, "not looked for: there is no archive")
    try:
        kept_in = sources.archive(found.settings.source, utc_now)
        if kept_in is None:
            return Finding(MODELS, State.SKIP, "not looked for: there is no archive")
        owner = kept_in.last_owner()
        kept = {} if owner is None else kept_in.cached(owner, Query(last_days(utc_now(), _LAST_DAYS), BY_MODEL))
    except (ArchiveFailed, BadSettings):
        return Finding(MODELS, State.SKIP, "not looked for: see the archive")
    used = {row.name for each in kept.values() for row in each.bucket.rows if row.tokens}
    today = utc_now().date()
    ending = shutdowns.words(published().soon(used, today), today)
    if ending:
        return Finding(MODELS, State.WARN, "; ".join(ending), "Move what uses them to newer models.")
    return Finding(MODELS, State.OK, "none that was used in the last two weeks ends within 60 days")


def folders(source: SourceSettings) -> Finding:
    """Return whether what was chosen in the dashboard, and what can be had again, can be kept."""
    if source.demo:
        return Finding(FOLDERS, State.SKIP, "the demo keeps nothing")
    state, cache = paths.state_path(source.profile), paths.cache_path()
    if state is None or cache is None:
        words, advice = f"{paths.NO_HOME} What is chosen is not remembered.", "Set HOME, or XDG_STATE_HOME."
        return Finding(FOLDERS, State.WARN, words, advice)
    for folder, loss in (
        (state.parent, "What you choose in the dashboard is forgotten at its end."),
        (cache, "pools --oneline asks the API each time."),
    ):
        try:
            files.try_folder(files.nearest(folder))
        except OSError as error:
            words = f"{folder} cannot be written ({error.strerror or error})"
            return Finding(FOLDERS, State.WARN, words, f"{loss} Put that right, or set HOME to another folder.")
    return Finding(FOLDERS, State.OK, f"{state.parent} and {cache} can be written")


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
