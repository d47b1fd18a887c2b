"""The settings as they hold for this run, whoever set them: see `resolve`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from tui.config.args import Options
from tui.config.paths import DEFAULT_PROFILE
from tui.domain.base_url import BaseUrl
from tui.domain.catalogue import Catalogue
from tui.domain.compare import Against
from tui.domain.periods import Period
from tui.domain.secret import Secret
from tui.domain.time import Width
from tui.domain.view import View
from tui.domain.windows import WindowSpec


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """Where the data come from: the demo, a file, the disk alone, or the API with an archive in front of it.

    `key` is the one in the environment; without it, `key_command` prints one. `archive` is True for the platform's
    own place and False where nothing is to be kept. `demo_now`, the demo goes by the real time of day. `profile` is
    whose settings these are. `environment` is that of the command, without the default profile's key.
    """

    demo: bool = False
    demo_now: bool = False
    replay: Path | None = None
    offline: bool = False
    base_url: BaseUrl = field(default_factory=BaseUrl)
    key: Secret | None = None
    key_command: tuple[str, ...] | None = None
    archive: Path | bool = True
    profile: str = DEFAULT_PROFILE
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """How the dashboard looks and is worked. `theme` None is the program's own; `terminal` is what TERM says."""

    theme: str | None = None
    ascii: bool = False
    colours: bool = True
    mouse: bool = True
    plain_driver: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)
    terminal: str = ""


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """How what happens is told of: a bell, and commands with their environment, without the admin key.

    `command` is for crossed thresholds alone.
    """

    bell: bool = True
    notify: str = "auto"
    thresholds: tuple[int, ...] = (80, 95, 100)
    spike_floor: int = 100_000
    command: tuple[str, ...] | None = None
    on_event: tuple[str, ...] | None = None
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them. `days` are those before today, where it is not another `window` that is looked at first.

    `width` is what the dashboard begins with.

    `live` are the seconds between two refreshes, None for none; `budget` is in dollars a month. A line is a `period`,
    None for what is usual in a window; days are compared `against` the day or the weekday before.
    """

    command: str | None
    options: Options
    source: SourceSettings
    view: View
    days: int
    window: WindowSpec
    width: Width
    screen: ScreenSettings
    alerts: AlertSettings
    catalogue: Catalogue
    live: int | None
    pause_unfocused: bool = False
    budget: Decimal | None = None
    excel: bool = False
    period: Period | None = None
    against: Against = Against.DAY
