import asyncio
import os
import stat
import sys
import time
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.support.builders import DAY, KEY, TODAY
from tui.bootstrap.alerts import hook
from tui.commands import on_event
from tui.config.args import Args
from tui.config.resolve import resolve
from tui.config.schema import Config, Preferences
from tui.domain.alerts import Alert, Crossing, month_alerts, pool_alerts
from tui.domain.costs import Month
from tui.domain.forecast import Forecast
from tui.domain.outlook import Outlook
from tui.domain.pool_status import PoolStatus
from tui.domain.pools import Limit, PoolDay
from tui.domain.what import What
from tui.output import alerts as report
from tui.system.claims import Claims

THRESHOLDS = (80, 95, 100)


def reading(free: int, name: str = "large", **fields) -> PoolStatus:
    return PoolStatus(PoolDay(name, Limit(1_000, "config"), free, 0, **fields), Forecast())


def told_along(*steps, day=TODAY, told=frozenset()):
    """The thresholds told of at each step."""
    found = []
    for step in steps:
        due, told = pool_alerts([step], day, THRESHOLDS, told)
        found.append([alert.crossing.threshold for alert in due if alert.what is What.THRESHOLD])
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
    due, _ = pool_alerts([reading(900, stuck_since=TODAY)], TODAY, THRESHOLDS, frozenset())
    assert due == (
        Alert(Crossing(What.THRESHOLD, TODAY, "large", 100), 90, 100, spent=True),
        Alert(Crossing(What.SPENT, TODAY, "large"), 90, 100, spent=True),
    )


def test_what_is_said_of_a_threshold_agrees_with_it_where_the_pool_is_spent_below_its_limit():
    due, _ = pool_alerts([reading(990, stuck_since=TODAY)], TODAY, THRESHOLDS, frozenset())
    said = "large is past 100% of today's free tokens, 10 tokens left, which it does not give (est.)."
    assert report.sentence(due[0]) == said
    due, _ = pool_alerts([reading(1_200)], TODAY, THRESHOLDS, frozenset())
    assert report.sentence(due[0]) == "large is at 120% of today's free tokens, 0 tokens left."


def test_an_estimate_is_not_told_of():
    assert told_along(reading(0, measured=False))[0] == [[]]


def test_a_new_day_begins_anew():
    _, told = told_along(reading(990))
    assert told_along(reading(990), day=TODAY + DAY, told=told)[0] == [[95]]


def test_pools_are_told_of_apart():
    due, _ = pool_alerts([reading(800), reading(950, "small")], TODAY, THRESHOLDS, frozenset())
    assert [(alert.crossing.pool, alert.crossing.threshold) for alert in due] == [("large", 80), ("small", 95)]


ALERT = Alert(Crossing(What.THRESHOLD, TODAY, "large", 95), 97, 12_345, spent=True)
FACTS = report.facts(ALERT, "default")


