"""The flags: which there are, which commands they belong to, and what they take."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.cli.help import ARCHIVE, CHECK, COMPLETION, DEMO_SERVER, DOCTOR, EXPORT, POOLS, WHY
from tui.config.schema import DEFAULT_LIVE, LEAST_LIVE, MOST_LIVE
from tui.domain.grouping import DIMENSIONS, MOST_DIMENSIONS
from tui.domain.kinds import Kind
from tui.domain.window import MAX_DAYS

DIMENSION_NAMES, KIND_NAMES = tuple(DIMENSIONS), tuple(kind.value for kind in Kind)

if TYPE_CHECKING:
    from tui.domain.grouping import Grouping

DASHBOARD = None
_ASKING = (DASHBOARD, EXPORT, POOLS, CHECK, WHY)
_SHOWING = (DASHBOARD, EXPORT)


def _whole(low: int, high: int) -> Callable[[str], int]:
    def whole(value: str) -> int:
        if not (value.isascii() and value.isdigit() and len(value) < 19 and low <= int(value) <= high):
            raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high}")
        return int(value)

    return whole


def _percent(value: str) -> float:
    try:
        percent = float(value)
    except ValueError:
        percent = -1.0
    if not 0 < percent <= 1000:
        raise argparse.ArgumentTypeError("must be a number above 0, up to 1000")
    return percent


def _name(value: str) -> str:
    if not value.strip():
        raise argparse.ArgumentTypeError("must be a name")
    return value


def _names(value: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    if not names or len(set(names)) < len(names):
        raise argparse.ArgumentTypeError("must be different names with commas between")
    return names


def _dimensions(value: str) -> Grouping:
    from tui.domain.grouping import Grouping

    names = () if value == "none" else _names(value)
    if value != "none" and (not names or len(names) > MOST_DIMENSIONS or len(set(names)) < len(names)):
        raise argparse.ArgumentTypeError("must be one or two different names, like model or project,model; or none")
    for name in names:
        if name not in DIMENSION_NAMES:
            raise argparse.ArgumentTypeError(f"must be of {', '.join(DIMENSION_NAMES)}; or none")
    return Grouping(names)


_YEARS = range(2020, 2200)
"""Before, there was no API."""


DAYS_AGO = {"today": timedelta(0), "yesterday": timedelta(days=1)}
"""Days that have a name, and how long before today they are."""


def _day(value: str) -> datetime | timedelta:
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


class Flag(NamedTuple):
    """A flag, the commands that it belongs to (None: the dashboard), and what argparse is told of it.

    `idle` are those of the commands that take it and have no use for it: their help does not name it.
    """

    name: str
    commands: tuple[str | None, ...]
    options: dict[str, Any]
    idle: tuple[str | None, ...] = ()

    @property
    def key(self) -> str:
        """Return the name under which argparse keeps the value."""
        return self.name.removeprefix("--").replace("-", "_")


def _flag(name: str, *commands: str | None, **options: Any) -> Flag:  # noqa: ANN401  argparse's own
    return Flag(name, commands, options)


def _of_the_screen(name: str, **options: Any) -> Flag:  # noqa: ANN401  argparse's own
    """Plain `oai-usage-tui` with its output in a pipe is an export, whatever else is said of the dashboard."""
    return Flag(name, _SHOWING, options, idle=(EXPORT,))


STDOUT = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
"""What `--output` may call stdout."""

_YES = {"action": "store_true"}

FLAGS = (
    _flag("--demo", *_ASKING, DOCTOR, **_YES, help="show a synthetic organization; needs no key"),
    _flag("--replay", DASHBOARD, EXPORT, metavar="FILE", help="read what `export --raw` saved instead of asking"),
    _flag(
        "--days",
        DASHBOARD,
        EXPORT,
        type=_whole(0, MAX_DAYS),
        metavar="N",
        help=f"whole UTC days before today, 0 to {MAX_DAYS} (default: 14)",
    ),
    _flag(
        "--base-url",
        *_ASKING,
        ARCHIVE,
        DOCTOR,
        metavar="URL",
        help="where to ask (default: https://api.openai.com/v1)",
    ),
    _flag("--offline", DASHBOARD, EXPORT, POOLS, WHY, **_YES, help="show what is on disk, and ask nobody"),
    _flag(
        "--archive",
        *_ASKING,
        ARCHIVE,
        DOCTOR,
        type=_name,
        metavar="PATH",
        help="where to keep what was read (default: in the data folder)",
    ),
    _flag("--no-archive", *_ASKING, DOCTOR, **_YES, help="keep nothing, and use nothing that was kept"),
    _flag(
        "action",
        ARCHIVE,
        nargs="?",
        default="info",
        choices=["info", "refresh", "clear", "vacuum"],
        help="what to do (default: info)",
    ),
    _flag("shell", COMPLETION, choices=["bash", "zsh", "fish", "tcsh"], help="which shell"),
    _flag("--yes", ARCHIVE, **_YES, help="clear without being asked"),
    _of_the_screen(
        "--live",
        type=_whole(LEAST_LIVE, MOST_LIVE),
        metavar="SECONDS",
        help=f"refresh so often, {LEAST_LIVE} or more (default: {DEFAULT_LIVE})",
    ),
    _of_the_screen("--no-live", **_YES, help="refresh only when asked"),
    _of_the_screen("--pause-unfocused", **_YES, help="do not refresh while the terminal has no focus"),
    _flag(
        "--width",
        DASHBOARD,
        choices=["1d", "1h", "1m"],
        help="begin with days, today's hours, or this hour's minutes",
    ),
    _of_the_screen("--no-mouse", **_YES, help="leave the mouse to the terminal"),
    _of_the_screen("--theme", type=_name, metavar="NAME", help="dark, light, ansi, or another: the key T lists them"),
    _of_the_screen("--ascii", **_YES, help="draw without blocks, lines and signs"),
    _of_the_screen("--plain-driver", **_YES, help="draw as Textual does, instead of sending only what differs"),
    _of_the_screen("--no-bell", **_YES, help="no bell when a pool crosses a threshold"),
    _flag(
        "--format",
        EXPORT,
        choices=["markdown", "csv", "json", "ndjson", "openmetrics"],
        help="how to print (default: markdown)",
    ),
    _flag(
        "--since",
        EXPORT,
        ARCHIVE,
        type=_day,
        metavar="DAY",
        help="the first UTC day: a date like 2026-11-20, today, yesterday",
    ),
    _flag("--until", EXPORT, type=_day, metavar="DAY", help="the last UTC day, likewise (default: today)"),
    _flag(
        "--kind",
        *_SHOWING,
        choices=KIND_NAMES,
        metavar="KIND",
        help=f"what is counted: {', '.join(KIND_NAMES)} (default: completions)",
    ),
    _flag(
        "--by",
        *_SHOWING,
        type=_dimensions,
        metavar="NAMES",
        help=f"a line for each of these, at most two: {', '.join(DIMENSION_NAMES)}; or none (default: model)",
    ),
    _flag(
        "--columns",
        *_SHOWING,
        type=_names,
        metavar="NAMES",
        help="which numbers, in which order, like total,free,share",
    ),
    _flag(
        "--output",
        EXPORT,
        type=_name,
        metavar="FILE",
        help="write a file, whole or not at all, instead of stdout, which is -",
    ),
    _flag("--excel", EXPORT, **_YES, help="print CSV that Excel opens as the UTF-8 that it is"),
    _flag(
        "--max-model-length",
        EXPORT,
        type=_whole(0, 10_000),
        metavar="N",
        help="cut model names at N, 0 for no cut (default: 30)",
    ),
    _flag("--raw", EXPORT, **_YES, help="print the API's own JSON pages, one a line"),
    _flag("--json", POOLS, WHY, DOCTOR, **_YES, help="print JSON"),
    _flag("--oneline", POOLS, **_YES, help="print one short line for a prompt or a status line"),
    _flag(
        "--max-age",
        POOLS,
        type=_whole(0, 86_400),
        metavar="SECONDS",
        help="with --oneline: ask the API at most so often (default: 60)",
    ),
    _flag(
        "--date",
        POOLS,
        WHY,
        type=_day,
        metavar="DAY",
        help="the UTC day: a date like 2026-11-20, or yesterday (default: today)",
    ),
    _flag(
        "--model",
        DASHBOARD,
        WHY,
        EXPORT,
        type=_name,
        action="append",
        metavar="MODEL",
        help="only this model; repeatable",
    ),
    _flag(
        "--project",
        *_SHOWING,
        type=_name,
        action="append",
        metavar="NAME",
        help="only this project, by name or id; repeatable",
    ),
    _flag(
        "--user",
        *_SHOWING,
        type=_name,
        action="append",
        metavar="NAME",
        help="only this user, by name or id; repeatable",
    ),
    _flag(
        "--key",
        *_SHOWING,
        type=_name,
        action="append",
        metavar="NAME",
        help="only this API key, by name or id; repeatable",
    ),
    _flag("--pool", CHECK, choices=["large", "small"], help="which pool of free tokens"),
    _flag("--max-percent", CHECK, type=_percent, metavar="N", help="the bound: this much of the pool is used"),
    _flag("--min-left", CHECK, type=_whole(1, 10**15), metavar="TOKENS", help="the bound: less than this is left"),
    _flag("--wait", CHECK, **_YES, help="wait until the pool is below the bound, the reset included"),
    _flag(
        "--port",
        DEMO_SERVER,
        type=_whole(0, 65_535),
        metavar="P",
        help="port on 127.0.0.1, 0 for any that is free (default: 8765)",
    ),
    _flag("--projects", DEMO_SERVER, type=_whole(1, 2_000), metavar="N", help="a larger organization: its projects"),
    _flag("--models", DEMO_SERVER, type=_whole(1, 100), metavar="N", help="a larger organization: its models"),
    _flag("--keys", DEMO_SERVER, type=_whole(1, 20), metavar="N", help="a larger organization: keys in each project"),
    _flag("--seed", DEMO_SERVER, type=_whole(0, 10**9), metavar="S", help="which organization (default: 1)"),
)

APART = (
    ("demo", "replay"),
    ("demo", "base_url"),
    ("replay", "base_url"),
    ("replay", "raw"),
    ("raw", "format"),
    ("raw", "columns"),
    ("raw", "output"),
    ("raw", "excel"),
    ("days", "since"),
    ("days", "until"),
    ("replay", "since"),
    ("replay", "until"),
    ("raw", "max_model_length"),
    ("json", "oneline"),
    ("oneline", "date"),
    ("max_percent", "min_left"),
    ("live", "no_live"),
    ("archive", "no_archive"),
    ("demo", "archive"),
    ("replay", "archive"),
    ("offline", "no_archive"),
    ("offline", "demo"),
    ("offline", "replay"),
    ("offline", "raw"),
    ("offline", "live"),
    ("replay", "live"),
    ("replay", "width"),
)
"""Flags that exclude each other."""
