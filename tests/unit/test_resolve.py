"""Whose word holds: flags come before the environment, that before preferences, and those before the file."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from pathlib import Path

import msgspec
import pytest

from tests.support.builders import KEY
from tui.cli import main as cli
from tui.config.args import Args, Options
from tui.config.resolve import as_demo, heeds_preferences, resolve
from tui.config.schema import Config, Limits, Pools, Preferences, Profile
from tui.config.settings import Settings
from tui.domain.base_url import BaseUrl, Origin
from tui.domain.compare import Against
from tui.domain.dimensions import Grouping
from tui.domain.kinds import Kind
from tui.domain.periods import Period
from tui.domain.secret import Secret
from tui.domain.time import Width
from tui.domain.windows import CalendarWindow, Dates, LastDays
from tui.errors import BadSettings

OPENAI, FLAG, VARIABLE, FILE = (
    "https://api.openai.com/v1",
    "https://flag/v1",
    "https://variable/v1",
    "https://file/v1",
)

REPLAY, DAY = Path("pages.json"), datetime(2026, 11, 1, tzinfo=UTC)


def settings(args=None, environment=None, preferences=None, file=None) -> Settings:
    return resolve(Args(**args or {}), environment or {}, Preferences(**preferences or {}), Config(**file or {}))


def by(*names: str) -> Grouping:
    return Grouping(names)


CASES = [
    # setting, flags, environment, preferences, file: what holds
    ("source.demo", {}, {}, {}, {}, False),
    ("source.demo", {"demo": True}, {}, {}, {}, True),
    ("source.demo_now", {}, {}, {}, {}, False),
    ("source.demo_now", {"demo": True, "now": True}, {}, {}, {}, True),
    ("source.replay", {}, {}, {}, {}, None),
    ("source.replay", {"replay": REPLAY}, {}, {}, {}, REPLAY),
    ("source.offline", {}, {}, {}, {}, False),
    ("source.offline", {"offline": True}, {}, {}, {}, True),
    ("source.base_url", {}, {}, {}, {}, BaseUrl(OPENAI, Origin.DEFAULT)),
    ("source.base_url", {}, {}, {}, {"base_url": FILE}, BaseUrl(FILE, Origin.CONFIG, FILE)),
    ("source.base_url", {}, {"OPENAI_BASE_URL": VARIABLE}, {}, {}, BaseUrl(VARIABLE, Origin.ENVIRONMENT)),
    ("source.base_url", {}, {"OPENAI_BASE_URL": ""}, {}, {}, BaseUrl(OPENAI, Origin.DEFAULT)),
    ("source.base_url", {}, {"OPENAI_BASE_URL": VARIABLE}, {}, {"base_url": FILE},
     BaseUrl(VARIABLE, Origin.ENVIRONMENT, FILE)),
    ("source.base_url", {"base_url": FLAG}, {"OPENAI_BASE_URL": VARIABLE}, {}, {"base_url": FILE},
     BaseUrl(FLAG, Origin.FLAG, FILE)),
    ("source.key", {}, {}, {}, {}, None),
    ("source.key", {}, {"OPENAI_ADMIN_KEY": " \n"}, {}, {}, None),
    ("source.key", {}, {"OPENAI_ADMIN_KEY": f" {KEY}\n"}, {}, {}, Secret(KEY)),
    ("source.key_command", {}, {}, {}, {}, None),
    ("source.key_command", {}, {}, {}, {"admin_key_command": ("pass",)}, ("pass",)),
    ("source.key_command", {}, {"OPENAI_ADMIN_KEY": KEY}, {}, {"admin_key_command": ("pass",)}, None),
    ("source.archive", {}, {}, {}, {}, True),
    ("source.archive", {}, {}, {}, {"archive": False}, False),
    ("source.archive", {}, {}, {}, {"archive": "~/a.db"}, Path("~/a.db")),
    ("source.archive", {"archive": Path("b.db")}, {}, {}, {"archive": "a.db"}, Path("b.db")),
    ("source.archive", {"archive": Path("b.db")}, {}, {}, {"archive": False}, Path("b.db")),
    ("source.profile", {}, {}, {}, {}, "default"),
    ("source.profile", {}, {"OAI_USAGE_PROFILE": "work"}, {}, {"profiles": {"work": Profile()}}, "work"),
    ("source.profile", {"profile": "lab"}, {"OAI_USAGE_PROFILE": "a"}, {}, {"profiles": {"lab": Profile()}}, "lab"),
    ("source.profile", {"profile": "default"}, {"OAI_USAGE_PROFILE": "work"}, {}, {}, "default"),
    ("source.profile", {"demo": True}, {"OAI_USAGE_PROFILE": "work"}, {}, {}, "default"),
    ("source.archive", {"no_archive": True}, {}, {}, {"archive": "a.db"}, False),
    ("days", {}, {}, {}, {}, 14),
    ("days", {}, {}, {}, {"days": 3}, 3),
    ("days", {}, {}, {"days": 0}, {"days": 3}, 0),
    ("days", {"days": 5}, {}, {"days": 0}, {"days": 3}, 5),
    ("days", {"demo": True}, {}, {"days": 0}, {"days": 3}, 3),
    ("days", {"replay": REPLAY}, {}, {"days": 0}, {"days": 3}, 365),
    ("days", {"replay": REPLAY, "days": 2}, {}, {"days": 0}, {"days": 3}, 2),
    ("days", {"command": "export"}, {}, {"days": 0}, {"days": 3}, 3),
    ("days", {"window": "7d"}, {}, {"days": 0}, {"days": 3}, 6),
    ("days", {"window": "this-week"}, {}, {"days": 0}, {"days": 3}, 0),
    ("days", {"since": DAY}, {}, {}, {"days": 3}, 3),
    ("window", {}, {}, {}, {}, LastDays(14)),
    ("window", {}, {}, {}, {"days": 3}, LastDays(3)),
    ("window", {}, {}, {}, {"window": "90d"}, LastDays(89)),
    ("window", {"window": "15d"}, {}, {}, {"window": "45d"}, LastDays(14)),
    ("window", {}, {}, {}, {"window": "45d"}, LastDays(44)),
    ("window", {}, {}, {}, {"window": "this-month"}, CalendarWindow.THIS_MONTH),
    ("window", {}, {}, {"days": 6}, {"window": "this-month"}, LastDays(6)),
    ("window", {}, {}, {"days": 6, "window": "last-week"}, {}, CalendarWindow.LAST_WEEK),
    ("window", {"days": 5}, {}, {"window": "last-week"}, {}, LastDays(5)),
    ("window", {"window": "last-month"}, {}, {"window": "last-week"}, {}, CalendarWindow.LAST_MONTH),
    ("window", {"since": DAY}, {}, {"window": "last-week"}, {}, Dates(DAY)),
    ("window", {"since": DAY, "until": DAY}, {}, {}, {"window": "last-week"}, Dates(DAY, DAY)),
    ("window", {"demo": True}, {}, {"window": "last-week"}, {}, LastDays(14)),
    ("window", {"replay": REPLAY}, {}, {}, {"window": "last-week"}, LastDays(365)),
    ("window", {"replay": REPLAY, "window": "last-week"}, {}, {}, {}, CalendarWindow.LAST_WEEK),
    ("window", {"command": "export"}, {}, {"window": "last-week"}, {"window": "this-week"}, CalendarWindow.THIS_WEEK),
    ("window", {"command": "export", "width": "1m"}, {}, {}, {"window": "this-week"}, LastDays(0)),
    ("view.kind", {}, {}, {}, {}, Kind.COMPLETIONS),
    ("view.kind", {}, {}, {}, {"kind": "images"}, Kind.IMAGES),
    ("view.kind", {"kind": "embeddings"}, {}, {}, {"kind": "images"}, Kind.EMBEDDINGS),
    ("view.kind", {"command": "export"}, {}, {}, {"kind": "images"}, Kind.COMPLETIONS),
    ("view.grouping", {}, {}, {}, {}, by("model")),
    ("view.grouping", {}, {}, {}, {"by": ("pool",)}, by("pool")),
    ("view.grouping", {}, {}, {"by": ("user",)}, {"by": ("pool",)}, by("user")),
    ("view.grouping", {}, {}, {"by": ()}, {"by": ("pool",)}, by()),
    ("view.grouping", {"by": by("tier")}, {}, {"by": ("user",)}, {"by": ("pool",)}, by("tier")),
    ("view.grouping", {"by": by()}, {}, {"by": ("user",)}, {"by": ("pool",)}, by()),
    ("view.grouping", {"demo": True}, {}, {"by": ("user",)}, {"by": ("pool",)}, by("pool")),
    ("view.grouping", {"kind": "vector_stores"}, {}, {"by": ("model",)}, {"by": ("user",)}, by("project")),
    ("view.grouping", {"command": "export"}, {}, {"by": ("user",)}, {"by": ("pool",)}, by("model")),
    ("view.columns", {}, {}, {}, {}, None),
    ("view.columns", {}, {}, {}, {"columns": ("total",)}, ("total",)),
    ("view.columns", {}, {}, {"columns": ("cost", "input")}, {"columns": ("total",)}, ("cost", "input")),
    ("view.columns", {}, {}, {"columns": ("images",)}, {"columns": ("total",)}, ("total",)),
    ("view.columns", {"columns": ("free",)}, {}, {"columns": ("cost",)}, {"columns": ("total",)}, ("free",)),
    ("view.columns", {"command": "export"}, {}, {}, {"columns": ("total",)}, None),
    ("view.only", {}, {}, {}, {}, ()),
    ("view.only", {"model": ["a", "b"], "key": ["k"], "user": ["u"], "project": ["p"]}, {}, {}, {},
     (("model", "a"), ("model", "b"), ("project", "p"), ("user", "u"), ("key", "k"))),
    ("view.merged", {}, {}, {}, {}, False),
    ("view.merged", {}, {}, {"merged": True}, {}, True),
    ("view.merged", {"replay": REPLAY}, {}, {"merged": True}, {}, False),
    ("width", {}, {}, {}, {}, Width.DAY),
    ("width", {}, {}, {}, {"width": "1h"}, Width.HOUR),
    ("width", {"width": "1m"}, {}, {}, {"width": "1h"}, Width.MINUTE),
    ("period", {}, {}, {}, {}, None),
    ("period", {}, {}, {}, {"period": "month"}, Period.MONTH),
    ("period", {}, {}, {"period": "week"}, {"period": "month"}, Period.WEEK),
    ("period", {"period": "day"}, {}, {"period": "week"}, {"period": "month"}, Period.DAY),
    ("period", {"command": "export"}, {}, {"period": "week"}, {"period": "month"}, None),
    ("against", {}, {}, {}, {}, Against.DAY),
    ("against", {}, {}, {}, {"compare": "weekday"}, Against.WEEKDAY),
    ("screen.theme", {}, {}, {}, {}, None),
    ("screen.theme", {}, {}, {}, {"theme": "light"}, "light"),
    ("screen.theme", {}, {}, {"theme": "ansi"}, {"theme": "light"}, "ansi"),
    ("screen.theme", {"theme": "dark"}, {}, {"theme": "ansi"}, {"theme": "light"}, "dark"),
    ("screen.ascii", {}, {}, {}, {}, False),
    ("screen.ascii", {}, {}, {}, {"ascii": True}, True),
    ("screen.ascii", {"ascii": True}, {}, {}, {}, True),
    ("screen.colours", {}, {}, {}, {}, True),
    ("screen.colours", {}, {"NO_COLOR": ""}, {}, {}, True),
    ("screen.colours", {}, {"NO_COLOR": "1"}, {}, {}, False),
    ("screen.mouse", {}, {}, {}, {}, True),
    ("screen.mouse", {}, {}, {}, {"mouse": False}, False),
    ("screen.mouse", {"no_mouse": True}, {}, {}, {"mouse": True}, False),
    ("screen.plain_driver", {}, {}, {}, {}, False),
    ("screen.plain_driver", {"plain_driver": True}, {}, {}, {}, True),
    ("screen.keys", {}, {}, {}, {"keys": {"refresh": "R"}}, {"refresh": "R"}),
    ("screen.terminal", {}, {"TERM": "dumb"}, {}, {}, "dumb"),
    ("alerts.bell", {}, {}, {}, {}, True),
    ("alerts.bell", {}, {}, {}, {"bell": False}, False),
    ("alerts.bell", {"no_bell": True}, {}, {}, {}, False),
    ("alerts.spike_floor", {}, {}, {}, {}, 100_000),
    ("alerts.spike_floor", {}, {}, {}, {"spike_floor": 5}, 5),
    ("alerts.notify", {}, {}, {}, {}, "auto"),
    ("alerts.notify", {}, {}, {}, {"notify": "osc9"}, "osc9"),
    ("alerts.thresholds", {}, {}, {}, {}, (80, 95, 100)),
    ("alerts.thresholds", {}, {}, {}, {"thresholds": (50,)}, (50,)),
    ("alerts.command", {}, {}, {}, {"on_threshold": ("say",)}, ("say",)),
    ("alerts.on_event", {}, {}, {}, {"on_event": ("say",)}, ("say",)),
    ("source.environment", {}, {"OPENAI_ADMIN_KEY": KEY, "LANG": "C"}, {}, {}, {"LANG": "C"}),
    ("alerts.environment", {}, {"OPENAI_ADMIN_KEY": KEY, "LANG": "C"}, {}, {}, {"LANG": "C"}),
    ("catalogue.limits", {}, {}, {}, {}, {}),
    ("catalogue.limits", {}, {}, {}, {"usage_tier": 3}, {"large": 1_000_000, "small": 10_000_000}),
    ("catalogue.limits", {}, {}, {}, {"usage_tier": 3, "limits": Limits(large=7)}, {"large": 7, "small": 10_000_000}),
    ("catalogue.own", {}, {}, {}, {"pools": Pools(large=("a",), none=("b",))}, {"a": "large", "b": None}),
    ("catalogue.sharing_projects", {}, {}, {}, {"sharing_projects": ("p",)}, frozenset("p")),
    ("live", {}, {}, {}, {}, 60),
    ("live", {}, {}, {}, {"live": 30}, 30),
    ("live", {}, {}, {}, {"live": 0}, None),
    ("live", {"live": 15}, {}, {}, {"live": 0}, 15),
    ("live", {"no_live": True}, {}, {}, {"live": 30}, None),
    ("pause_unfocused", {}, {}, {}, {}, False),
    ("pause_unfocused", {"pause_unfocused": True}, {}, {}, {}, True),
    ("budget", {}, {}, {}, {}, None),
    ("budget", {}, {}, {}, {"monthly_budget": 49.99}, Decimal("49.99")),
    ("excel", {}, {}, {}, {}, False),
    ("excel", {}, {}, {}, {"excel": True}, True),
    ("excel", {"command": "export"}, {}, {}, {"excel": True}, False),
    ("excel", {"command": "export", "excel": True}, {}, {}, {}, True),
    ("command", {"command": "why"}, {}, {}, {}, "why"),
    ("options.json", {"json": True}, {}, {}, {}, True),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args", "environment", "preferences", "file", "holds"), CASES)
def test_whose_word_holds(name, args, environment, preferences, file, holds):
    assert attrgetter(name)(settings(args, environment, preferences, file)) == holds


NOT_SET = {"options", "catalogue", "view.order", "view.row_filter"}
"""What has tests of its own, or is no setting: how lines stand, and what the filter looks for."""


def leaves(value: object, name: str = "") -> set[str]:
    """The names of all settings."""
    if not dataclasses.is_dataclass(value) or name in {"source.base_url", "view.grouping", "window", *NOT_SET}:
        return {name}
    prefix = f"{name}." if name else ""
    return {leaf for field in dataclasses.fields(value)
            for leaf in leaves(getattr(value, field.name), f"{prefix}{field.name}")}  # fmt: skip


def test_every_setting_whoever_sets_it_is_in_the_table():
    assert leaves(settings()) <= {case[0] for case in CASES} | NOT_SET
    flags = set(Args.__struct_fields__) - set(Options.__struct_fields__)
    assert flags <= {name for case in CASES for name in case[1]}
    assert set(Preferences.__struct_fields__) <= {name for case in CASES for name in case[3]}
    assert {field.name for field in msgspec.structs.fields(Config)} <= {name for case in CASES for name in case[4]}


def test_what_only_flags_say_is_handed_on_as_it_was_said():
    said = {"raw": True, "since": datetime(2026, 11, 1, tzinfo=UTC), "pool": "large", "max_age": 0, "action": "clear"}
    assert settings({**said, "command": "export", "theme": "light"}).options == Options(**said)


def test_every_flag_ends_in_the_arguments_under_its_own_name():
    main, parsers = cli.parser()
    names = {action.dest for parser in (main, *parsers.values()) for action in parser._actions}
    assert (names - {"help", "version"}) | {"command_line"} == set(Args.__struct_fields__)


def test_a_flag_must_name_columns_that_there_are_and_others_need_not():
    with pytest.raises(BadSettings, match=r"no column moons of completions\. There are: input, ") as refused:
        settings({"columns": ("input", "moons")})
    assert "cost" in refused.value.advice
    assert settings({"kind": "images"}, {}, {"columns": ("input",)}).view.columns is None


def test_what_was_chosen_is_about_the_dashboard_of_ones_own_organization():
    assert heeds_preferences(Args())
    assert not any(heeds_preferences(each) for each in (Args(command="export"), Args(demo=True), Args(replay=REPLAY)))


def test_the_demo_that_is_shown_instead_is_that_of_the_flags_drawn_alike():
    flags = {"model": ["x"], "offline": True, "base_url": FLAG, "profile": "default", "days": 3}
    own = settings(
        flags,
        {"OPENAI_ADMIN_KEY": KEY},
        {"merged": True, "window": "90d"},
        {"on_threshold": ("say",), "monthly_budget": 5, "theme": "light", "keys": {"refresh": "R"}, "live": 20},
    )
    demo = as_demo(Args(**flags), {"OAI_USAGE_PROFILE": "work"}, own.screen)
    assert demo.screen == own.screen
    as_said = settings({"demo": True, "days": 3}, {"OAI_USAGE_PROFILE": "work"})
    assert dataclasses.replace(demo, screen=as_said.screen) == as_said


def test_no_setting_shows_a_secret():
    shown = repr(settings({}, {"OPENAI_ADMIN_KEY": KEY, "TOKEN_OF_ANOTHER": "hush-hush"}))
    assert KEY not in shown
    assert "hush-hush" not in shown
