"""What flags take: each function reads a value, or says what it must be."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tui.domain.bounds import MAX_DAYS
from tui.domain.dimensions import DIMENSIONS, MOST_DIMENSIONS, Grouping
from tui.domain.what import What

if TYPE_CHECKING:
    from pathlib import Path


def whole(low: int, high: int) -> Callable[[str], int]:
    """Return what reads a whole number in these bounds."""

    def read(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 19 and low <= int(value) <= high):
            raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high}")
        return int(value)

    return read


def window(value: str) -> str:
    """Return the name of a window."""
    from tui.domain.windows import NAMED, named  # late: `--help` takes no window

    if named(value) is None:
        raise argparse.ArgumentTypeError(f"must be one of {', '.join(NAMED)}; or so many days, 1d to {MAX_DAYS + 1}d")
    return value


def percent(value: str) -> float:
    """Return a bound in percent, which may be passed by a pool that is spent."""
    try:
        read = float(value)
    except ValueError:
        read = -1.0
    if not 0 < read <= 1000:
        raise argparse.ArgumentTypeError("must be a number above 0, up to 1000")
    return read


def name(value: str) -> str:
    """Return a text that is not blank."""
    if not value.strip():
        raise argparse.ArgumentTypeError("must be a name")
    return value


def names(value: str) -> tuple[str, ...]:
    """Return names that stand with commas between."""
    found = tuple(each.strip() for each in value.split(",") if each.strip())
    if not found or len(set(found)) < len(found):
        raise argparse.ArgumentTypeError("must be different names with commas between")
    return found


def address(value: str) -> tuple[str, int]:
    """Return a host and a port, like 127.0.0.1:9464 or [::1]:9464."""
    host, _, port = value.rpartition(":")
    if not host or not (port.isascii() and port.isdigit() and len(port) < 6 and int(port) < 65_536):
        raise argparse.ArgumentTypeError("must be an address like 127.0.0.1:9464")
    return host.removeprefix("[").removesuffix("]"), int(port)


def events(value: str) -> tuple[What, ...]:
    """Return what is to be told of."""
    known = {what.value: what for what in What}
    found = names(value)
    if not known.keys() >= set(found):
        raise argparse.ArgumentTypeError(f"must be of {', '.join(known)}")
    return tuple(known[each] for each in found)


def dimensions(value: str) -> Grouping:
    """Return what lines are broken down by."""
    found = () if value == "none" else names(value)
    if len(found) > MOST_DIMENSIONS:
        raise argparse.ArgumentTypeError("must be one or two different names, like model or project,model; or none")
    if not DIMENSIONS.keys() >= set(found):
        raise argparse.ArgumentTypeError(f"must be of {', '.join(DIMENSIONS)}; or none")
    return Grouping(found)


_YEARS = range(2020, 2200)
"""Before, there was no API."""


DAYS_AGO = {"today": timedelta(0), "yesterday": timedelta(days=1)}
"""Days that have a name, and how long before today they are."""


def day(value: str) -> datetime | timedelta:
    """Return the day's midnight; of a day that is told by its distance from today, the distance."""
    named = DAYS_AGO.get(value.lower())
    if named is not None:
        return named
    try:
        date = datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a date like 2026-11-20, or {' or '.join(DAYS_AGO)}") from None
    if date.year not in _YEARS:
        raise argparse.ArgumentTypeError(f"must be a date from {_YEARS[0]} on")
    return date


def month(value: str) -> datetime:
    """Return the midnight that a month begins with."""
    try:
        date = datetime.strptime(value, "%Y-%m").replace(tzinfo=UTC)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a month like 2026-10") from None
    if date.year not in _YEARS:
        raise argparse.ArgumentTypeError(f"must be a month from {_YEARS[0]} on")
    return date


STDOUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
"""What `--output` may call stdout."""


def path(value: str) -> Path:
    """Return the place of a file."""
    from pathlib import Path  # late: `--help` takes no file

    return Path(name(value))


def report(value: str) -> Path:
    """Return the place of a file that can be written, as far as that can be told before."""
    import os  # late: `--help` takes no file

    if value in STDOUT:
        raise argparse.ArgumentTypeError("must be a file: stdout is the command's own")
    found = path(value)
    if found.is_dir():
        raise argparse.ArgumentTypeError(f"{value} is a folder, and must be a file")

    def allows(place: Path, mode: int) -> bool:
        return os.access(place, mode, effective_ids=os.access in os.supports_effective_ids)

    if found.is_file() and not allows(found, os.W_OK):
        raise argparse.ArgumentTypeError(f"must be a file that can be written to: {value} cannot")
    if not found.exists() and not allows(found.parent, os.W_OK | os.X_OK):
        problem = "cannot be written to" if found.parent.is_dir() else "does not exist"
        raise argparse.ArgumentTypeError(f"must be in a folder that can be written to: {found.parent} {problem}")
    return found


def output(value: str) -> Path | None:
    """Return the place of a file, None for stdout."""
    return None if value in STDOUT else path(value)
