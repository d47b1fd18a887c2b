"""What follows from an event and needs the terminal: bells, notes, and what is told where nobody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.domain import sanitize
from tui.domain.alerts import Alert
from tui.domain.what import What
from tui.engine.effects import YOUR_COMMAND, Effect, Notify, PoolTurned, Ring, Tell
from tui.output.alerts import sentence
from tui.output.verdict import of_pool

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen

_SEEN_NOWHERE = frozenset({What.NOTHING_FREE, What.PROJECT_BILLED, What.SPIKE})
"""What no other part of the screen says."""


def perform(screen: DashboardScreen, effect: Effect, profile: str = "") -> None:
    """Carry out an effect, of the organization that is shown or of another `profile`, which is named then."""
    match effect:
        case Ring():
            if screen.session.bell:
                screen.app.bell()
        case Tell(alert):
            _tell(screen, alert, profile or screen.session.profile)
        case Notify(title, message):
            if not profile:
                _note(screen, title, message)
            elif title == YOUR_COMMAND:  # all else that goes wrong stands in the list of organizations
                _note(screen, f"{profile}: {title}", message)
        case PoolTurned(status):
            _note(screen, profile or "Pool", of_pool(status, screen.session.clock())[0])
        case _:
            pass


def _tell(screen: DashboardScreen, alert: Alert, profile: str) -> None:
    """Tell of what happened where nobody may look: in the terminal's own way; and here, what else is not seen."""
    words = sentence(alert, profile)
    if alert.what in _SEEN_NOWHERE:
        _note(screen, profile or "Usage", words)
    screen.post_message(screen.Told(words))


def _note(screen: DashboardScreen, title: str, words: str) -> None:
    screen.notify(sanitize.clean(words), title=title, markup=False, timeout=10)
