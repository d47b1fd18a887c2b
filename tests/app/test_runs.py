"""A mark measures, the list of runs shows what was measured, and both survive the program."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.support.archives import IDENTITY, archive
from tests.support.builders import CATALOGUE, NOW, demo_client, source
from tests.support.dashboard import dashboard
from tests.support.live import Time
from tests.support.runs import Kept, Late, over
from tui.facts.prices import prices
from tui.sources.archive.runs import KeptRuns
from tui.ui.views.runs import RunsView


def keeping(*runs) -> Kept:
    store = Kept()
    for run in runs:
        store.keep(run)
    return store


def mark_line(board) -> str:
    found = [line for line in board.text().splitlines() if line.startswith(" since ")]
    return found[0] if found else ""


async def test_a_mark_measures_until_it_is_ended_and_is_listed_then():
    clock = Time()
    store = Kept()
    async with dashboard(Late(clock, 2), clock=clock, run_store=store, prices=prices(None)) as board:
        await board.press("m")
        assert "since 14:03 (0s) · nothing is counted yet" in mark_line(board)
        assert store.kept[-1].ended is None
        await clock.goes(board, minutes=1)
        await clock.goes(board, minutes=4)
        assert "330 tokens in 6 requests · 91% free" in mark_line(board)
        assert "counted through 14:06" in mark_line(board)
        assert "m ends it" in mark_line(board)
        await board.press("m")
        assert not mark_line(board)
        assert store.kept[-1].ended == clock()
        await board.press("5")
        assert "since 14:03" in board.text()
        assert "not read yet" in line_of(board, "since 14:03")
        await clock.goes(board, minutes=1)
        assert "so far" in board.text()
        for _ in range(5):
            await clock.goes(board, minutes=1)
        assert "complete" in board.text()
        assert store.kept[-1].usage.sums.total == 5 * 110, "the minutes that it touches, and no other"


async def test_a_mark_asks_for_no_more_than_polls_do():
    clock = Time()
    api = Late(clock, 2)
    async with dashboard(api, clock=clock, run_store=Kept()) as board:
        await board.press("m")
        before = len(api.queries)
        for _ in range(20):
            await clock.goes(board, minutes=1)
        assert len(api.queries) - before <= 2 * 20 + 1, "and once in an hour those of the day before, for comparison"


async def test_a_mark_and_what_was_measured_survive_the_program(tmp_path):
    clock = Time()
    async with dashboard(Late(clock, 2), clock=clock, run_store=KeptRuns(archive(tmp_path), IDENTITY)) as board:
        await board.press("m")
    clock.now += timedelta(hours=2)
    async with dashboard(Late(clock, 2), clock=clock, run_store=KeptRuns(archive(tmp_path), IDENTITY)) as board:
        await clock.goes(board, seconds=1)
        assert "since 14:03 (2h00m)" in mark_line(board)
        assert f"{118 * 110:,} tokens" in mark_line(board)
        for _ in range(90):  # what polls no longer read is kept
            await clock.goes(board, minutes=1)
        assert f"{208 * 110:,} tokens" in mark_line(board)


async def test_what_a_command_left_behind_is_completed():
    clock = Time()
    store = Kept()
    store.keep(over())
    clock.now += timedelta(minutes=40)
    async with dashboard(Late(clock, 2), clock=clock, run_store=store) as board:
        await board.press("5")
        assert "complete" in board.text()
        assert store.kept[-1].usage.sums.total == 330


@pytest.mark.parametrize("size", [(60, 15), (80, 24), (120, 40)])
async def test_a_run_is_forgotten_when_that_is_said_twice_and_enter_shows_its_minutes(size):
    clock = Time()
    store = Kept()
    store.keep(over())
    clock.now += timedelta(minutes=40)
    async with dashboard(Late(clock, 2), clock=clock, run_store=store, size=size) as board:
        await board.press("5")
        assert board.screen.query_one(RunsView).run.id == "r1"
        await board.press("enter")
        assert board.screen.view_shown == "usage"
        window = board.screen.state.seen.report.window
        assert (window.start, window.end) == (NOW - timedelta(minutes=3), NOW)
        await board.press("escape", "delete")
        assert board.screen.state.runs
        await board.press("j", "delete")
        assert board.screen.state.runs, "moving on is no yes"
        await board.press("delete")
        assert not board.screen.state.runs
        assert not store.runs()
        assert "No runs are kept" in board.text()


async def test_escape_from_the_minutes_of_a_run_goes_back_to_the_list():
    clock = Time()
    async with dashboard(Late(clock, 2), clock=clock, run_store=keeping(over())) as board:
        await board.press("5")
        await board.press("enter")
        assert board.screen.view_shown == "usage"
        assert len(board.screen.state.levels) == 2
        await board.press("escape")
        assert board.screen.view_shown == "runs"
        assert len(board.screen.state.levels) == 1
        await board.press("escape")
        assert board.screen.view_shown == "usage"


async def test_del_says_what_it_does_asks_once_more_and_confirms(tmp_path):
    clock = Time()
    store = KeptRuns(archive(tmp_path), IDENTITY)
    first = over()
    second = replace(first, id="other", started=first.started - timedelta(hours=1))
    for run in (first, second):
        store.keep(run)
    async with dashboard(Late(clock, 2), clock=clock, run_store=store) as board:
        await board.press("delete")
        assert "Del forgets a run: 5 lists them." in board.text()
        await board.press("5")
        await board.press("delete")
        assert f"Del once more forgets {first.name}." in board.text()
        await board.press("down", "up", "delete")
        assert len(board.screen.state.runs) == 2, "what was asked of is another question after the cursor has moved"
        await board.press("delete")
        assert len(board.screen.state.runs) == 1
        assert f"{first.name} is forgotten." in board.text()


async def test_without_an_archive_the_list_says_so():
    async with dashboard(source()) as board:
        await board.press("5")
        assert "The archive is off, so no runs are kept." in board.text()


async def test_what_is_not_counted_is_blank_in_the_list_and_no_zero():
    clock = Time()
    async with dashboard(Late(clock, 60), clock=clock, run_store=keeping(over())) as board:
        await board.press("5")
        line = next(line for line in board.text().splitlines() if "not counted yet" in line)
        assert "$0" not in line
        assert " 0 " not in line


async def test_the_archive_alone_lists_its_runs(tmp_path):
    kept = KeptRuns(archive(tmp_path), IDENTITY)
    kept.keep(over())
    alone = source()
    async with dashboard(alone, memory=alone, offline=True, place="offline", run_store=kept) as board:
        await board.press("5")
        assert over().name in board.text()


async def test_there_is_nothing_to_measure_where_nobody_is_asked():
    async with dashboard(source(), is_static=True) as board:
        await board.press("m")
        assert not mark_line(board)
        assert "nothing to measure" in board.text()


async def test_without_runs_the_list_says_how_to_get_one():
    async with demo_client() as client, dashboard(client, days=1, catalogue=CATALOGUE, run_store=Kept()) as board:
        await board.press("5", "enter", "delete", "j", "G")
        assert "oai-usage-tui run -- COMMAND measures one" in board.text()
        await board.press("escape", "escape")
        assert board.screen.view_shown == "usage"


async def test_a_command_of_another_process_is_listed_as_it_runs_and_as_it_ends(tmp_path):
    clock = Time()
    ours, theirs = (KeptRuns(archive(tmp_path), IDENTITY) for _ in range(2))
    async with dashboard(Late(clock, 2), clock=clock, run_store=ours) as board:
        await board.press("5")
        assert over().name not in board.text()
        with theirs.going_on(over(), clock):
            theirs.keep(replace(over(), ended=None, status=None))
            await clock.goes(board, minutes=1)
            line = line_of(board, over().name)
            assert "running" in line
            assert " 4m " in line
            await board.press("delete", "delete")
            assert f"{over().name} runs still: Del forgets it once it has ended." in board.text()
            theirs.keep(over())
        await clock.goes(board, minutes=1)
        assert "running" not in board.text()
        for _ in range(11):
            await clock.goes(board, minutes=1)
        assert "complete" in line_of(board, over().name)
        assert theirs.runs()[0].usage.sums.total == 330


def line_of(board, words: str) -> str:
    return next(line for line in board.text().splitlines() if words in line)


async def test_a_command_whose_end_nobody_noted_says_so_and_is_measured_as_long_as_it_was_seen(tmp_path):
    clock = Time()
    store = KeptRuns(archive(tmp_path), IDENTITY)
    begun = replace(over(), ended=None, status=None)
    with store.going_on(begun, clock):
        store.keep(begun)
    clock.now += timedelta(minutes=40)
    async with dashboard(Late(clock, 2), clock=clock, run_store=store) as board:
        await board.press("5")
        line = line_of(board, begun.name)
        assert "3m or more" in line
        assert "330" in line
        assert "end unknown, complete" in line
        await board.press("enter")
        window = board.screen.state.seen.report.window
        assert (window.start, window.end) == (NOW - timedelta(minutes=3), NOW)


async def test_in_little_room_the_list_keeps_names_and_that_an_end_is_unknown(tmp_path):
    clock, store = Time(), KeptRuns(archive(tmp_path), IDENTITY)
    store.keep(replace(over(), name="python evaluate.py --all", ended=None))
    async with dashboard(Late(clock, 60), clock=clock, run_store=store, size=(60, 15)) as board:
        await board.press("5")
        line = line_of(board, "end unknown")
        assert "python …" in line
        assert line.rstrip().endswith("end unknown")


async def test_what_was_forgotten_does_not_come_back_though_it_was_read_just_before():
    class Slow(Kept):
        def forget(self, run) -> None:
            """It is still to be written."""

    clock, store = Time(), Slow()
    store.keep(over())
    async with dashboard(Late(clock, 2), clock=clock, run_store=store) as board:
        await board.press("5", "delete", "delete")
        await clock.goes(board, minutes=1)
        assert not board.screen.state.runs


@pytest.mark.parametrize(("minutes", "first", "last"), [(3, "14:00", "14:09"), (25, "13:38", "14:02")])
async def test_the_charts_of_a_run_span_its_minutes(minutes, first, last):
    clock = Time()
    clock.now += timedelta(minutes=40)
    async with dashboard(Late(clock, 2), clock=clock, run_store=keeping(over(minutes)), size=(160, 50)) as board:
        await board.press("5", "enter")
        assert any(first in line and last in line for line in board.text().splitlines()), board.text()
