"""What it costs: the month against its limit, its days with the forecast, line items and projects."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from decimal import Decimal

from textual import events, work
from textual.content import Content

from tui.domain.admin_settings import Question
from tui.domain.bounds import MAX_DAYS
from tui.domain.costs import Month, month, month_of, spending_projects, total
from tui.domain.prices import with_own
from tui.domain.time import DAY, midnight, next_month
from tui.engine import select
from tui.engine.admin_settings import for_projects
from tui.engine.engine import Engine
from tui.engine.events import CostsWanted
from tui.engine.state import State
from tui.output import money as report
from tui.output.spans import Span
from tui.output.worth import free_tokens
from tui.ui import plot, theme
from tui.ui.blocks import PARTS
from tui.ui.plot import Axes
from tui.ui.tones import coloured_lines
from tui.ui.views.text_view import TextView
from tui.ui.workers import reports_faults

_NAME, _LEAST_NAME, _AMOUNTS, _BARS = 44, 16, 26, 80
"""Cells for names, the least of them, what amounts and shares take beside them, and for bars."""

_CHART = 9
"""Rows of the chart of days."""


class MoneyView(TextView):
    """Shows what is known of a month's costs, and reads its usage to say what its free tokens are worth."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(id="money")
        self._engine, self._state = engine, engine.state
        self._first = month_of(engine.session.clock()).start
        self._can_plot = False

    def on_mount(self) -> None:
        """Show what is known, and read the rest."""
        self._turn(self._first)
        self._load_charts()

    def earlier(self) -> bool:
        """Show the month before, and return whether there is one: as far back as costs can be asked for."""
        before, costs = (self._first - DAY).replace(day=1), self._state.costs
        is_gone = costs.kept_from is not None and self._first <= costs.kept_from
        if is_gone or self._engine.session.clock() - self._first > timedelta(days=MAX_DAYS):
            return False
        self._turn(before)
        return True

    def later(self) -> bool:
        """Show the month after, and return whether there is one."""
        following = next_month(self._first)
        if following > self._engine.session.clock():
            return False
        self._turn(following)
        return True

    def _turn(self, first: datetime) -> None:
        self._first = first
        self.entitle(f"Money ─ {first:%B %Y}{' (demo)' if self._engine.session.place == 'demo' else ''}")
        today = midnight(self._engine.session.clock())
        before = (first - DAY).replace(day=1)  # which it stands beside
        self._engine.dispatch(CostsWanted(min((today - before) // DAY, MAX_DAYS)))
        self._show()
        self.scroll_home(animate=False)
        self.post_message(self.Turned())

    @property
    def _is_over(self) -> bool:
        return self._first < month_of(self._engine.session.clock()).start

    @property
    def _at(self) -> datetime:
        """The moment as of which the month is told: now, or the last one of a month that is over."""
        now = self._engine.session.clock()
        return next_month(self._first) - DAY if self._is_over else now

    def questions(self) -> tuple[Question, ...]:
        """Return which limits of spending are shown."""
        return for_projects(spending_projects(self._state.costs, self._engine.session.clock()))

    def know(self, state: State) -> None:
        """Show newer figures."""
        self._state = state
        self._show()

    def on_resize(self, _: events.Resize) -> None:
        """Use the new width."""
        self._show()

    @property
    def usage_month(self) -> datetime | None:
        """Return the month whose usage says what its free tokens are worth, where there are prices."""
        return None if self._engine.session.prices is None else self._first

    @work(exit_on_error=False)
    @reports_faults
    async def _load_charts(self) -> None:
        await asyncio.to_thread(plot.load)
        self._can_plot = True
        self._show()

    def _free(self) -> Span | None:
        """Return what the month's free tokens are worth, once its usage was read."""
        prices, now = self._engine.session.prices, self._engine.session.clock()
        usage = select.month_usage(self._state, self._first, now)
        if usage is None or prices is None:
            return None
        known, error = usage
        problem = None if error is None else error.sentence
        own = with_own(prices, self._state.costs.days, known)
        return free_tokens(known, own, problem, f"in {self._at:%B %Y}" if self._is_over else "this month")

    def _show(self) -> None:
        if self.is_mounted and self.size.width:
            self.put(self._answer(self.scrollable_content_region.width))

    def _answer(self, width: int) -> Content:
        session, costs, now = self._engine.session, self._state.costs, self._engine.session.clock()
        nobody = f"No costs are known. {session.why_not_asked}".strip()
        nothing = costs.problem or ("Costs are being read." if session.cost_source else nobody)
        found = month(costs, self._at, None if self._is_over else session.budget, is_over=self._is_over)
        settings = self._state.admin_settings
        known = report.Money(costs, self._at, now, found, self._state.directory, self._free(), nothing, settings)
        names = max(_LEAST_NAME, min(_NAME, width - _AMOUNTS))
        bars = max(0, min(_BARS, width - _AMOUNTS - names))
        answer = coloured_lines(report.summary(known), width)
        if found is None:
            return answer
        chart = self._chart(found, width) if self._can_plot else Content("\n" * (_CHART + 2))
        return Content("\n").join([answer, chart, coloured_lines(report.details(known, names, bars), width)])

    def _chart(self, found: Month, width: int) -> Content:
        """Return the days of the whole month: what they cost, and what those that follow are expected to cost."""
        first, costs = self._first, self._state.costs
        following = next_month(first)
        starts = [first + n * DAY for n in range((following - first) // DAY)]
        today = midnight(self._at)
        amounts = [
            None if (lines := costs.of(start)) is None else float(max(total(lines), Decimal(0)))
            for start in starts
            if start <= today
        ]
        projected = [float(found.mean or 0)] * found.left_days if not self._is_over and found.mean else []
        labels = tuple(f"{start:%a %d}" for start in starts)
        axes = Axes(
            width, _CHART, len(starts), plot.top_of([*amounts, *projected], plot.CENTS), labels, tick=plot.money
        )
        head = Content.styled(f"\nDollars by day{', those to come est.' if projected else ''}\n", "bold")
        try:
            picture = plot.continued(amounts, projected, axes)
        except Exception as error:  # noqa: BLE001  whatever a chart's library does, the numbers stay
            return head.append(f"No chart: {type(error).__name__}: {error}")
        colours = {PARTS: theme.BILLED, plot.UPPER: theme.BILLED}
        return head.append(plot.coloured(picture, colours, theme.FAINT))
