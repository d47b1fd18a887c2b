"""Where this program's files are: in the platform's folders. None where there is no home that they could be in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import platformdirs

from tui import PROGRAM
from tui.domain import sanitize

DEFAULT_PROFILE = "default"

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
        folder = platforms(PROGRAM, False)  # noqa: FBT003  no author in the path
    except RuntimeError:
        return None
    return folder.joinpath(*names) if folder.is_absolute() else None  # older versions say ~/.config


def config_path() -> Path | None:
    """Return where the platform keeps this program's configuration."""
    return _below(platformdirs.user_config_path, "config.toml")


def prices_path() -> Path | None:
    """Return where the user's own prices are."""
    return _below(platformdirs.user_config_path, "prices.toml")


def cache_path() -> Path | None:
    """Return where the platform keeps what can be had again."""
    return _below(platformdirs.user_cache_path)


def _folder(profile: str) -> tuple[str, ...]:
    """Return the folder for what is kept of a profile: the default one has been there before there were others."""
    return () if profile == DEFAULT_PROFILE else ("profiles", profile)


def archive_path(profile: str = DEFAULT_PROFILE) -> Path | None:
    """Return where the platform keeps what must not be lost."""
    return _below(platformdirs.user_data_path, *_folder(profile), "archive.db")


def state_path(profile: str = DEFAULT_PROFILE) -> Path | None:
    """Return where the platform keeps what this program remembers of its use."""
    return _below(platformdirs.user_state_path, *_folder(profile), "state.toml")


def claims_path(profile: str = DEFAULT_PROFILE) -> Path | None:
    """Return where it is kept which events were told of already."""
    return _below(platformdirs.user_state_path, *_folder(profile), "told.json")


def first_frame_path(profile: str = DEFAULT_PROFILE) -> Path | None:
    """Return where the screen is kept that the next start begins with; `tui.first_frame_file` finds it by itself."""
    return _below(platformdirs.user_cache_path, *_folder(profile), "first-frame")


def shown(path: Path | None) -> str:
    """Return how a place of the configuration is written: with `~` for the home folder."""
    if path is None:
        return "config.toml"
    place = home()
    return sanitize.clean(f"~/{path.relative_to(place)}" if place and path.is_relative_to(place) else str(path))
