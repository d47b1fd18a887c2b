"""What stands in the place of data while there is no key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.domain import sanitize
from tui.engine.organizations import Organizations
from tui.ui import theme
from tui.ui.actions import bindings
from tui.ui.actions.action import Action
from tui.ui.actions.profiles import ShowInstead, choose
from tui.ui.widgets.footer import FooterBar

_STEPS = """\
An admin key reads the usage of a whole organization. Project keys
(sk-proj-…) cannot. Only an owner of the organization can make one.

1  Make one at platform.openai.com/settings/organization/admin-keys
   api.usage.read       is enough for all that is counted
   api.management.read  adds the names of projects, users and keys

2  {hand_over}
   admin_key_command = ["pass", "show", "openai/admin"]
   in {config}

3  Start again. What does not work is found by: oai-usage-tui doctor

The key is only sent to the API; it is never stored, shown or logged.
"""


_OR_EXPORT = """\
Hand it over, in one of two ways:
   export OPENAI_ADMIN_KEY=sk-admin-…"""


class KeyBox(VerticalScroll):
    """The box. Its key comes before the user's own, which are those of the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("d", "screen.demo", "Look at the demo")]


class KeyDialog(Screen[None], inherit_bindings=False):
    """Says what is wrong with the key, how to make one, and how to look around without."""

    ACTIONS_HERE: ClassVar[Mapping[str, str]] = {
        "leave": "app.quit",
        "picture": "app.picture",
        "profile": "screen.profile",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.quit", show=False),
        *bindings(ACTIONS_HERE),
    ]

    def __init__(
        self,
        problem: str,
        config: str,
        actions: Sequence[Action],
        organizations: Organizations | None = None,
        profile: str = "",
    ) -> None:
        """`profile` is the one that lacks a key, where it has a name."""
        super().__init__()
        self._organizations, self._profile = organizations, profile
        self._actions = {action.name: action for action in actions}
        self._problem, self._config = problem, config

    def compose(self) -> ComposeResult:
        """Lay out one box."""
        words = Content.styled(sanitize.clean(self._problem) + "\n\n", f"bold {theme.WARNING}")
        hand_over = f"Hand it over, under [profiles.{self._profile}]:" if self._profile else _OR_EXPORT
        steps = _STEPS.format(config=sanitize.clean(self._config), hand_over=hand_over)
        words = words.append_text(steps, f"not bold {theme.MUTED}")
        words = words.append_text("d", "bold").append_text(" shows the demo, without a key.", theme.MUTED)
        if self._organizations is not None:
            words = words.append_text(f"\n{self._actions['profile'].key}", "bold")
            words = words.append_text(" shows another organization.", theme.MUTED)
        with KeyBox(id="key") as box:
            box.border_title = Content(f"An admin key is needed{f' for {self._profile}' if self._profile else ''}")
            yield Static(words)
        others = () if self._organizations is None else (("profile", "another organization"),)
        yield FooterBar(self._actions, (("leave", "quit"), *others, ("picture", "picture")))

    def action_demo(self) -> None:
        """Show the demo in the place of this."""
        self.app.exit(ShowInstead())

    def action_profile(self) -> None:
        """Go to another organization."""
        if self._organizations is not None:
            choose(self.app, self._organizations)
