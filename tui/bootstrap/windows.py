"""Whether there is anything in the window that was asked for, and in which buckets it is printed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tui.config.settings import Settings
from tui.domain import formatting
from tui.domain.bounds import MAX_DAYS
from tui.domain.time import DAY, Width, Window, last_days
from tui.domain.windows import LastDays, WindowSpec
from tui.errors import BadSettings

if TYPE_CHECKING:
    from tui.sources.openai.replay import Replay

MOST_DAYS_BY = {Width.HOUR: 31, Width.MINUTE: 1}
"""So many days are exported at most in such buckets."""


def days_of(spec: WindowSpec, now: datetime) -> Window:
    """Return the days that were asked for.

    Raises:
        BadSettings: where none of them has begun, or there are too many.
    """
    window = spec.window(now)
    if window.start > now:
        raise BadSettings(f"{window.start:%Y-%m-%d} has not begun yet: days are UTC days, and now is {now:%F %R}.")
    if window.days_before_last > MAX_DAYS:
        raise BadSettings(f"From {window.start:%Y-%m-%d} on there are more than {MAX_DAYS + 1} days: say --until.")
    return window


def days_of_replay(spec: WindowSpec, pages: Replay) -> Window:
    """Return the days that were asked for, as of when the file was saved; the last ones as far as it goes back.

    Raises:
        BadSettings: where the file holds none of them, or they are too many.
    """
    held = last_days(pages.now, pages.days)
    if isinstance(spec, LastDays):
        return last_days(pages.now, min(spec.days_before, pages.days))
    window = days_of(spec, pages.now)
    if window.end <= held.start or held.end <= window.start:
        first, last = formatting.day(held.start), formatting.day(held.end - DAY)
        raise BadSettings(
            f"The replayed file holds nothing of {spec.label}.",
            f"It holds {first} to {last}: say --since and --until.",
        )
    return window


def to_export(settings: Settings, now: datetime) -> Window:
    """Return the window to print, in buckets of the width; openmetrics is about today.

    Raises:
        BadSettings: where there is none, or too much for this width.
    """
    width = settings.width
    if settings.options.format == "openmetrics":
        return last_days(now, 0)
    days = days_of(settings.window, now)
    if width is not Width.DAY and days.days_before_last >= MOST_DAYS_BY[width]:
        raise BadSettings(
            "Hours are printed of at most 31 days, minutes of one: say --window, --days, or --since and --until."
        )
    return Window(days.start, min(days.end, width.floor(now) + width.span), width, running=days.running)
