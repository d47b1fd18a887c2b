"""The cursor goes back to the line that was entered, and begins where usage begins that was counted."""

from __future__ import annotations

from datetime import timedelta

from tests.support.builders import TODAY, engine, source
from tui.domain.line import Line
from tui.domain.rows import Sums
from tui.domain.time import Width
from tui.engine.events import Entered, Left
from tui.ui.cursor_goal import CursorGoal

HOUR = timedelta(hours=1)
CAME_FROM = (TODAY, ("o3",))
NEWEST, OLDER, OLDEST = (Line(TODAY + n * HOUR, (), Sums(input=n), groups=1) for n in (3, 2, 1))
LINES = (NEWEST, OLDER, OLDEST)


class Levels:
    """An engine whose days are entered and left again, and the goal that follows it."""

    def __init__(self) -> None:
        self.goal, self.engine = CursorGoal(), engine(source())
        self.engine.subscribe(self.goal.follow)

    def enter(self) -> None:
        self.engine.dispatch(Entered(self.engine.session.inside(TODAY, Width.HOUR), CAME_FROM))


async def test_the_cursor_begins_at_the_newest_hour_that_was_counted_and_unfolds_it_once():
    levels = Levels()
    levels.enter()
    assert levels.goal.take((), TODAY) == (None, None), "nothing is read yet, so it still has to go there"
    assert levels.goal.take(LINES, NEWEST.start) == (OLDER.key, OLDER.start)
    assert levels.goal.take(LINES, NEWEST.start) == (None, None)


async def test_what_is_unfolded_already_is_left_so():
    levels = Levels()
    levels.enter()
    opened = Line(OLDER.start, (), OLDER.sums, groups=1, open=True)
    assert levels.goal.take((opened,), None) == (opened.key, None)


async def test_a_user_who_was_faster_than_the_answer_keeps_the_cursor():
    levels = Levels()
    levels.enter()
    levels.goal.give_up()
    assert levels.goal.take(LINES, None) == (None, None)


async def test_going_back_leads_to_the_line_that_was_entered():
    levels = Levels()
    levels.enter()
    levels.engine.dispatch(Left())
    assert levels.goal.take(LINES, None) == (CAME_FROM, None)
    assert levels.goal.take(LINES, None) == (None, None)
