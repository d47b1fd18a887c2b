"""`check --wait` and `pools --oneline`: patience, locks and what is kept."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.support.builders import DAY, FREE, NOW, TODAY, Memory, day, engine, row
from tui.commands import check, oneline
from tui.config.catalogue import effective_catalogue
from tui.config.schema import Config, Limits
from tui.domain.costs import Month
from tui.domain.forecast import Forecast
from tui.domain.pool_status import PoolStatus, pool_statuses
from tui.domain.pools import Limit, PoolDay
from tui.domain.time import Width
from tui.domain.usage import Bucket
from tui.engine.engine import Engine
from tui.engine.plan import PoolParts
from tui.engine.session import Session
from tui.errors import BadSettings, KeyRefused, RateLimited, ServerFailed
from tui.output import pool_format
from tui.output import pools as report
from tui.sources.base import Page

POOL = PoolDay("large", Limit(250_000, "config"), free=195_300, eligible_billed=125_000)

EARLIEST, LATEST = TODAY.replace(hour=16, minute=30, second=12), TODAY.replace(hour=17, minute=10, second=59)


@pytest.mark.parametrize(
    ("changes", "earliest", "latest", "line"),
    [
        ({}, EARLIEST, LATEST, "large 78% 54.7k left 16:30-17:10Z"),
        ({}, EARLIEST, EARLIEST, "large 78% 54.7k left 16:30Z"),
        ({}, EARLIEST, None, "large 78% 54.7k left 16:30+Z"),
        ({}, None, None, "large 78%"),
        ({"stuck_since": NOW, "free": 243_000}, EARLIEST, LATEST, "large 97% spent"),
        ({"measured": False}, EARLIEST, LATEST, "large 0 free, 125k billed"),
        ({"partial": True}, EARLIEST, LATEST, "large 78%+ up to 54.7k left 16:30-17:10Z"),
        ({"partial": True}, None, None, "large 78%+"),
    ],
)
def test_one_line(changes, earliest, latest, line):
    forecast = Forecast(earliest=earliest, latest=latest)
    assert report.oneline([PoolStatus(replace(POOL, **changes), forecast)]) == line


class Stopwatch:
    """A clock that moves when somebody sleeps."""

    def __init__(self, source: Memory) -> None:
        self.now, self.suspended, self.source = NOW, [], source

    async def sleep(self, seconds: float) -> None:
        self.suspended.append(seconds)
        self.now += timedelta(seconds=seconds)
        if len(self.suspended) == 3:
            self.source.error = None
            self.source.buckets = [day(0, row("gpt-6-sol", 10, 0, service_tier=FREE))]


BOUND = check.Bound("large", max_percent=90)


def waiting(source: Memory) -> tuple[Engine, Stopwatch]:
    watch = Stopwatch(source)
    return Engine(Session(source, lambda: watch.now, 0, effective_catalogue(Config()))), watch


async def test_wait_asks_once_a_minute_until_there_is_room(capsys):
    waiter, watch = waiting(Memory(day(0, row("gpt-6-sol", 240_000, 0, service_tier=FREE))))
    assert await check.wait(waiter, BOUND, watch.sleep) == 0
    assert watch.suspended == [60.0] * 3


async def test_wait_goes_on_after_the_reset(capsys):
    source = Memory(day(0, row("gpt-6-sol", 250_000, 0, service_tier=FREE)))
    waiter, watch = waiting(source)
    watch.now = TODAY + DAY - timedelta(seconds=90)
    watch.suspended = ["already", "three", "times"]
    assert await check.wait(waiter, BOUND, watch.sleep) == 0
    assert watch.now >= TODAY + DAY


async def test_wait_outlasts_what_passes_and_not_a_refused_key(capsys):
    source = Memory(day(0, row("gpt-6-sol", 240_000, 0, service_tier=FREE)))
    waiter, watch = waiting(source)
    suspended = watch.sleep

    async def sleep(seconds: float) -> None:
        source.error = ServerFailed("trouble")
        await suspended(seconds)

    assert await check.wait(waiter, BOUND, sleep) == 0
    assert len(watch.suspended) == 3
    assert capsys.readouterr().err.count("trouble Waiting.") == 1
    source.error = KeyRefused("no")
    with pytest.raises(KeyRefused):
        await check.wait(waiter, BOUND, watch.sleep)


async def test_the_minutes_may_be_missing_without_costing_the_pools(catalogue):
    class NoMinutes(Memory):
        async def pages(self, query):
            if query.window.width.value == "1m":
                raise ServerFailed("no minutes")
            async for each in super().pages(query):
                yield each

    source = NoMinutes(day(0, row("gpt-6-sol", 50_000, 0, service_tier=FREE)))
    pool_inputs = (await engine(source, catalogue).read_pools()).pool_inputs
    (large, _) = pool_statuses(pool_inputs, catalogue, NOW)
    assert large.pool.free == 50_000
    assert large.forecast.pace is None
    assert pool_inputs.complete


async def test_wait_says_what_is_new_only(capsys):
    waiter, watch = waiting(Memory(day(0, row("gpt-6-sol", 240_000, 0, service_tier=FREE))))
    await check.wait(waiter, BOUND, watch.sleep)
    assert len(capsys.readouterr().err.splitlines()) == 2, "96 % once, and 0 % at the end"


async def test_a_person_is_told_once_that_it_waits_and_until_when(capsys, monkeypatch):
    waiter, watch = waiting(Memory(day(0, row("gpt-6-sol", 240_000, 0, service_tier=FREE))))
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    await check.wait(waiter, BOUND, watch.sleep)
    said = [line for line in capsys.readouterr().err.splitlines() if "Waiting" in line]
    assert len(said) == 1
    assert "at the latest by its reset at 00:00 UTC, in " in said[0]


@pytest.mark.parametrize(("bound", "words"), [(99, "large: 99% used"), (99.5, "large: 99.9% used")])
async def test_check_says_a_percentage_as_pools_does_and_as_exact_as_its_bound(bound, words, capsys):
    source = Memory(day(0, row("gpt-6-sol", 249_822, 0, service_tier=FREE)))
    assert await check.check(engine(source), check.Bound("large", max_percent=float(bound))) == 1
    assert words in capsys.readouterr().err


async def test_wait_gives_up_where_the_first_look_tells_nothing(capsys):
    waiter, watch = waiting(Memory(day(0, row("gpt-6-sol", 900, 0))))
    assert await check.wait(waiter, BOUND, watch.sleep) == 5
    assert watch.suspended == []


async def test_wait_leaves_the_api_alone_as_long_as_it_asks(capsys):
    source = Memory(day(0, row("gpt-6-sol", 240_000, 0, service_tier=FREE)))
    waiter, watch = waiting(source)
    suspended = watch.sleep

    async def sleep(seconds: float) -> None:
        source.error = RateLimited("slow down", retry_after=300.0)
        await suspended(seconds)

    assert await check.wait(waiter, BOUND, sleep) == 0
    assert watch.suspended[1] == 300.0


async def test_the_days_before_are_read_once_a_day_and_again_after_midnight(catalogue):
    source = Memory(day(0, row("gpt-6-sol", 400_000, 0, service_tier=FREE)))
    moment = NOW
    watched = Engine(Session(source, lambda: moment, 0, catalogue))
    first = (await watched.read_pools(parts=PoolParts(minutes=False))).pool_inputs
    asked = len(source.queries)
    second = (await watched.read_pools(parts=PoolParts(minutes=False))).pool_inputs
    assert len(source.queries) == asked + 1
    assert second.history == first.history
    moment = NOW + DAY
    tomorrow = (await watched.read_pools(parts=PoolParts(minutes=False))).pool_inputs
    assert tomorrow.pools(catalogue)[0].limit.source == "inferred", "yesterday proves it"


async def test_a_history_that_is_not_whole_is_asked_for_again_and_tells_nothing(catalogue):
    class Forgetful(Memory):
        forgets = True

        async def pages(self, query):
            async for each in super().pages(query):
                yield replace(each, buckets=each.buckets[-3:]) if self.forgets else each

    source = Forgetful()
    watched = engine(source, catalogue)
    pool_inputs = (await watched.read_pools(parts=PoolParts(minutes=False))).pool_inputs
    assert (pool_inputs.complete, pool_inputs.knows_limits(catalogue)) == (True, False)
    source.forgets = False
    source.queries.clear()
    assert (await watched.read_pools(parts=PoolParts(minutes=False))).pool_inputs.knows_limits(catalogue)
    assert len(source.queries) == 2
    source.queries.clear()
    await watched.read_pools(parts=PoolParts(minutes=False))
    assert len(source.queries) == 1


@pytest.mark.parametrize(
    ("free", "percent"), [(249_900, 99.9), (249_999, 99.9), (250_000, 100.0), (195_310, 78.1), (0, 0.0)]
)
def test_percent_is_floored_to_a_tenth(free, percent):
    assert report.tenths(free, 250_000) == percent


def test_what_was_kept_a_week_ago_goes_when_something_is_kept_and_all_goes_when_it_is_told(tmp_path):
    def keep(name, at):
        oneline.line(lambda: oneline.Brief("large 78%", at + DAY), tmp_path / f"pools-{name}.json", lambda: at, 60)
        for path in tmp_path.glob(f"pools-{name}.*"):
            os.utime(path, (at.timestamp(), at.timestamp()))

    other = tmp_path / "first-frame"
    other.write_text("")
    os.utime(other, (0, 0))
    keep("old", NOW - 8 * DAY)
    keep("young", NOW - 6 * DAY)
    keep("now", NOW)
    names = ["first-frame", "pools-now.json", "pools-now.lock", "pools-young.json", "pools-young.lock"]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
    assert oneline.forget(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["first-frame"]
    assert not oneline.forget(tmp_path)
    assert not oneline.forget(None)


def test_the_oneline_of_yesterday_is_not_shown_today(tmp_path, capsys):
    path, asked = tmp_path / "kept.json", []

    def read():
        asked.append("once more")
        return oneline.Brief("large 78%", TODAY + DAY)

    oneline.line(read, path, lambda: NOW, 10**9)
    oneline.line(read, path, lambda: TODAY + DAY - timedelta(seconds=1), 10**9)
    assert len(asked) == 1
    oneline.line(read, path, lambda: TODAY + DAY, 10**9)
    assert len(asked) == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"at": 1}', b'{"at": "noon", "status": 0, "problem": "", "line": "x"}', b"\xff", b"[" * 100_000,
     b'{"at": 1e999, "status": 0, "problem": "", "line": "x"}', b'{"at": 0, "status": 0, "problem": 7, "line": "x"}'],
)  # fmt: skip
def test_a_kept_line_that_makes_no_sense_is_asked_for_again(tmp_path, capsys, content):
    path = tmp_path / "kept.json"
    path.write_bytes(content)
    assert oneline.line(lambda: oneline.Brief("large 78%", TODAY + DAY), path, lambda: NOW, 10**9) == 0
    assert capsys.readouterr().out == "large 78%\n"


def test_whatever_a_kept_line_holds_no_terminal_acts_upon_it(tmp_path, capsys):
    path = tmp_path / "kept.json"
    oneline.line(lambda: oneline.Brief("a\x1b[2Jb", TODAY + DAY), path, lambda: NOW, 60)
    assert oneline.line(list, path, lambda: NOW, 60) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_a_part_is_marked_in_one_line_too(tmp_path, capsys):
    def read():
        return oneline.Brief("large 78%", TODAY + DAY, report.missing(0))

    assert oneline.line(read, None, lambda: NOW, 60) == 4
    assert "only a part" in capsys.readouterr().err


def month(so_far, expected, budget, **fields):
    return Month(
        Decimal(so_far), None if expected is None else Decimal(expected), budget and Decimal(budget), 5, **fields
    )


@pytest.mark.parametrize(
    ("found", "status"),
    [
        (None, 5),
        (month(10, 20, None), 5),
        (month(10, 20, 30), 0),
        (month(10, 30, 30), 1),
        (month(30, None, 30), 1),
        (month(10, None, 30), 5),
        (month(10, 20, 30, unnamed=(TODAY,)), 5),
        (month(31, 20, 30, unnamed=(TODAY,)), 1),
        (month(10, 20, 30, at_least=(TODAY,)), 5),
    ],
)
def test_the_month_is_checked_by_what_it_will_be_and_what_is_not_known_is_no_yes(found, status):
    assert check.decide_month(found)[0] == status


def minutes(tokens, free=FREE):
    """An hour of minutes of so many free tokens each, up to a few minutes ago."""
    return [
        Bucket(NOW - timedelta(minutes=ago), (row("gpt-6-sol", tokens, 0, service_tier=free),))
        for ago in range(6, 66)
    ]


class Counted(Memory):
    """Answers days with days, and minutes with minutes."""

    def __init__(self, today, *of_minutes):
        super().__init__(*of_minutes)
        self.today = today

    async def pages(self, query):
        if query.window.width is Width.DAY:
            known = {TODAY: self.today}
            yield Page(tuple(known.get(start, Bucket(start)) for start in query.window.starts()))
            return
        async for page in super().pages(query):
            yield page


@pytest.mark.parametrize(
    ("used", "rate", "status", "words"),
    [
        (100_000, 10, 0, "large lasts"),
        (100_000, 900, 1, "large runs out est. at"),
        (250_000, 900, 1, "large is spent"),
    ],
)
async def test_until_reset_a_pool_lasts_or_runs_out_or_is_spent(used, rate, status, words, capsys):
    catalogue = effective_catalogue(Config(limits=Limits(large=250_000, small=2_500_000)))
    source = Counted(day(0, row("gpt-6-sol", used, 0, service_tier=FREE)), *minutes(rate))
    assert await check.check(engine(source, catalogue), check.Bound("large", until_reset=True)) == status
    assert words in capsys.readouterr().err


async def test_until_reset_what_is_not_known_is_no_yes(capsys):
    source = Counted(day(0, row("gpt-6-sol", 100, 0, service_tier="default")))
    assert await check.check(engine(source), check.Bound("large", until_reset=True)) == 5
    assert "cannot be told" in capsys.readouterr().err


def test_a_form_is_filled_in_and_what_there_is_not_is_refused_with_a_list():
    status = PoolStatus(
        POOL, Forecast(pace=120.4, sustainable=90, projected_percent=140, earliest=EARLIEST, latest=LATEST)
    )
    form = "{large.percent}% {large.left} {large.left_tokens} {large.outlook} {large.runs_out_in} "
    form += "{large.runs_out_at} {{x}}"
    pool_format.check(form, ("large", "small"))
    said = pool_format.formatted(form, [status], TODAY.replace(hour=14, minute=30))
    assert said == "78% 54.7k 54700 runs out 2h00m 16:30 {x}"
    quiet = pool_format.formatted("{large.runs_out_in} {large.rate}", [PoolStatus(POOL, Forecast())], NOW)
    assert quiet == "- -"
    for bad in ("{large}", "{huge.left}", "{large.x}", "{", "a } b", "{}"):
        with pytest.raises(BadSettings, match="no ") as refused:
            pool_format.check(bad, ("large", "small"))
        assert "{large.percent}" in refused.value.advice


def test_every_name_of_a_form_has_a_value():
    form = " ".join(f"{{large.{name}}}" for name in pool_format.FIELDS)
    pool_format.check(form, ("large",))
    assert len(pool_format.formatted(form, [PoolStatus(POOL, Forecast())], NOW).split()) >= len(pool_format.FIELDS)
