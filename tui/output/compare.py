"""How much more it is than before, as a sentence."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.domain.compare import Change, Compared
from tui.domain.periods import Period
from tui.domain.time import DAY, Width, midnight

_MANY_TIMES = 1_000
"""Percent, from which on a change is told as a factor; a larger factor is not told in a column."""


def short(percent: float) -> str:
    """Return a change as it stands in a column, in at most five characters: `+12%`, `-8%`, `12x`, `>999x`."""
    if round(percent) < _MANY_TIMES:
        return f"{_rounded(percent):+d}%" if round(percent) else "0%"
    times = percent / 100 + 1
    return f"{times:.0f}x" if round(times) < _MANY_TIMES else f">{_MANY_TIMES - 1}x"


def _rounded(percent: float) -> int:
    """Return whole percent; -100 only where nothing is left."""
    return max(round(percent), -99) if percent > -100 else -100


def sentence(change: Change, compared: Compared, start: datetime, unit: Width | Period, now: datetime) -> str:
    """Return how much more was used than before, of what begins at `start`: `12% more than yesterday by 14:00`."""
    percent, than = change.percent, f"{_before(compared.start, start, unit, now)}{_part(compared, unit)}"
    if percent is None:
        return f"none, nor in {than}" if isinstance(unit, Period) else f"none, nor {than}"
    if percent == "new":
        return f"new: none in {than}" if isinstance(unit, Period) else f"new: none {than}"
    if round(percent) == 0:
        return f"as much as {than}"
    if percent >= _MANY_TIMES:
        return f"{percent / 100 + 1:.0f} times {than}"
    return f"{abs(_rounded(percent))}% {'more' if percent > 0 else 'less'} than {than}"


def _before(before: datetime, start: datetime, unit: Width | Period, now: datetime) -> str:
    """Return what the time before is called."""
    if unit is Period.MONTH:
        return f"{before:%b}"
    if unit is Period.WEEK:
        return f"{before:week %V}"
    day, is_near = midnight(before), midnight(start) - midnight(before) == DAY
    if unit is Width.HOUR:
        return f"{before:%a %H:%M}"
    near = "yesterday" if midnight(start) == midnight(now) else "the day before"
    return near if is_near else f"{day:%a %d %b}"


def _part(compared: Compared, unit: Width | Period) -> str:
    """Return from when and up to when it is compared, where that is not all of it."""
    since, until = compared.since, compared.until
    if until is not None and unit is Width.DAY:
        return f" by {until:%H:%M}"
    begin = "" if since is None else f" from {_day(since, unit)}"
    if until is None:
        return begin
    last = until - timedelta(microseconds=1)
    day = _day(last, unit)
    return f"{begin} by {day}" if until == midnight(until) else f"{begin} by {day}, {until:%H:%M}"


def _day(day: datetime, unit: Width | Period) -> str:
    return f"{day:%a}" if unit is Period.WEEK else f"the {_ordinal(day.day)}"


def _ordinal(number: int) -> str:
    ending = "th" if number in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
