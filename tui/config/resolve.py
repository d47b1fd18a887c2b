"""Which of those who can set a thing is listened to: flags, then the environment, then preferences, then the file.

This is decided here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from msgspec import structs

from tui.config import profiles
from tui.config.args import Args, Options
from tui.config.catalogue import effective_catalogue
from tui.config.key import VARIABLE
from tui.config.paths import DEFAULT_PROFILE
from tui.config.schema import Config, Preferences
from tui.config.settings import AlertSettings, ScreenSettings, Settings, SourceSettings
from tui.domain import sanitize
from tui.domain.base_url import DEFAULT, BaseUrl, Origin
from tui.domain.bounds import MAX_DAYS
from tui.domain.compare import Against
from tui.domain.dimensions import FILTERS, Grouping, dimensions_of, usual
from tui.domain.kinds import Kind
from tui.domain.metrics import metrics
from tui.domain.periods import Period
from tui.domain.secret import Secret
from tui.domain.time import Width
from tui.domain.view import View
from tui.domain.windows import LastDays, WindowSpec, said
from tui.errors import BadSettings

T = TypeVar("T")


def resolve(args: Args, environment: Mapping[str, str], preferences: Preferences, file: Config) -> Settings:
    """Return what holds for this run. `file` is what `config.toml` says; of the demo it should say nothing.

    Raises:
        BadSettings: where a flag asks for a column that there is not, or a profile that there is not.
    """
    profile = profiles.chosen(args, environment)
    file = profiles.of(file, profile)
    if not heeds_preferences(args):
        preferences = Preferences()
    window = _window(args, preferences, file)
    return Settings(
        args.command,
        Options(**{name: getattr(args, name) for name in Options.__struct_fields__}),
        _source(args, environment, file, profile),
        _view(args, preferences, file),
        window.days_before if isinstance(window, LastDays) else _first(preferences.days, default=file.days),
        window,
        Width(args.width or (file.width if _is_dashboard(args) else Width.DAY.value)),
        ScreenSettings(
            args.theme or preferences.theme or file.theme,
            ascii=args.ascii or file.ascii,
            colours=not environment.get("NO_COLOR"),  # https://no-color.org: an empty one says nothing
            mouse=file.mouse and not args.no_mouse,
            plain_driver=args.plain_driver,
            keys=file.keys,
            terminal=environment.get("TERM", ""),
        ),
        AlertSettings(
            bell=file.bell and not args.no_bell,
            notify=file.notify,
            thresholds=file.thresholds,
            spike_floor=file.spike_floor,
            command=file.on_threshold,
            on_event=file.on_event,
            environment={name: value for name, value in environment.items() if name != VARIABLE},
        ),
        effective_catalogue(file),
        live=None if args.no_live else _first(args.live, default=file.live) or None,
        pause_unfocused=args.pause_unfocused,
        budget=None if file.monthly_budget is None else Decimal(str(file.monthly_budget)),
        excel=args.excel or (_is_dashboard(args) and file.excel),
        period=_period(args, preferences, file),
        against=Against(file.compare),
    )


def heeds_preferences(args: Args) -> bool:
    """Return whether what was chosen in the dashboard holds: it is about the dashboard of one's own organization."""
    return _is_dashboard(args) and not args.demo and args.replay is None


def as_demo(args: Args, environment: Mapping[str, str], screen: ScreenSettings) -> Settings:
    """Return the settings of the demo that is shown instead, as `--demo` has them: nothing was chosen for it.

    It is drawn as before: in this terminal, with these colours and keys.
    """
    args = structs.replace(args, demo=True, **_OF_AN_ORGANIZATION)
    return replace(resolve(args, environment, Preferences(), Config()), screen=screen)


_OF_AN_ORGANIZATION: dict[str, Any] = {
    "profile": None,
    "base_url": None,
    "archive": None,
    "offline": False,
    **dict.fromkeys(FILTERS, ()),
}


