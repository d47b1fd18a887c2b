"""Reads `config.toml`."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TypeVar

import msgspec

from tui.config.paths import DEFAULT_PROFILE
from tui.config.schema import ALLOWED, Config, Profile
from tui.domain import sanitize, windows
from tui.domain.bounds import LEAST_LIVE
from tui.domain.kinds import Kind
from tui.domain.metrics import metrics
from tui.errors import BadSettings
from tui.system import toml_file

T = TypeVar("T")

_BUILTIN = (date, datetime, time)
"""Types of TOML that are no settings, so that one of them is refused by the name of its setting."""


def load(path: Path | None) -> Config:
    """Return what the file says; a file that does not exist says nothing.

    Raises:
        BadSettings: where it cannot be read, or holds a setting that is unknown or of the wrong type; the text names
            the file, the setting and what is allowed.

    """
    found = None if path is None else toml_file.table(path)
    if found is None:
        return Config()
    profiles = found.get("profiles", {})
    folders: set[str] = set()
    for name, said in profiles.items() if isinstance(profiles, dict) else ():
        if name.lower() in folders:  # the same on many a disk
            raise BadSettings(f"{path}: [profiles.{sanitize.clean(name)}] differs from another by capitals alone.")
        folders.add(name.lower())
        if not _NAME.fullmatch(name) or name == DEFAULT_PROFILE:
            raise BadSettings(f"{path}: [profiles.{sanitize.clean(name)}] cannot be called so.", _NAMES)
        if not isinstance(said, dict):
            break  # refused with all the rest
        profile = _converted(said, Profile, place := f"{path}: [profiles.{name}]")
        for problem, advice in _wrong_in_profile(profile):
            raise BadSettings(f"{place}: {problem}", advice)
    config = _converted(found, Config, str(path))
    if "days" in found and "window" in found:
        raise BadSettings(f"{path}: `days` and `window` both say what is shown first.", "Leave one of them out.")
    for problem, advice in _wrong(config):
        raise BadSettings(f"{path}: {problem}", advice)
    return config


_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,31}")  # part of a path
_NAMES = "Names have up to 32 letters, digits, - and _. What is outside of any profile is called default."


def _converted(found: object, kind: type[T], place: str) -> T:
    try:
        return msgspec.convert(found, kind, builtin_types=_BUILTIN, str_keys=True)
    except msgspec.ValidationError as error:
        problem, advice = _explained(error, kind)
        raise BadSettings(f"{place}: {problem}", advice) from error


def _wrong_in_profile(profile: Profile) -> Iterator[tuple[str, str]]:
    """Yield what types do not tell: which setting cannot be what it is, and what it can be."""
    if not _holds_no_nul(profile.admin_key_command):
        yield _must("admin_key_command")
    if not math.isfinite(profile.monthly_budget or 0):
        yield _must("monthly_budget")


def _wrong(config: Config) -> Iterator[tuple[str, str]]:
    """Yield the same of all settings."""
    yield from _wrong_in_profile(config)
    can_be = {
        **{name: _holds_no_nul(getattr(config, name)) for name in ("on_threshold", "on_event")},
        "archive": isinstance(config.archive, bool)
        or bool(_holds_no_nul(config.archive) and Path(config.archive).name),
        "live": config.live == 0 or config.live >= LEAST_LIVE,
        "window": config.window is None or windows.named(config.window) is not None,
        "kind": config.kind in {kind.value for kind in Kind},
    }
    yield from (_must(name) for name, can in can_be.items() if not can)
    known = {name for kind in Kind for name in metrics(kind)}
    if not known.issuperset(config.columns or ()):
        yield _must("columns", f"There are: {', '.join(sorted(known))}.")
    for name, chosen in (("by", config.by), ("columns", config.columns or ())):
        if len(set(chosen)) < len(chosen):
            yield f"the setting `{name}` must be {ALLOWED[name]}, each once.", ""


def _must(name: str, advice: str = "") -> tuple[str, str]:
    return f"the setting `{name}` must be {ALLOWED[name]}.", advice


def _holds_no_nul(value: object) -> bool:
    """Return whether the texts of a setting can be handed to the system."""
    texts = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
    return not any("\0" in word for word in texts)


def _explained(error: msgspec.ValidationError, kind: type[object]) -> tuple[str, str]:
    """Return msgspec's words as the name of the setting and what it takes, and what settings there are."""
    words, _, where = sanitize.clean(str(error)).partition(" - at `$.")
    setting = where.rstrip("`").partition("[")[0]
    if "unknown field" not in words:
        return _must(setting)
    inside = f"{setting}." if setting else ""
    known = [name for name in ALLOWED if name.startswith(inside) and "." not in name.removeprefix(inside)]
    known = [name for name in known if inside or hasattr(kind, name)]
    name = words.rpartition("unknown field ")[2].strip("`")
    return f"there is no setting `{inside}{name}`.", f"There are: {', '.join(known)}."
