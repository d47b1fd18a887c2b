"""What is asked for because it is looked at beside the table: by an open text, the charts, the highlighted line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.domain.admin_settings import Question, Topic
from tui.domain.line import Line
from tui.engine import compare, select
from tui.engine.events import BucketsWanted, SettingsWanted
from tui.engine.state import State
from tui.ui.views.text_view import TextView
from tui.ui.widgets.charts import ChartsPane
from tui.ui.widgets.drawings import Shown

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen


def ask(screen: DashboardScreen) -> None:
    """Ask for what is looked at now and was not asked for yet."""
    state, text = screen.state, screen.text
    questions = settings_wanted(state, text, screen.table.line)
    if questions != state.settings_wanted:
        screen.dispatch(SettingsWanted(questions))
    wanted = buckets_wanted(
        screen.state,
        text,
        asks=screen.session.asks,
        shows_pools=screen.query_one(ChartsPane).shown is Shown.POOLS,
        year=any(each.wants_year(is_shown=each is text) for each in screen.query(TextView)),
    )
    if wanted != screen.state.buckets_wanted:
        screen.dispatch(wanted)


def settings_wanted(state: State, text: TextView | None, line: Line | None) -> tuple[Question, ...]:
    """Return the limits and settings that a text is about, or else the limits of what the highlighted line names."""
    if text is not None:
        return text.questions()
    about = None if line is None else select.project_and_model(state, line)
    return () if about is None else (Question(Topic.RATE_LIMITS, about[0]),)


def buckets_wanted(
    state: State, text: TextView | None, *, asks: bool, shows_pools: bool, year: bool
) -> BucketsWanted:
    """Return which buckets are wanted beside those of the table; of today's growth none, where nobody is asked."""
    since = None if state.mark is None or not asks else state.mark.started
    month = None if text is None else text.usage_month
    return BucketsWanted(
        asks and shows_pools, month, since, state.buckets_wanted.week, compare.questions(state), year
    )