def _is_dashboard(args: Args) -> bool:
    return args.command is None


def _window(args: Args, preferences: Preferences, file: Config) -> WindowSpec:
    """Return the window to show; minutes are exported of one day where nothing else is said."""
    is_of_minutes = not _is_dashboard(args) and args.width == Width.MINUTE.value
    return _first(
        said(args.window, args.days, args.since, args.until),
        LastDays(0) if is_of_minutes else None,
        LastDays(MAX_DAYS) if args.replay else None,
        said(preferences.window, preferences.days),
        default=said(file.window) or LastDays(file.days),
    )


def _period(args: Args, preferences: Preferences, file: Config) -> Period | None:
    """Return what a line is, where anybody says so. The file speaks of the dashboard only."""
    named = (args.period, preferences.period, file.period if _is_dashboard(args) else None)
    return next((Period(name) for name in named if name is not None), None)


def _first(*values: T | None, default: T) -> T:
    """Return the first value that was set."""
    return next((value for value in values if value is not None), default)


def _source(args: Args, environment: Mapping[str, str], file: Config, profile: str) -> SourceSettings:
    """Return where to read from. A named profile has no key or address of the environment, nor has its command."""
    without_key = {name: value for name, value in environment.items() if name != VARIABLE}
    if profile != DEFAULT_PROFILE:
        environment = {}
    if profile != DEFAULT_PROFILE and args.base_url is not None:
        raise BadSettings(f"--base-url does not go with the profile {profile}: it has an address of its own.")
    addresses = {
        Origin.FLAG: args.base_url,
        Origin.ENVIRONMENT: environment.get("OPENAI_BASE_URL") or None,
        Origin.CONFIG: file.base_url,
        Origin.DEFAULT: DEFAULT,
    }
    origin, address = next((origin, address) for origin, address in addresses.items() if address is not None)
    key = environment.get(VARIABLE, "").strip()
    archive: Path | bool = Path(file.archive) if isinstance(file.archive, str) else file.archive
    if isinstance(archive, Path) and profile != DEFAULT_PROFILE:
        archive = archive.with_name(f"{archive.stem}-{profile}{archive.suffix}")  # each has one of its own
    return SourceSettings(
        demo=args.demo,
        demo_now=args.now,
        replay=args.replay,
        offline=args.offline,
        base_url=BaseUrl(address, origin, file.base_url),
        key=Secret(key) if key else None,
        key_command=None if key else file.admin_key_command,
        archive=not args.no_archive and (args.archive or archive),
        profile=profile,
        environment=without_key,
    )


def _view(args: Args, preferences: Preferences, file: Config) -> View:
    """Return what to show. The file speaks of the dashboard's view only."""
    only = tuple((name, value) for name in FILTERS for value in getattr(args, name))
    if not _is_dashboard(args):
        kind = Kind(args.kind or Kind.COMPLETIONS.value)
        return View(kind, args.by or usual(kind), columns=args.columns, only=only)
    kind = Kind(args.kind or file.kind)
    there = set(dimensions_of(kind))
    fitting = (Grouping(by) for by in (preferences.by, file.by) if by is not None and set(by) <= there)
    grouping, columns = args.by or next(fitting, usual(kind)), _columns(args, preferences, file, kind)
    return View(kind, grouping, merged=bool(preferences.merged), columns=columns, only=only)


def _columns(args: Args, preferences: Preferences, file: Config, kind: Kind) -> tuple[str, ...] | None:
    """Return the columns of the first who names any that this kind of usage has. A flag must name no others."""
    known = metrics(kind)
    for name in args.columns or ():
        if name not in known:
            problem = f"There is no column {sanitize.clean(name)} of {kind.value}."
            raise BadSettings(problem, f"There are: {', '.join(known)}.")
    named = (args.columns, preferences.columns, file.columns)
    return next(filter(None, (tuple(name for name in names or () if name in known) for names in named)), None)
