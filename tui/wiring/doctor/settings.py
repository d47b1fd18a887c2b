"""Whether the files of settings can be read, and whether there is an admin key."""

from __future__ import annotations

import os
from dataclasses import dataclass

from tui.commands.doctor import Finding, State, failed
from tui.config import key, load, paths, prices
from tui.config.schema import Config
from tui.domain.secret import Secret
from tui.errors import BadSettings, KeyMissing
from tui.wiring import screen_settings
from tui.wiring.sources import Said

CONFIG, KEY = "config", "key"
_ADMIN = "sk-admin-"


@dataclass(frozen=True)
class Found:
    """The findings, the settings and the key, each None where there is none that can be used."""

    findings: tuple[Finding, Finding]
    config: Config | None
    key: Secret | None


def settings(said: Said) -> Found:
    """Return what the user set. A command that prints the key is run, once."""
    if "demo" in said:
        words = "not read: the demo shows the program as it comes", "the demo needs none"
        unread, unneeded = (Finding(name, State.SKIP, each) for name, each in zip((CONFIG, KEY), words, strict=True))
        return Found((unread, unneeded), Config(), None)
    config, first = _config()
    admin_key, second = _key(config)
    return Found((first, second), config, admin_key)


def _config() -> tuple[Config | None, Finding]:
    path = paths.config_path()
    try:
        config = load.load(path)
    except BadSettings as error:
        return None, failed(CONFIG, error)
    try:
        prices.prices(paths.prices_path())
        screen_settings.check({}, config)
    except BadSettings as error:
        return config, failed(CONFIG, error)
    if path is None:
        words, advice = f"{paths.NO_HOME} The defaults hold.", "Set HOME, or XDG_CONFIG_HOME."
        return config, Finding(CONFIG, State.WARN, words, advice)
    try:
        path.stat()
    except PermissionError:
        advice = "Set HOME to a folder of this user's own."
        return config, Finding(CONFIG, State.WARN, f"{path} cannot be reached; the defaults hold", advice)
    except OSError:
        return config, Finding(CONFIG, State.OK, f"there is no {path}; the defaults hold")
    return config, Finding(CONFIG, State.OK, f"{path} can be used")


def _key(config: Config | None) -> tuple[Secret | None, Finding]:
    is_in_environment = bool(os.environ.get(key.VARIABLE, "").strip())
    if config is None and not is_in_environment:
        words = f"{key.VARIABLE} is not set, and whether there is an admin_key_command is not known"
        return None, Finding(KEY, State.SKIP, words, "Put the config file right first.")
    command = None if config is None else config.admin_key_command
    try:
        found = key.find(os.environ, command, paths.config_path())
    except KeyMissing as error:
        return None, failed(KEY, error)
    origin = key.VARIABLE if is_in_environment else "admin_key_command"
    if found.reveal().startswith(_ADMIN):
        return found, Finding(KEY, State.OK, f"there is an admin key, from {origin}")
    advice = "A gateway may have keys of its own kind. OpenAI takes no others for usage."
    return found, Finding(KEY, State.WARN, f"what {origin} gives does not begin with {_ADMIN}", advice)
