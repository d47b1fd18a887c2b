"""The keys that say whether and how often the dashboard refreshes by itself."""

from __future__ import annotations

from textual.screen import Screen

from tui.session.events import Event, Paced, Pacing
from tui.session.run import Run
from tui.session.state import State


class PacingScreen(Screen[None]):
    """A screen that refreshes by itself."""

    run: Run
    state: State

    def happened(self, event: Event) -> None:
        """Turn the state by an event."""
        raise NotImplementedError

    def action_live(self) -> None:
        """Refresh by itself, or stop doing so."""
        self._pace("toggled")

    def action_slower(self) -> None:
        """Refresh less often."""
        self._pace("slower")

    def action_faster(self) -> None:
        """Refresh more often."""
        self._pace("faster")

    def looked_at(self, has_focus: bool) -> None:  # noqa: FBT001  Textual's own call
        """Pause while the terminal has no focus."""
        self._pace("woken" if has_focus else "slept")

    def _pace(self, how: Pacing) -> None:
        before = self.state.pulse
        if before is None:
            self.notify(self.run.why_not_asked, markup=False)
            return
        self.happened(Paced(how, self.run.clock()))
        if how in {"slower", "faster"} and self.state.pulse is not None and self.state.pulse.every == before.every:
            self.notify(f"Every {before.every} s: it cannot be {how}.", markup=False)
