"""What is asked for because it is looked at: by an open text, the chart of the pools, the highlighted line."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace

from tests.support.builders import NOW, TODAY, engine, source
from tui.domain.admin_settings import Question, Topic
from tui.domain.line import Line
from tui.domain.rows import Sums
from tui.engine.events import Marked
from tui.ui import asking

QUESTION = Question(Topic.RATE_LIMITS, "p")


def text(*questions: Question, month: datetime | None = None) -> SimpleNamespace:
    """A text that is open."""
    return SimpleNamespace(questions=lambda: questions, usage_month=month)


def wanted(state, about=None, *, asks=True, shows_pools=False, year=False):
    return asking.buckets_wanted(state, about, asks=asks, shows_pools=shows_pools, year=year)


def test_limits_are_those_of_the_text_that_is_open_whatever_line_is_highlighted():
    state, line = engine(source()).state, Line(TODAY, ("o3",), Sums(input=1))
    assert asking.settings_wanted(state, text(QUESTION), line) == (QUESTION,)
    assert asking.settings_wanted(state, text(), line) == ()
    assert asking.settings_wanted(state, None, None) == ()


def test_hours_are_wanted_by_the_chart_of_the_pools_where_somebody_is_asked():
    state = engine(source()).state
    assert not wanted(state).hours
    assert wanted(state, shows_pools=True).hours
    assert not wanted(state, shows_pools=True, asks=False).hours


def test_a_month_is_wanted_by_the_text_about_it_and_days_of_a_year_by_the_calendar():
    state = engine(source()).state
    assert wanted(state, text(month=TODAY)).month == TODAY
    assert wanted(state).month is None
    assert wanted(state, year=True).year


async def test_what_was_used_since_a_mark_is_wanted_where_somebody_is_asked():
    marked = engine(source())
    marked.dispatch(Marked(NOW, "a"))
    assert wanted(marked.state).since == NOW
    assert wanted(marked.state, asks=False).since is None
