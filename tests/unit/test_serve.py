"""What `serve` shows of a state."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.support.builders import CATALOGUE, FREE, TODAY, Memory, day, engine, row
from tests.support.states import LOADED, QUERY, WINDOW, turned
from tui.commands.problems import Problems
from tui.commands.serve import exposition
from tui.domain.forecast import Forecast
from tui.domain.pool_status import PoolInputs, PoolStatus
from tui.domain.pools import Limit, PoolDay
from tui.domain.time import last_days
from tui.engine.events import Arrived, CacheLoaded, Failed, Finished, Started
from tui.engine.state import Snapshot, State
from tui.errors import KeyRefused, ServerFailed
from tui.sources.base import CachedBucket, Page

NOW = TODAY + timedelta(hours=14)
NOTHING = State.initial(last_days(NOW, 1), CATALOGUE)
POOL = PoolStatus(PoolDay("large", Limit(1_000, "config"), 400, 0), Forecast())
READ = replace(
    NOTHING, snapshot=Snapshot(pool_inputs=PoolInputs(replace(day(0), start=TODAY, read_at=NOW)), pools=(POOL,))
)


def names(state, now):
    return {sample.name for sample in samples(state, now)}


def samples(state, now):
    """All samples, as a program reads them, which refuses families that are torn apart."""
    lines = list(exposition(state, now, None))
    assert lines.index("# EOF") == len(lines) - 1
    families = text_string_to_metric_families("\n".join([*lines, ""]))
    return [sample for family in families for sample in family.samples]


def test_before_anything_is_read_there_is_nothing_but_the_end():
    assert list(exposition(NOTHING, NOW, None)) == ["# EOF"]


def test_pools_are_shown_though_no_costs_are_known():
    assert names(READ, NOW) == {
        "openai_pool_limit_tokens",
        "openai_pool_used_tokens",
        "openai_pool_left_tokens",
        "openai_pool_spent",
        "openai_last_success_timestamp_seconds",
    }


def test_the_limit_of_the_month_is_known_without_its_costs():
    assert "openai_costs_month_limit_dollars 100" in list(exposition(NOTHING, NOW, Decimal(100)))


def test_after_midnight_the_pools_of_yesterday_are_gone_and_the_last_success_stays():
    assert names(READ, NOW + timedelta(hours=11)) == {"openai_last_success_timestamp_seconds"}


def of_today(*rows, left_out=0):
    today = replace(day(0, *rows), left_out=left_out)
    return replace(READ, snapshot=replace(READ.snapshot, pool_inputs=PoolInputs(today)))


def test_todays_tokens_and_requests_are_counted_by_model():
    state = of_today(row("a", 100, 10, 2, service_tier=FREE), row("a", 1, 2, 3), row("b", 7, 0, 1))
    counted = {
        (each.name, each.labels["model"]): each.value for each in samples(state, NOW) if "model" in each.labels
    }
    assert {key: value for key, value in counted.items() if value} == {
        ("openai_completions_input_tokens_total", "a"): 101,
        ("openai_completions_input_tokens_total", "b"): 7,
        ("openai_completions_output_tokens_total", "a"): 12,
        ("openai_completions_free_tokens_total", "a"): 110,
        ("openai_completions_requests_total", "a"): 5,
        ("openai_completions_requests_total", "b"): 1,
    }


def test_a_part_of_today_is_not_counted_and_neither_is_another_day():
    known = row("a", 100)
    assert "openai_completions_requests_total" in names(of_today(known), NOW)
    assert "openai_completions_requests_total" not in names(of_today(known, left_out=1), NOW)
    assert "openai_completions_requests_total" not in names(of_today(known), NOW + timedelta(hours=11))


def up(state):
    return [line for line in exposition(state, NOW, None) if line.startswith("openai_up ")]


def test_up_is_whether_the_last_reading_succeeded():
    failed = turned(Started(WINDOW, NOW), Failed(ServerFailed("in trouble"), NOW), state=LOADED)
    again = turned(Started(WINDOW, NOW), state=failed)
    assert up(LOADED) == ["openai_up 1"]
    assert up(failed) == up(again) == ["openai_up 0"]
    assert up(turned(Arrived(Page((day(0, row()),)), QUERY), Finished(NOW), state=again)) == ["openai_up 1"]


def test_up_is_absent_before_the_first_reading_whatever_the_archive_knew():
    cached = CacheLoaded(QUERY, {QUERY: {TODAY: CachedBucket(day(0, row()), NOW)}}, at=NOW)
    assert up(turned(cached)) == up(turned(cached, Started(WINDOW, NOW))) == []
    assert up(turned(cached, Started(WINDOW, NOW), Failed(KeyRefused("no"), NOW))) == ["openai_up 0"]


def test_it_is_up_where_only_older_days_could_not_be_read():
    events = Started(WINDOW, NOW), Arrived(Page((day(0, row()),)), QUERY), Finished(NOW, missing=ServerFailed("no"))
    assert up(turned(*events)) == ["openai_up 1"]


def test_a_new_key_that_works_after_a_while_is_said_to(capsys):
    watched, problems = engine(Memory()), Problems()
    watched.dispatch(Started(WINDOW, NOW))
    watched.dispatch(Failed(KeyRefused("The key was refused."), NOW))
    problems.say(watched)
    problems.say(watched)
    for event in (Started(WINDOW, NOW), Arrived(Page((day(0, row()),)), QUERY), Finished(NOW)):
        watched.dispatch(event)
    problems.say(watched)
    said = capsys.readouterr().err.splitlines()
    assert [line.partition(": ")[2] for line in said] == ["The key was refused.", "it can be read again."]


def test_a_fault_of_our_own_is_said_once_and_hides_nothing_that_comes_after_it(capsys):
    watched, problems = engine(Memory()), Problems()
    for _ in range(2):
        watched.report(ZeroDivisionError("by zero"))
        problems.say(watched)
    watched.dispatch(Failed(ServerFailed("It is in trouble."), NOW))
    problems.say(watched)
    fault, failure = capsys.readouterr().err.splitlines()
    assert "by zero" in fault
    assert failure.endswith("It is in trouble.")
