"""Where the cursor of the table goes when another level is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tui.domain.line import Line
from tui.engine.events import LineKey
from tui.engine.state import State


class CursorGoal:
    """In a level that was gone back to, the line that was entered; in one that is opened, where usage begins."""

    def __init__(self) -> None:
        self._left: LineKey | None = None
        self._is_opening = False

    def follow(self, before: State, after: State) -> None:
        """Learn of another level."""
        depth, depth_before = len(after.levels), len(before.levels)
        if depth < depth_before:
            self._left = before.levels[depth].came_from
        if depth != depth_before:
            self._is_opening = depth > depth_before

    def give_up(self) -> None:
        """Go nowhere any more: the user was faster than the answer."""
        self._is_opening = False

    def take(self, lines: Sequence[Line], through: datetime | None) -> tuple[LineKey | None, datetime | None]:
        """Return the line to go to with these lines, once, and the bucket to unfold there; None to stay.

        The API has not come to the newest buckets of a level yet: it begins at the newest that was counted `through`.
        """
        left, self._left = self._left, None
        if left is not None or not self._is_opening:
            return left, None
        for line in lines:
            if line.is_bucket and line.sums and (through is None or line.start < through):
                self._is_opening = False
                return line.key, line.start if line.groups and not line.open else None
        return None, None
