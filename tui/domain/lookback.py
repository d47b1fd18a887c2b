"""How far back the API answers, and which part of a window it still keeps.

Usage and costs are kept for a limited time, and a request that begins earlier is refused as a whole. The limit is
not documented, differs by endpoint, and moves on every midnight; the refusal names the earliest day (seen live by
other clients, October 2026).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tui.domain.time import Width, Window

MOST_HALVINGS = 5
"""Requests after a refusal that does not say where to begin: enough for a page of 31 days."""


@dataclass
class Lookback:
    """What one endpoint has told: from where on it keeps anything at all, and from where on it has answered."""

    kept_from: datetime | None = None
    answered_from: datetime | None = None

    def is_told(self, start: datetime) -> bool:
        """Return whether it is known that a window which begins here is answered."""
        return self.answered_from is not None and start >= self.answered_from

    def answers(self, start: datetime) -> None:
        """Take note that a window which begins here is answered."""
        self.answered_from = start if self.answered_from is None else min(self.answered_from, start)


class Search:
    """Reads the part of a window that is kept, request by request.

    Ask for `window` as long as there is one, and report each outcome with `answered` or `refused`. `not_kept`
    returns what was found to be kept no longer. Where a refusal does not say where to begin, the window is halved.
    The newest bucket of a window that reaches the present is always asked for.
    """

    def __init__(self, window: Window, lookback: Lookback) -> None:
        self._whole, self._lookback = window, lookback
        self._oldest = window.start
        """No bucket before this one is kept."""
        self._read_from = window.end
        """Every bucket from here on was answered."""
        self._next = window.start
        self._left = MOST_HALVINGS
        self._reported = window.start
        self._is_at_named_day = self._is_end_tried = False

    @property
    def window(self) -> Window | None:
        """Return what to ask for next, or None where nothing more is to be asked."""
        start = max(self._next, self._floor)
        if start >= self._read_from:
            return None
        running = self._whole.running and self._read_from == self._whole.end
        return replace(self._whole, start=start, end=self._read_from, running=running)

    @property
    def _floor(self) -> datetime:
        """Return the oldest bucket that may still be kept, as far as it is known by now."""
        width, floor = self._whole.width, self._oldest
        if self._lookback.kept_from is not None:
            floor = max(floor, _ceil(self._lookback.kept_from, width))
        return min(floor, self._whole.end - width.span) if self._whole.running else floor

    @property
    def has_failed(self) -> bool:
        """Return whether not even the present was answered, which no limit of age explains."""
        return self._whole.running and self._read_from == self._whole.end and self.window is None

    def answered(self, asked: Window) -> None:
        """Take note that all of this was answered."""
        self._lookback.answers(asked.start)
        self._read_from = asked.start
        self._halve()

    def refused(self, asked: Window, earliest: datetime | None) -> None:
        """Take note that this begins too early; `earliest` is the first moment that is kept, where that was named."""
        first = asked.start + asked.width.span
        is_named = earliest is not None and earliest > asked.start
        if earliest is not None and is_named:
            first = max(first, _ceil(earliest, asked.width))
        known = self._lookback.kept_from
        self._lookback.kept_from = first if known is None else max(known, first)
        self._oldest = max(self._oldest, first)
        if self._whole.running and first >= self._whole.end:  # the present itself: nothing is left to ask for
            self._next = self._read_from
        elif is_named or self._is_at_named_day:  # the day that is named may itself be too early
            self._left -= 1
            self._next = self._oldest if self._left >= 0 else self._read_from
        elif self._may_end_too_early and not self._is_end_tried:
            self._is_end_tried, self._next = True, self._read_from - asked.width.span
        else:
            self._halve()
        self._is_at_named_day = is_named
        if self.has_failed:
            self._lookback.kept_from = known

    @property
    def _may_end_too_early(self) -> bool:
        """Return whether it is not known that anything older than the window's end, or its end, is kept."""
        answered_from = self._lookback.answered_from
        return not self._whole.running and (answered_from is None or self._whole.end < answered_from)

    def _halve(self) -> None:
        """Ask in the middle of what is not known, as long as there are requests left for it."""
        unknown = (self._read_from - self._floor) // self._whole.width.span
        if unknown > 0:
            self._left -= 1
        middle = self._floor + unknown // 2 * self._whole.width.span
        self._next = middle if self._left >= 0 else self._read_from

    def not_kept(self) -> tuple[datetime, ...]:
        """Return the starts of buckets of which it has become known that they are not kept, each once."""
        end = self._read_from if self.window is None else min(self._floor, self._read_from)
        starts = tuple(start for start in self._whole.starts() if self._reported <= start < end)
        self._reported = max(self._reported, end)
        return starts


def _ceil(moment: datetime, width: Width) -> datetime:
    """Return the start of the first bucket that lies wholly after this moment: a part of one would pass for it."""
    start = width.floor(moment)
    return start if start == moment else start + width.span
