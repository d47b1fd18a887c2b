"""Numbers, ages and durations as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tui.domain.periods import Period
from tui.domain.time import Width

_SOME = 3
"""How many hours or minutes are named where many are to be."""

_UNITS = ("", "k", "M", "G", "T", "P", "E")


def full(number: int) -> str:
    """Return `1234567` as `1,234,567`."""
    return f"{number:,}"


def plain(number: float | Decimal | str | None, decimals: int = 12) -> str:
    """Return a number for a cell of a file: in full, without an exponent; nothing for none, and words as they are.

    Dollars have two decimals, or as many as they need up to `decimals`: a request can cost less than a cent.
    """
    if isinstance(number, Decimal):
        whole, _, part = f"{number:.{decimals}f}".partition(".")
        return f"{whole}.{part.rstrip('0'):0<2}"
    return "" if number is None else str(number)


def short(number: float) -> str:
    """Return a number in at most five characters, rounded: `999`, `1.2k`, `54.7k`, `250k`, `1.2M`."""
    if number < 0:
        return "-" + short(-number)
    size = 1
    for unit in _UNITS:
        if number < 999.5 * size or unit == _UNITS[-1]:
            break
        size *= 1_000
    tenths = round(number * 10 / size)
    if unit and tenths < 1_000 and tenths % 10:
        return f"{tenths // 10}.{tenths % 10}{unit}"
    return f"{round(number / size)}{unit}"


def duration(span: timedelta) -> str:
    """Return a duration as a person says it: `9h57m`, `57m`, `12s`."""
    seconds = max(0, int(span.total_seconds()))
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    if days:
        return f"{days}d{hours:02d}h"
    if hours:
        return f"{hours}h{minutes:02d}m"
    return f"{minutes}m" if minutes else f"{seconds}s"


def clock(moment: datetime) -> str:
    """Return the UTC time of day: `14:02:31`."""
    return f"{moment:%H:%M:%S}"


def day(moment: datetime) -> str:
    """Return the UTC date: `2026-11-22`."""
    return f"{moment:%Y-%m-%d}"


def weekday(moment: datetime) -> str:
    """Return the UTC date with its weekday, for people: `Fri 20 Nov`."""
    return f"{moment:%a %d %b}"


def bucket(start: datetime, width: Width) -> str:
    """Return how a bucket is called in a list of its like: `2026-11-22`, `14:00`, `14:02`."""
    return day(start) if width is Width.DAY else f"{start:%H:%M}"


def stamp(start: datetime, width: Width | Period) -> str:
    """Return a bucket's start for programs: `2026-11-22`, `2026-11-22T14:00Z`, or a period: `2026-W47`, `2026-11`."""
    if isinstance(width, Period):
        return width.name_of(start)
    return day(start) if width is Width.DAY else f"{start:%Y-%m-%dT%H:%MZ}"


def count(number: int, noun: str) -> str:
    """Return `1 model` or `4 models`."""
    return f"{full(number)} {noun}" if number == 1 else f"{full(number)} {noun}s"


def left_out(starts: tuple[datetime, ...], width: Width) -> str:
    """Return what is to be said of buckets that the API did not name."""
    if width is Width.DAY:
        names = days_named(starts)
    else:
        names = ", ".join(f"{start:%Y-%m-%d %H:%M}" for start in starts[:_SOME]) + (", …" if starts[_SOME:] else "")
    return f"The API left out {names}. What was read of it before, if anything, is shown."


def days_named(days: tuple[datetime, ...]) -> str:
    """Return dates as ranges: `2026-11-08 to 2026-11-10, 2026-11-12`."""
    ranges: list[list[datetime]] = []
    for moment in days:
        if ranges and moment - ranges[-1][-1] == timedelta(days=1):
            ranges[-1][1:] = [moment]
        else:
            ranges.append([moment])
    return ", ".join(" to ".join(day(moment) for moment in ends) for ends in ranges)


def instant(moment: datetime | None) -> str | None:
    """Return a moment in RFC 3339, in UTC, to the second."""
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
