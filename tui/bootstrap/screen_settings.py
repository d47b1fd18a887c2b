"""Settings of the screen: keys and themes. Every command refuses what is wrong with them, whoever reads it first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.config import catalogue, paths
from tui.config.schema import THEMES, Config
from tui.domain import sanitize
from tui.errors import BadSettings

if TYPE_CHECKING:
    from tui.ui.actions.action import Action


def check(theme: str | None, file: Config) -> None:
    """Refuse what some command would refuse, so that all do. `theme` is the one that a flag names.

    What knows the keys and the themes is slow to load, and is loaded only where there is something to check.

    Raises:
        BadSettings: where there is no such action, key or theme, or models are in two pools.
    """
    catalogue.check(file)
    own_actions(file.keys)
    _check_theme(theme, "--theme")
    _check_theme(file.theme, f"{paths.shown(paths.config_path())}: the setting `theme`")


def own_actions(keys: Mapping[str, str]) -> Sequence[Action] | None:
    """Return the dashboard's actions with the user's own keys; None where there are no such keys.

    Raises:
        BadSettings: where there is no such action or key.
    """
    if not keys:
        return None
    from tui.ui.actions import keymap

    try:
        return keymap.remapped(keys)
    except BadSettings as error:
        raise BadSettings(f"{paths.shown(paths.config_path())}: {error.problem}", error.advice) from error


def is_theme(name: str | None) -> bool:
    """Return whether there is such a theme, or none is named."""
    if name is None or name in THEMES:
        return True
    from tui.ui import theme

    return name in theme.NAMES


def _check_theme(name: str | None, place: str) -> None:
    if name is not None and not is_theme(name):
        from tui.ui import theme

        raise BadSettings(
            f"{place}: there is no theme {sanitize.clean(name)}.", f"There are: {', '.join(theme.NAMES)}."
        )