async def test_the_users_command_finds_what_happened_and_not_the_key(tmp_path):
    script, seen = tmp_path / "say", tmp_path / "seen"
    script.write_text(
        f"#!{sys.executable}\nimport os, sys\n"
        f"open({str(seen)!r}, 'w').write(repr(sys.argv[1:]) + repr(sorted(os.environ.items())) + sys.stdin.read())\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IEXEC)
    environment = resolve(Args(), {**os.environ, "OPENAI_ADMIN_KEY": KEY}, Preferences(), Config()).alerts.environment
    assert await on_event.run((str(script), "a b; $HOME"), FACTS, environment) is None
    text = seen.read_text()
    assert text.startswith("['a b; $HOME']"), "no shell reads the words"
    for name, value in (
        ("EVENT", "threshold"),
        ("PROFILE", "default"),
        ("POOL", "large"),
        ("PERCENT", "97"),
        ("LEFT", "12345"),
        ("THRESHOLD", "95"),
        ("SPENT", "true"),
    ):
        assert repr((f"OAI_USAGE_{name}", value)) in text
    assert (
        '"schema_version": 1, "event": "threshold", "profile": "default", "date": "2026-11-20", "pool": "large"'
        in text
    ), "on stdin"
    assert KEY not in text


async def test_a_command_that_does_not_read_what_it_is_given_is_waited_for_all_the_same():
    assert await on_event.run(("sh", "-c", "exec <&-; exit 0"), FACTS, os.environ) is None


def test_running_out_recovering_and_being_spent_are_told_each_when_they_begin(monkeypatch):
    steps = [Outlook.LASTS, Outlook.RUNS_OUT, Outlook.RUNS_OUT, Outlook.LASTS, Outlook.SPENT, Outlook.SPENT]
    told, known, found = frozenset(), frozenset(), []
    for outlook in steps:
        monkeypatch.setattr(PoolStatus, "outlook", outlook)
        status = reading(1_000 if outlook is Outlook.SPENT else 10)
        due, told = pool_alerts([status], TODAY, (), told, known)
        found.append([alert.what for alert in due])
        known = {Outlook.RUNS_OUT: frozenset({"large"}), Outlook.LASTS: frozenset()}.get(outlook, known)
    assert found == [[], [What.RUNS_OUT], [], [What.RECOVERED], [What.SPENT], []]


def test_a_new_day_is_told_where_the_one_before_was_seen():
    due, told = pool_alerts([reading(10)], TODAY, THRESHOLDS, frozenset())
    assert due == ()
    due, told = pool_alerts([reading(0)], TODAY + DAY, THRESHOLDS, told)
    assert [alert.what for alert in due] == [What.RESET]
    assert pool_alerts([reading(0)], TODAY + DAY, THRESHOLDS, told)[0] == ()


def test_the_months_money_is_told_once_a_threshold_and_month():
    first = TODAY.replace(day=1)
    told, found = frozenset(), []
    for so_far in (70, 81, 82, 96, 120):
        month = Month(Decimal(so_far), None, Decimal(100), 10)
        due, told = month_alerts(month, first, THRESHOLDS, told)
        found.append([(alert.crossing.threshold, alert.cost) for alert in due])
    assert found == [[], [(80, Decimal(81))], [], [(95, Decimal(96))], [(100, Decimal(120))]]
    assert [alert.crossing.day for alert in month_alerts(month, TODAY + 11 * DAY, THRESHOLDS, told)[0]] == [
        TODAY + 11 * DAY
    ]
    assert month_alerts(None, first, THRESHOLDS, told) == ((), told)
    assert month_alerts(Month(Decimal(9), None, None, 10), first, THRESHOLDS, told)[0] == ()


@pytest.mark.parametrize("what", What)
def test_each_event_is_a_sentence_and_facts_for_programs(what):
    is_money = what is What.SPEND_LIMIT
    alert = Alert(
        Crossing(what, TODAY, "" if is_money or what is What.RESET else "large", 80),
        81,
        1_234,
        ends=TODAY + timedelta(hours=18) if what is What.RUNS_OUT else None,
        cost=Decimal(81) if is_money else None,
        limit=Decimal(100) if is_money else None,
    )
    facts = report.facts(alert, "default")
    assert facts["event"] == what.value
    assert facts["message"].endswith(".")
    assert "None" not in facts["message"]
    variables = report.environment(facts)
    assert variables["OAI_USAGE_EVENT"] == what.value
    assert all(name.startswith("OAI_USAGE_") and value for name, value in variables.items())
    assert ("OAI_USAGE_ENDS" in variables) is (what is What.RUNS_OUT)


def test_what_happened_is_claimed_once_by_whoever_comes_first_and_again_when_it_was_undone(tmp_path):
    path = tmp_path / "state" / "told.json"
    one, other = Claims(path), Claims(path)
    assert one.claim("runs-out", "recovered")
    assert not other.claim("runs-out", "recovered"), "another process"
    assert other.claim("recovered", "runs-out")
    assert one.claim("runs-out", "recovered"), "it lasted in between"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("{broken")
    assert one.claim("runs-out"), "what cannot be read was not told"
    for number in range(600):
        one.claim(str(number))
    assert len(path.read_text()) < 10_000
    assert Claims(tmp_path / "state" / "told.json" / "no").claim("x"), "without a place nothing is kept"


def test_an_event_says_whose_it_is_where_that_has_a_name():
    assert report.sentence(ALERT, "work") == f"work: {report.sentence(ALERT)}"
    assert report.sentence(ALERT, "default") == report.sentence(ALERT)
    assert report.facts(ALERT, "work")["message"].startswith("work: ")


async def test_a_command_that_fails_is_told_of():
    assert "ended by signal 9" in await on_event.run(("sh", "-c", "kill -9 $$"), FACTS, os.environ)
    assert "status 3" in await on_event.run(("sh", "-c", "exit 3"), FACTS, os.environ)
    assert "could not be run" in await on_event.run(("/nowhere/say",), FACTS, os.environ)


def hooked(tmp_path, monkeypatch, **commands):
    monkeypatch.setattr("tui.config.paths.claims_path", lambda _: tmp_path / "told.json")
    return hook(resolve(Args(), dict(os.environ), Preferences(), Config(**commands)))


async def test_each_command_is_run_once_whatever_becomes_of_the_other(tmp_path, monkeypatch):
    seen = tmp_path / "seen"
    slow = ("sh", "-c", f"echo slow >> {seen}; exec sleep 600")
    commands = {"on_event": ("sh", "-c", f"echo quick >> {seen}"), "on_threshold": slow}
    for _ in range(2):
        running = asyncio.create_task(hooked(tmp_path, monkeypatch, **commands)(ALERT))
        before = seen.read_text().count("slow") if seen.exists() else 0
        while not seen.exists() or seen.read_text().count("slow") == before:
            await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert seen.read_text().split() == ["quick", "slow", "slow"]


async def test_a_command_that_is_done_is_not_run_again_though_we_are_ended_while_what_it_started_goes_on(
    tmp_path, monkeypatch
):
    seen = tmp_path / "seen"
    command = ("sh", "-c", f"sleep 600 & echo done >> {seen}")
    for _ in range(2):
        running = asyncio.create_task(hooked(tmp_path, monkeypatch, on_event=command)(ALERT))
        while not running.done() and not seen.exists():
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert seen.read_text().split() == ["done"]


async def test_who_is_ended_while_claiming_leaves_nothing_claimed(tmp_path, monkeypatch):
    claims, seen = Claims(tmp_path / "told.json"), tmp_path / "seen"
    begun = asyncio.Event()
    loop, claim = asyncio.get_running_loop(), Claims.claim

    def slow(self, *names):
        loop.call_soon_threadsafe(begun.set)
        time.sleep(0.2)
        return claim(self, *names)

    monkeypatch.setattr(Claims, "claim", slow)
    running = asyncio.create_task(hooked(tmp_path, monkeypatch, on_event=("touch", str(seen)))(ALERT))
    await begun.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not seen.exists()
    assert claims._known() == []
