"""Profiles: the settings of one organization each. Those that stand outside of any profile are the one `default`."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tui.config.args import Args
from tui.config.key import VARIABLE as KEY_VARIABLE
from tui.config.paths import DEFAULT_PROFILE
from tui.config.schema import Config, Profile
from tui.domain import sanitize
from tui.errors import BadSettings

VARIABLE = "OAI_USAGE_PROFILE"


def chosen(args: Args, environment: Mapping[str, str]) -> str:
    """Return the name of the profile that holds. The demo and a saved file are of no organization of the user's."""
    if args.demo or args.replay is not None:
        return DEFAULT_PROFILE
    return args.profile or environment.get(VARIABLE, "").strip() or DEFAULT_PROFILE


def of(file: Config, name: str) -> Config:
    """Return the file as it holds for a profile: what is about an organization is the profile's own, or not set.

    Raises:
        BadSettings: where there is no such profile.
    """
    if name == DEFAULT_PROFILE:
        return file
    found = file.profiles.get(name)
    if found is None:
        there = ", ".join(sanitize.clean(each) for each in (DEFAULT_PROFILE, *file.profiles))
        raise BadSettings(f"There is no profile {sanitize.clean(name)} in config.toml.", f"There are: {there}.")
    return msgspec.structs.replace(file, **{each: getattr(found, each) for each in Profile.__struct_fields__})


def names(file: Config, environment: Mapping[str, str], now: str) -> tuple[str, ...]:
    """Return the profiles that can be shown; the default one where it has a key, or is the one that holds `now`."""
    has_key = bool(environment.get(KEY_VARIABLE, "").strip() or file.admin_key_command)
    return (*((DEFAULT_PROFILE,) if has_key or now == DEFAULT_PROFILE else ()), *file.profiles)
