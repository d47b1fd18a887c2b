"""Settings of the screen: keys and themes. Every command refuses what is wrong with them, whoever reads it first."""

from __future__ import annotations

from typing import Any

from tui.config import lists, paths
from tui.config.schema import THEMES, Config
from tui.domain import text
from tui.errors import BadSettings
from tui.wiring.sources import Said


def check(said: Said, config: Config) -> None:
    """Refuse what some command would refuse, so that all do.

    What knows the keys and the themes is slow to load, and is loaded only where there is something to check.

    Raises:
        BadSettings: where there is no such action, key or theme.
    """
    lists.check(config)
    own_keys(config)
    check_theme(said.get("theme"), "--theme")
    check_theme(config.theme, f"{paths.shown(paths.config_path())}: the setting `theme`")


def own_keys(config: Config) -> dict[str, Any]:
    """Return what the application is told of the user's own keys, where there are any.

    Raises:
        BadSettings: where there is no such action or key.
    """
    if not config.keys:
        return {}
    from tui.ui.actions import keymap

    try:
        return {"actions": keymap.remapped(config.keys)}
    except BadSettings as error:
        raise BadSettings(f"{paths.shown(paths.config_path())}: {error.problem}", error.advice) from error


def check_theme(name: str | None, place: str) -> None:
    """Refuse a theme that there is not; `place` is where it was named.

    Raises:
        BadSettings: with a list of those that there are.
    """
    if name is None or name in THEMES:
        return
    from tui.ui import theme

    if name not in theme.NAMES:
        raise BadSettings(f"{place}: there is no theme {text.inert(name)}.", f"There are: {', '.join(theme.NAMES)}.")
