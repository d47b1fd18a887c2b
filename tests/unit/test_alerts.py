import os
import stat
import sys

from tests.support.builders import DAY, KEY, TODAY
from tui.commands import on_threshold
from tui.config.args import Args
from tui.config.resolve import resolve
from tui.config.schema import Config, Preferences
from tui.domain.forecast import Forecast
from tui.domain.pool_status import PoolStatus
from tui.domain.pools import Limit, PoolDay
from tui.engine.alerts import Alert, Crossing, alerts

THRESHOLDS = (80, 95, 100)


def reading(free: int, name: str = "large", **fields) -> PoolStatus:
    return PoolStatus(PoolDay(name, Limit(1_000, "config"), free, 0, **fields), Forecast())


def told_along(*steps, day=TODAY, told=frozenset()):
    """The thresholds told of at each step."""
    found = []
    for step in steps:
        due, told = alerts([step], day, THRESHOLDS, told)
        found.append([alert.crossing.threshold for alert in due])
    return found, told


def test_each_threshold_is_told_of_once():
    found, _ = told_along(*(reading(used) for used in (790, 800, 810, 950, 960, 1_000, 1_100)))
    assert found == [[], [80], [], [95], [], [100], []]


def test_going_back_and_forth_does_not_tell_again():
    found, _ = told_along(reading(810), reading(790), reading(820))
    assert found == [[80], [], []]


def test_of_several_at_once_the_highest_is_told():
    assert told_along(reading(970), reading(980))[0] == [[95], []]


def test_a_pool_that_is_spent_below_its_limit_has_crossed_the_last_one():
    due, _ = alerts([reading(900, stuck_since=TODAY)], TODAY, THRESHOLDS, frozenset())
    assert due == (Alert(Crossing(TODAY, "large", 100), 90, 100, spent=True),)


def test_an_estimate_is_not_told_of():
    assert told_along(reading(0, measured=False))[0] == [[]]


def test_a_new_day_begins_anew():
    _, told = told_along(reading(990))
    assert told_along(reading(990), day=TODAY + DAY, told=told)[0] == [[95]]


def test_pools_are_told_of_apart():
    due, _ = alerts([reading(800), reading(950, "small")], TODAY, THRESHOLDS, frozenset())
    assert [(alert.crossing.pool, alert.crossing.threshold) for alert in due] == [("large", 80), ("small", 95)]


ALERT = Alert(Crossing(TODAY, "large", 95), 97, 12_345, spent=True)


async def test_the_users_command_finds_what_happened_and_not_the_key(tmp_path):
    script, seen = tmp_path / "say", tmp_path / "seen"
    script.write_text(
        f"#!{sys.executable}\nimport os, sys\n"
        f"open({str(seen)!r}, 'w').write(repr(sys.argv[1:]) + repr(sorted(os.environ.items())))\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IEXEC)
    environment = resolve(Args(), {**os.environ, "OPENAI_ADMIN_KEY": KEY}, Preferences(), Config()).alerts.environment
    assert await on_threshold.run((str(script), "a b; $HOME"), ALERT, environment) is None
    text = seen.read_text()
    assert text.startswith("['a b; $HOME']"), "no shell reads the words"
    for name, value in (
        ("POOL", "large"),
        ("PERCENT", "97"),
        ("LEFT", "12345"),
        ("THRESHOLD", "95"),
        ("SPENT", "true"),
    ):
        assert repr((f"OAI_USAGE_{name}", value)) in text
    assert KEY not in text


async def test_a_command_that_fails_is_told_of():
    assert "status 3" in await on_threshold.run(("sh", "-c", "exit 3"), ALERT, os.environ)
    assert "could not be run" in await on_threshold.run(("/nowhere/say",), ALERT, os.environ)
