"""What goes wrong while a command watches on its own: said once on stderr, and never a reason to end."""

from __future__ import annotations

from tui.commands.messages import tell
from tui.engine.effects import Effect, Notify
from tui.engine.engine import Engine


def note(effect: Effect) -> None:
    """Say what would be a note on the screen: costs that are refused, for one."""
    match effect:
        case Notify(title, message):
            tell(f"{title}: {message}")
        case _:
            pass


class Problems:
    """Says once why nothing can be read, and once that it can again; and each fault of our own once."""

    def __init__(self) -> None:
        self._said: str | None = None
        self._fault: str | None = None

    def say(self, engine: Engine) -> None:
        """Say what is another than before."""
        failure, fault = engine.state.days.failure, engine.fault
        if fault is not None and fault.sentence != self._fault:
            self._fault = fault.sentence
            tell(fault.sentence)
        problem = None if failure is None else failure.sentence
        if problem != self._said:
            self._said = problem
            tell("it can be read again." if problem is None else problem)
