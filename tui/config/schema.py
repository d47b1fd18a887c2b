"""The settings, their types and their defaults. `docs/reference.py` makes a page of them."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from tui.domain.bounds import DEFAULT_LIVE, LEAST_LIVE, MAX_DAYS, MOST_LIVE
from tui.domain.dimensions import DIMENSIONS
from tui.domain.kinds import Kind
from tui.domain.windows import NAMED

THEMES = ("dark", "light", "ansi")
"""The program's own themes. There are others, and what knows them is slow to load."""

_Tokens = Annotated[int, msgspec.Meta(ge=1)]
_Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]


_UsageTier = Literal["build", "launch", "grow", "Build", "Launch", "Grow"] | Annotated[int, msgspec.Meta(ge=1, le=5)]
_Dimension = Literal["model", "pool", "project", "user", "key", "tier", "batch", "source"]
_Period = Literal["day", "week", "month"]
_Days = Annotated[int, msgspec.Meta(ge=0, le=MAX_DAYS)]
_Calendar = Literal["this-week", "last-week", "this-month", "last-month"]
_By = Annotated[tuple[_Dimension, ...], msgspec.Meta(max_length=2)]
_Columns = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
_Words = Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]


class Preferences(msgspec.Struct, frozen=True):
    """What `state.toml` may hold: what the user chose in the dashboard, where that was anything."""

    by: _By | None = None
    columns: tuple[str, ...] | None = None
    merged: bool | None = None
    days: _Days | None = None
    window: _Calendar | None = None
    theme: str | None = None
    period: _Period | None = None


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The pools' sizes, in tokens a UTC day, where the user knows them."""

    large: _Tokens | None = None
    small: _Tokens | None = None


class Pools(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Models that the user adds to a pool, moves to it, or (`none`) takes out of both."""

    large: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is about one organization. None of it is taken from another one."""

    admin_key_command: _Words | None = None
    base_url: str | None = None
    monthly_budget: Annotated[float, msgspec.Meta(ge=0.01, le=1e12)] | None = None
    usage_tier: _UsageTier | None = None
    limits: Limits = Limits()
    pools: Pools = Pools()
    sharing_projects: tuple[str, ...] | None = None


class Config(Profile, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What `config.toml` may hold. What is about an organization is the profile `default`."""

    days: _Days = 14
    window: str | None = None
    by: _By = ("model",)
    columns: _Columns | None = None
    kind: str = Kind.COMPLETIONS.value
    width: Literal["1d", "1h", "1m"] = "1d"
    period: _Period | None = None
    compare: Literal["day", "weekday"] = "day"
    live: Annotated[int, msgspec.Meta(ge=0, le=MOST_LIVE)] = DEFAULT_LIVE
    archive: str | bool = True
    mouse: bool = True
    theme: str | None = None
    ascii: bool = False
    excel: bool = False
    bell: bool = True
    notify: Literal["auto", "osc9", "osc777", "osc99", "off"] = "auto"
    thresholds: Annotated[tuple[_Percent, ...], msgspec.Meta(min_length=1)] = (80, 95, 100)
    spike_floor: _Tokens = 100_000
    on_threshold: _Words | None = None
    on_event: _Words | None = None
    keys: dict[str, str] = {}
    profiles: dict[str, Profile] = {}


ALLOWED = {
    "admin_key_command": 'a list of words, like ["pass", "show", "openai/admin"]',
    "base_url": 'an address, like "https://api.openai.com/v1"',
    "days": f"a whole number from 0 to {MAX_DAYS}",
    "window": f"one of {', '.join(NAMED)}; or so many days, 1d to {MAX_DAYS + 1}d",
    "by": f'a list of one or two of {", ".join(DIMENSIONS)}, like ["project", "model"]; or []',
    "columns": 'a list of columns, like ["input", "output", "cost"]',
    "kind": f"one of {', '.join(kind.value for kind in Kind)}",
    "width": '"1d", "1h" or "1m"',
    "period": '"day", "week" or "month"',
    "compare": '"day" or "weekday"',
    "live": f"0, or a whole number of seconds from {LEAST_LIVE} to {MOST_LIVE}",
    "archive": "a path, or false",
    "mouse": "true or false",
    "theme": 'the name of a theme, like "light"',
    "ascii": "true or false",
    "excel": "true or false",
    "monthly_budget": "an amount of dollars, like 50.00",
    "usage_tier": '"build", "launch" or "grow"',
    "limits": "a table with `large` and `small`",
    "limits.large": "a whole number of tokens, 1 or more",
    "limits.small": "a whole number of tokens, 1 or more",
    "pools": "a table with `large`, `small` and `none`",
    "pools.large": 'a list of models, like ["gpt-6.1-sol"]',
    "pools.small": 'a list of models, like ["gpt-6.1-terra"]',
    "pools.none": 'a list of models, like ["gpt-4o"]',
    "sharing_projects": 'a list of project ids, like ["proj_abc"]',
    "bell": "true or false",
    "notify": '"auto", "osc9", "osc777", "osc99" or "off"',
    "thresholds": "a list of whole numbers of percent from 1 to 100, like [80, 95, 100]",
    "spike_floor": "a whole number of tokens, 1 or more",
    "on_threshold": 'a list of words, like ["notify-send", "free tokens"]',
    "on_event": 'a list of words, like ["notify-send", "free tokens"]',
    "keys": 'a table of actions and their keys, like refresh = "R" or up = "k,up"',
    "profiles": "tables like [profiles.work], named with up to 32 letters, digits, - and _, but not default",
}
"""What each setting takes, in words for the user."""
