"""What it costs: this month, its end, the budget, line items, projects, and what free tokens would have cost."""

from __future__ import annotations

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tui.domain.admin_settings import Question
from tui.domain.costs import month, month_of, spending_projects
from tui.domain.prices import with_own
from tui.engine.admin_settings import for_projects
from tui.engine.engine import Answer, Engine
from tui.engine.events import SettingsWanted
from tui.engine.state import State
from tui.output import costs as report
from tui.ui import theme
from tui.ui.actions import bindings
from tui.ui.dialogs.text import TextBox, TextDialog, title
from tui.ui.workers import reports_faults

_NAME, _LEAST_NAME, _AMOUNTS = 44, 16, 32
"""Cells for names, and what must be left for amounts, shares and the frame."""

_STYLES = {
    "strong": "bold",
    "good": theme.GOOD,
    "warning": theme.WARNING,
    "over": f"bold {theme.ERROR}",
    "selected": theme.SELECTED,
    "muted": theme.MUTED,
    "faint": theme.FAINT,
    "plain": "",
}


class MoneyView(TextDialog):
    """Shows what is known of costs, and reads this month's free tokens to say what they are worth."""

    BINDINGS: ClassVar[list[BindingType]] = bindings({"money": "dismiss"})

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine, self._state = engine, engine.state
        self._usage: Answer | None = None

    def compose(self) -> ComposeResult:
        """Lay out one scrollable box."""
        with TextBox(id="money") as box:
            box.border_title = title(self._engine.session, "Money")
            box.border_subtitle = "Esc closes"
            yield Static(id="answer")

    def on_mount(self) -> None:
        """Show what is known, and ask for the rest."""
        self._show()
        self._engine.dispatch(SettingsWanted(self.questions()))
        if self._engine.session.prices is not None:
            self._read()

    def questions(self) -> tuple[Question, ...]:
        """Return which limits of spending are shown."""
        return for_projects(spending_projects(self._state.costs, self._engine.session.clock()))

    def know(self, state: State) -> None:
        """Show newer figures."""
        self._state = state
        if self.is_mounted:
            self._show()

    @work(exclusive=True, group="worth", exit_on_error=False)
    @reports_faults
    async def _read(self) -> None:
        self._usage = await self._engine.read_usage(month_of(self._engine.session.clock()))
        self._show()

    def _free(self) -> report.Span | None:
        """Return what this month's free tokens are worth, once its usage was read."""
        usage, prices = self._usage, self._engine.session.prices
        if usage is None or prices is None:
            return None
        problem = None if usage.problem is None else usage.problem.sentence
        return report.free_tokens(usage.report, with_own(prices, self._state.costs.days, usage.report), problem)

    def _show(self) -> None:
        self.query_one("#answer", Static).update(self._answer())

    def _answer(self) -> Content:
        session, costs, now = self._engine.session, self._state.costs, self._engine.session.clock()
        nobody = f"No costs are known. {session.why_not_asked}".strip()
        nothing = costs.problem or ("Costs are being read." if session.cost_source else nobody)
        this_month = month(costs, now, session.budget)
        settings = self._state.admin_settings
        known = report.Money(costs, now, now, this_month, self._state.directory, self._free(), nothing, settings)
        width = max(_LEAST_NAME, min(_NAME, self.app.size.width - _AMOUNTS))
        lines = (
            Content.assemble(*((text, _STYLES[tone]) for text, tone in line)) for line in report.lines(known, width)
        )
        return Content("\n").join(lines)
