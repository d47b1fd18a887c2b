"""Between organizations: the list of all of them, and from one to another."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.app import App, SuspendNotSupported

from tui.engine.organizations import Organizations
from tui.ui import telling
from tui.ui.actions.views import show

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen


@dataclass(frozen=True, slots=True)
class ShowInstead:
    """What the user wants to see instead: another profile, or (None) the demo."""

    profile: str | None = None


def organizations(screen: DashboardScreen) -> None:
    """List the organizations of all profiles, or show the table again."""
    if screen.organizations is None:
        screen.notify("There is one organization: [profiles.NAME] in config.toml sets up others.", markup=False)
        return
    is_shown = screen.view_shown == "organizations"
    if not is_shown:
        open_others(screen)
    show(screen, "usage" if is_shown else "organizations")


def open_others(screen: DashboardScreen) -> None:
    """Begin to read the other organizations, if that was not begun; what gives a key may ask in the terminal."""
    known = screen.organizations
    if known is None or not known.unopened:
        return

    def changed() -> None:
        from tui.ui.views.organizations import OrganizationsView

        found = screen.query(OrganizationsView)
        if screen.view_shown == "organizations" and found:
            found.first().draw_soon()

    with ExitStack() as lent:
        with suppress(SuspendNotSupported):
            lent.enter_context(screen.app.suspend())
        known.open(lambda profile, effect: telling.perform(screen, effect, profile), changed)


def go(screen: DashboardScreen) -> None:
    """Choose another organization, and show it in the place of this one."""
    if screen.organizations is None:
        organizations(screen)  # which says how to set up others
    else:
        choose(screen.app, screen.organizations)


def go_to_listed(screen: DashboardScreen) -> None:
    """Show the organization under the cursor of the list."""
    from tui.ui.views.organizations import OrganizationsView

    name = screen.query_one(OrganizationsView).profile
    if screen.organizations is None or name == screen.organizations.shown:
        show(screen, "usage")
    else:
        screen.app.exit(ShowInstead(name))


def choose(app: App[Any], known: Organizations) -> None:
    """Choose another organization, and show it in the place of all that stands."""
    from tui.ui.dialogs.select import SelectDialog

    def chosen(name: str | None) -> None:
        if name is not None and name != known.shown:
            app.exit(ShowInstead(name))

    app.push_screen(SelectDialog("Organization", [(name, name) for name in known.names], known.shown), chosen)
