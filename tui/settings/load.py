"""Reads `config.toml`: flags beat the environment, which beats the file, which beats the defaults."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Literal

import msgspec
import platformdirs

from tui.domain import text
from tui.domain.kinds import Kind
from tui.domain.measures import measures
from tui.domain.view import COST
from tui.errors import BadSettings
from tui.settings import toml
from tui.settings.bounds import LEAST
from tui.settings.schema import ALLOWED, Config

APP = "oai-usage-tui"

_BUILTIN = (date, datetime, time)
"""Types of TOML that are no settings, so that one of them is refused by the name of its setting."""


NO_HOME = "There is no home folder: HOME is not set, and the system does not know this user."


def home() -> Path | None:
    """Return the user's home folder; None where there is none, as for a user id that the system does not know."""
    try:
        return Path.home()
    except RuntimeError:
        return None


def _below(platforms: Callable[[str, Literal[False]], Path], *names: str) -> Path | None:
    """Return a place in a folder of the platform's; None where that rests on a home that there is not."""
    try:
        folder = platforms(APP, False)  # noqa: FBT003  no author in the path
    except RuntimeError:
        return None
    return folder.joinpath(*names) if folder.is_absolute() else None  # older versions say ~/.config


def config_path() -> Path | None:
    """Return where the platform keeps this program's configuration. Here as below: None where there is no home."""
    return _below(platformdirs.user_config_path, "config.toml")


def prices_path() -> Path | None:
    """Return where the user's own prices are."""
    return _below(platformdirs.user_config_path, "prices.toml")


def cache_path() -> Path | None:
    """Return where the platform keeps what can be had again."""
    return _below(platformdirs.user_cache_path)


def archive_path() -> Path | None:
    """Return where the platform keeps what must not be lost."""
    return _below(platformdirs.user_data_path, "archive.db")


def state_path() -> Path | None:
    """Return where the platform keeps what this program remembers of its use."""
    return _below(platformdirs.user_state_path, "state.toml")


def shown(path: Path | None) -> str:
    """Return how a place of the configuration is written: with `~` for the home folder."""
    if path is None:
        return "config.toml"
    place = home()
    return text.inert(f"~/{path.relative_to(place)}" if place and path.is_relative_to(place) else str(path))


def load(path: Path | None) -> Config:
    """Return what the file says; a file that does not exist says nothing.

    Raises:
        BadSettings: where it cannot be read, or holds a setting that is unknown or of the wrong type; the text names
            the file, the setting and what is allowed.

    """
    found = None if path is None else toml.table(path)
    if found is None:
        return Config()
    try:
        config = msgspec.convert(found, Config, builtin_types=_BUILTIN, str_keys=True)
    except msgspec.ValidationError as error:
        raise BadSettings(f"{path}: {_explained(error)}") from error
    wrong = _wrong(config)
    if wrong:
        raise BadSettings(f"{path}: the setting {wrong}")
    return config


def _wrong(config: Config) -> str:
    """Return which setting cannot be what it is, and what it must be; or nothing."""
    paths = ("archive", "admin_key_command", "on_threshold")
    bad = [name for name in paths if any("\0" in word for word in _words(getattr(config, name)))]
    bad += ["archive"] if config.archive == "" else []
    bad += ["monthly_budget"] if not math.isfinite(config.monthly_budget or 0) else []
    bad += ["live"] if 0 < config.live < LEAST else []
    bad += ["kind"] if config.kind not in {kind.value for kind in Kind} else []
    if bad:
        return f"`{bad[0]}` must be {ALLOWED[bad[0]]}."
    known = {COST, *(name for kind in Kind for name in measures(kind))}
    if not known.issuperset(config.columns or ()):
        return f"`columns` must be {ALLOWED['columns']}. There are: {', '.join(sorted(known))}."
    for name, chosen in (("by", config.by), ("columns", config.columns or ())):
        if len(set(chosen)) < len(chosen):
            return f"`{name}` must be {ALLOWED[name]}, each once."
    return ""


def _words(value: object) -> tuple[str, ...]:
    """Return the texts of a setting."""
    return (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()


def _explained(error: msgspec.ValidationError) -> str:
    """Return msgspec's words as the name of the setting and what it takes."""
    words, _, where = text.inert(str(error)).partition(" - at `$.")
    setting = where.rstrip("`").partition("[")[0]
    if "unknown field" in words:
        inside = f"{setting}." if setting else ""
        known = [name for name in ALLOWED if name.startswith(inside) and "." not in name.removeprefix(inside)]
        name = words.rpartition("unknown field ")[2].strip("`")
        return f"there is no setting `{inside}{name}`. There are: {', '.join(known)}."
    return f"the setting `{setting}` must be {ALLOWED[setting]}."
