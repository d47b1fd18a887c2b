"""The days of the calendar: told from the archive first, asked for once a day, and what stands out of them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from tests.support.builders import CATALOGUE, DAY, FREE, NOW, TODAY, Memory, day, demo_client, row
from tests.support.states import turned
from tui.commands.why import why
from tui.domain.standouts import What
from tui.domain.time import Width
from tui.domain.usage import Bucket
from tui.engine import plan
from tui.engine.engine import Engine
from tui.engine.events import Arrived, BucketsRead, BucketsRecalled, BucketsWanted, RefreshAsked
from tui.engine.reduce import reduce
from tui.engine.session import Session
from tui.engine.standouts import KnownStandOuts, of_day
from tui.sources.base import CachedBucket, Page, Query
from tui.sources.demo.organization import is_enrolled

YEAR = BucketsWanted(year=True)
QUERY = plan.year(NOW)


def asked(state, now=NOW):
    return plan.due_extras(state.buckets_wanted, state.buckets_read, now)


def test_the_year_is_asked_for_once_a_day_and_again_at_a_refresh():
    state, _ = reduce(turned(), YEAR)
    assert asked(state) == (QUERY,)
    state, _ = reduce(state, BucketsRead(QUERY, NOW))
    assert asked(state) == ()
    state, _ = reduce(state, BucketsWanted(hours=True))
    (hours,) = asked(state)
    state, _ = reduce(state, BucketsRead(hours, NOW))
    state, _ = reduce(state, YEAR)
    assert asked(state) == (), "it was left and opened again"
    assert [query.window.end for query in asked(state, NOW + DAY)] == [TODAY + 2 * DAY]
    state, _ = reduce(state, RefreshAsked())
    assert asked(state) == (QUERY,)


def test_what_the_archive_knows_never_takes_the_place_of_what_was_read():
    old = Bucket(TODAY - DAY, (row(tokens=1),), read_at=NOW - DAY)
    older = Bucket(TODAY - 90 * DAY, (row(tokens=2),), read_at=NOW - 80 * DAY)
    new = Bucket(TODAY - DAY, (row(tokens=3),), read_at=NOW)
    recalled = BucketsRecalled(QUERY, {each.start: CachedBucket(each, each.read_at) for each in (old, older)}, NOW)
    for events in ((recalled, Arrived(Page((new,)), QUERY)), (Arrived(Page((new,)), QUERY), recalled)):
        assert list(turned(*events).store.get(QUERY).values()) == [older, new]


def test_the_days_that_are_shown_follow_what_the_archive_knows():
    kept = Bucket(TODAY - DAY, (row(),), read_at=NOW)
    state = turned(BucketsRecalled(QUERY, {kept.start: CachedBucket(kept, NOW)}, NOW))
    assert state.days.report.buckets[kept.start] is kept


class Archived:
    organization = "org-test"

    def cached(self, query: Query) -> dict[datetime, CachedBucket]:
        found = [day(ago, row(tokens=ago)) for ago in range(400)]
        return {each.start: CachedBucket(each, NOW) for each in found if each.start in query.window}


async def test_the_archive_is_told_while_another_question_still_waits_for_its_answer():
    api = Memory()
    api.open.clear()
    engine = Engine(Session(api, lambda: NOW, 1, CATALOGUE, live=60, memory=Archived()))
    engine._is_watching = True
    engine.dispatch(BucketsWanted(hours=True))
    engine.dispatch(BucketsWanted(hours=True, year=True))
    await engine._loader._tasks.wait("recall")
    assert len(engine.state.store.get(QUERY)) == sum(1 for _ in QUERY.window.starts())
    assert not engine.state.buckets_read
    await engine.close()


USUAL = [day(ago, row("gpt-6-sol", 200_000, 0, service_tier=FREE)) for ago in range(1, 60)]


def known(*buckets: Bucket):
    return turned(Arrived(Page(buckets), QUERY))


def test_it_is_found_once_for_the_same_days_whatever_else_arrives():
    stand_outs, state = KnownStandOuts(), known(*USUAL, day(0, row("gpt-6-sol", 900_000, 0)))
    first = stand_outs.of(state, NOW)
    assert [each.what for each in first[TODAY]] == [What.FAR_ABOVE]
    hours = Query(plan.hours(TODAY, NOW).window)
    later, _ = reduce(state, Arrived(Page((Bucket(TODAY, (row(),)),)), hours))
    assert later.store is not state.store
    assert stand_outs.of(later, NOW) is first
    more, _ = reduce(later, Arrived(Page((day(0, row("gpt-6-sol", 1_800_000, 0)),)), QUERY))
    assert stand_outs.of(more, NOW)[TODAY][0].factor == 9


def test_a_day_that_was_read_by_the_hour_only_is_told_of_once_all_hours_are_there():
    yesterday = TODAY - DAY
    state = known(*USUAL[1:])
    hours = [Bucket(yesterday + n * timedelta(hours=1), (row("gpt-6-sol", 50_000, 0),)) for n in range(24)]
    query = plan.hours(yesterday, NOW)
    assert query.window.width is Width.HOUR
    part, _ = reduce(state, Arrived(Page(tuple(hours[:23])), query))
    assert of_day(part, NOW, yesterday) == ()
    whole, _ = reduce(state, Arrived(Page(tuple(hours)), query))
    assert [each.what for each in of_day(whole, NOW, yesterday)] == [What.FAR_ABOVE, What.NOTHING_FREE]
    spoiled = (*hours[:23], replace(hours[23], left_out=1))
    in_part, _ = reduce(state, Arrived(Page(spoiled), query))
    assert [each.what for each in of_day(in_part, NOW, yesterday)] == [What.FAR_ABOVE], "something may have been free"


async def test_why_says_what_stands_out_on_its_day_and_by_which_rule_as_text_and_as_json(capsys):
    async with demo_client() as client:
        silent = next(TODAY - ago * DAY for ago in range(1, 20) if not is_enrolled(TODAY - ago * DAY))
        assert await why(Engine(Session(client, lambda: NOW, 1, CATALOGUE)), day=silent) == 0
        text = capsys.readouterr().out
        assert "! Nothing was free: " in text
        assert "Rule: a day that is over, on which models of the pools were used and all tokens were billed." in text
        await why(Engine(Session(client, lambda: NOW, 1, CATALOGUE)), day=silent, as_json=True)
        (said,) = json.loads(capsys.readouterr().out)["stands_out"]
        assert (said["what"], said["model"]) == ("nothing_free", None)
        await why(Engine(Session(client, lambda: NOW, 1, CATALOGUE)), day=TODAY - 2 * DAY, as_json=True)
        assert json.loads(capsys.readouterr().out)["stands_out"] == []
