"""What can follow from an event beside the new state. Values only: the engine and the screen carry them out."""

from __future__ import annotations

from msgspec import Struct

from tui.domain.alerts import Alert
from tui.domain.pool_status import PoolStatus
from tui.domain.runs import Run
from tui.domain.time import Width


class Load(Struct, frozen=True):
    """Read the buckets of this width.

    A `poll` reads only what can still change. Of a `quiet` reading nothing is shown, and what is settled is left out.
    """

    width: Width
    poll: bool = False
    quiet: bool = False


class StopLoading(Struct, frozen=True):
    """End the reading of buckets of this width."""

    width: Width


class LoadNames(Struct, frozen=True):
    """Read what the ids are called that the state wants to show, where that is not known."""


class LoadExtras(Struct, frozen=True):
    """Read what is wanted beside the view, as far as it was not read."""


class LoadCosts(Struct, frozen=True):
    """Read what it costs, if it is time for that."""


class LoadSettings(Struct, frozen=True):
    """Read limits and settings that are wanted and not known; of `kept` ones only, where nobody is asked."""

    kept: bool = False


class ForgetCosts(Struct, frozen=True):
    """Forget when costs were asked for: another organization answers now."""


class FindUnmatched(Struct, frozen=True):
    """Find out whether nothing was used of something that was asked for by name: once, a typing error perhaps."""


class LoadRuns(Struct, frozen=True):
    """Read which runs are kept, and of those that are not complete what is missing, as far as it is time for that."""


class KeepRun(Struct, frozen=True):
    """Keep a run, in the place of what was known of it."""

    run: Run


class ForgetRun(Struct, frozen=True):
    """Keep a run no longer."""

    run: Run


class Ring(Struct, frozen=True):
    """Ring the terminal's bell."""


class Tell(Struct, frozen=True):
    """Tell of something that happened, to whoever is there, and to the user's own command."""

    alert: Alert


class Notify(Struct, frozen=True):
    """Show a note for a while."""

    title: str
    message: str


YOUR_COMMAND = "Your command"
"""The title of a note about a command of the user's own."""


class PoolTurned(Struct, frozen=True):
    """Tell that a pool runs out before the reset now, though it did not before, or that it lasts again."""

    status: PoolStatus


class Remember(Struct, frozen=True):
    """Keep a choice for the next start."""

    name: str
    value: object


Reading = (
    Load | StopLoading | LoadExtras | LoadRuns | LoadNames | LoadCosts | LoadSettings | ForgetCosts | FindUnmatched
)
"""What the loader does."""

Performed = KeepRun | ForgetRun | Ring | Tell | Notify | PoolTurned | Remember
"""What is done beside that, with a terminal or without."""

Effect = Reading | Performed
