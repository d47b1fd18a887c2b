"""The main screen: table, pane and bars show one state; keys, time and refreshes change it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from tui.domain.filter import Filter
from tui.domain.filter_hint import filter_hint
from tui.domain.table import lines
from tui.domain.time import until_reset
from tui.domain.windows import LastDays
from tui.engine import select
from tui.engine.engine import Engine
from tui.engine.events import Event, Folded, WindowChosen
from tui.engine.organizations import Organizations
from tui.engine.session import Session
from tui.engine.state import State
from tui.ui import asking, beginning, columns, gc_tuning, layout, telling
from tui.ui.actions import ACTIONS, bindings, drilldown, footer, refresh, views
from tui.ui.actions.action import Action
from tui.ui.actions.view import order_by, set_view
from tui.ui.counting import Counting
from tui.ui.cursor_goal import CursorGoal
from tui.ui.kind_switch import KindSwitch
from tui.ui.memo import Memo
from tui.ui.table_lines import TableLines
from tui.ui.views.text_view import TextView
from tui.ui.widgets import frame
from tui.ui.widgets.charts import ChartsPane
from tui.ui.widgets.drawings import Shown
from tui.ui.widgets.filter_box import FilterBox, FilterHint
from tui.ui.widgets.footer import FooterBar
from tui.ui.widgets.header import ORGANIZATIONS, VIEWS, HeaderBar
from tui.ui.widgets.mark_line import MarkLine
from tui.ui.widgets.pool_bar import PoolBar
from tui.ui.widgets.status_line import StatusLine
from tui.ui.widgets.usage_table import UsageTable
from tui.ui.widgets.verdict import VerdictLine


class DashboardScreen(Screen[None], inherit_bindings=False):
    """One run on the screen. What its keys do is in `tui.ui.actions`; none of Textual's own are among them."""

    ACTIONS_HERE: ClassVar[dict[str, str]] = {action.name: f"run('{action.name}')" for action in ACTIONS}
    BINDINGS: ClassVar[list[BindingType]] = bindings(ACTIONS_HERE)

    @dataclass
    class KeyPressed(Message):
        """There is nothing to show, and there will be nothing with this key; or (None) there is something now."""

        problem: str | None

    @dataclass
    class Told(Message):
        """Something happened, in a sentence."""

        words: str

    @dataclass
    class Drawn(Message):
        """All that is known has the place that it will keep; `is_read`, what was to be read first is there too."""

        is_read: bool = False

    def __init__(
        self,
        session: Session,
        actions: Sequence[Action] = ACTIONS,
        organizations: Organizations | None = None,
    ) -> None:
        super().__init__()
        self.organizations = organizations
        """All profiles, where there are others than the one that is shown."""
        self.actions = {action.name: action for action in actions}
        self.session = session
        self.engine = Engine(session, partial(telling.perform, self))
        self.engine.subscribe(self._changed)
        self._show_is_due = False
        self._counting = Counting(self._show_lines)
        self.memo = Memo(session.budget, session.prices)
        self.lines = TableLines(session, self.memo)
        self.cursor_goal = CursorGoal()
        self.view_shown = "usage"
        """The view that stands in the body; what its name says is in `tui.ui.actions.views`."""
        self._through_shown: datetime | None = None
        self.is_drawn = asyncio.Event()
        """Set when the first frame has been drawn, or nothing waits for it."""
        self.drawn_at: datetime | None = None
        """The time of which pools and verdict are shown."""
        self.entered_from = ""
        """The view that hours or minutes were entered from, where that was not the table."""
        self.kinds = KindSwitch(session.view.only)
        self.pane_wanted: str | None = None
        """What the pane is to show; None for what it shows unasked."""

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        there = VIEWS if self.organizations is None else (*VIEWS, ORGANIZATIONS)
        named = [(name, title, self.actions[name].number) for name, title in there]
        yield HeaderBar(self.session, named, id="title")
        yield VerdictLine(id="verdict")
        yield MarkLine(id="mark")
        with Container(id="body"):
            with Container(id="left"):
                yield UsageTable(self.session.catalogue.pool_name, id="usage")
                yield FilterBox(id="filter")
                yield FilterHint(id="filter-hint", markup=False)
            yield ChartsPane(self.session, id="pane")
        has_budget, has_month = self.session.budget is not None, self.session.cost_source is not None
        yield PoolBar(self.session.catalogue.pools, has_budget=has_budget, has_month=has_month, id="pools")
        yield StatusLine(self.actions["refresh"].key, id="state")
        yield FooterBar(self.actions, footer.entries(self))
        yield Static(id="tiny", markup=False)

    def on_mount(self) -> None:
        """Show the frame, and read."""
        self.table.focus()
        layout.fit(self, self.app.size)
        self.engine.show_cached()
        self.call_after_refresh(beginning.begin, self)  # what is loaded for it takes its time
        self.show_all()
        drilldown.go_down_to(self, self.session.width)
        if not self.session.is_static:
            self.set_interval(1.0, self._tick)
        if self.session.pause_unfocused:
            self.watch(self.app, "app_focus", lambda focus: refresh.follow_focus(self, has_focus=focus), init=False)

    @property
    def table(self) -> UsageTable:
        """The table."""
        return self.query_one(UsageTable)

    @property
    def filter(self) -> FilterBox:
        """Where the filter is typed."""
        return self.query_one(FilterBox)

    def action_run(self, name: str) -> None:
        """Do what a key, the palette or a click asks for; what is about the table is done where it is seen."""
        action = self.actions[name]
        if action.of_table and self.view_shown in views.ALONE:
            views.show(self, "usage")
        action.run(self)

    def action_show_days(self, days_before: int) -> None:
        """Show the window that begins so many whole days before today."""
        self.dispatch(WindowChosen(LastDays(days_before)))

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the parts for the room that there is."""
        layout.fit(self, event.size)

    @property
    def state(self) -> State:
        """What is known, and what is looked at."""
        return self.engine.state

    def dispatch(self, event: Event) -> None:
        """Turn the state by an event."""
        self.engine.dispatch(event)

    async def on_unmount(self) -> None:
        """End what is being read."""
        await self.engine.close()
        if self.organizations is not None:
            await self.organizations.close()

    def _changed(self, before: State, after: State) -> None:
        """Show what changed, soon: many changes in a row are shown once."""
        if after.has_data and not before.has_data:
            self.post_message(self.KeyPressed(None))
        if after.key_problem is not None and after.key_problem != before.key_problem:
            self.post_message(self.KeyPressed(after.key_problem))
        self.cursor_goal.follow(before, after)
        if after.days.report is not before.days.report:
            gc_tuning.fit(after.days.report)
        if before.days.fetched_at is None and after.days.fetched_at is not None:
            self.call_later(asking.ask, self)
        if not self._show_is_due:
            self._show_is_due = True
            self.call_later(self.show_all)

    def show_all(self) -> None:
        """Show the state, and the time."""
        self._show_is_due = False
        text = self.text
        if text is not None:
            text.follow(self.state)
        self._show_lines()
        self._show_time()

    def _show_lines(self) -> None:
        """Show the lines, and plot them; where there are very many rows, as soon as they have been gone through."""
        state, view = self.state, self.state.view
        aggregate, table_input = self.lines.follow(state), self.lines.input_of(state)
        if self._counting.defers(self, aggregate, table_input):
            return
        self._through_shown = through = self.lines.through(state)
        found = lines(table_input, view, aggregate)
        cursor, unfolded = self.cursor_goal.take(found, through)
        if unfolded is not None:
            self.call_later(self.dispatch, Folded(frozenset({unfolded}), open=True))
        look = self.lines.look(state, table_input.report.unit, through, self.actions["why"].key)
        self.table.show(found, look, cursor)
        self._show_frame()
        self.query_one(ChartsPane).show(table_input, view, aggregate, through)
        self.tell_change()
        is_known = bool(table_input.report.buckets) and not table_input.coarse
        self.query_one(FilterHint).show(filter_hint(view, aggregate) if is_known else "")

    def tell_change(self) -> None:
        """Say on the frame how much more the highlighted line is than before, where no facts beside the table do."""
        self.table.tell(self.query_one(ChartsPane).untold)

    def _show_time(self) -> None:
        state, now = self.state, self.session.clock()
        self.drawn_at = now
        reset = None if self.session.is_static else until_reset(now)
        pools_known = select.pools_of_today(state, now)
        month, settings, is_refused = self.memo.month(state, now), state.admin_settings, bool(state.costs.problem)
        self.query_one(PoolBar).show(pools_known, now, reset, month, settings, are_costs_refused=is_refused)
        pane = self.query_one(ChartsPane)
        pane.show_headroom(select.headroom(state, now, self.table.line))
        if pane.shown is Shown.POOLS:
            pane.show_burn_ups(self.memo.burn_ups(state, now))
        pools = [status.pool for status in pools_known]
        self.query_one(StatusLine).show(state, self.session, now, pools, self.engine.fault)
        self.query_one(HeaderBar).show(state, now, self.view_shown)
        self.query_one(VerdictLine).show(self.memo.today(state, now), self.actions["why"].key)
        mark = state.mark
        usage = None if mark is None else self.memo.since(state, mark, now)
        self.query_one(MarkLine).show(mark, usage, now, self.actions["mark"].key)
        self._show_keys()

    @property
    def text(self) -> TextView | None:
        """The text that is shown in the body, if one is."""
        return next((text for text in self.query(TextView) if text.id == self.view_shown), None)

    def _show_frame(self) -> None:
        """Say on the table's frame what it shows, and what can be changed."""
        windows = frame.tabs(self.session.days, self.session.most_days)
        in_ascii, width = getattr(self.app, "is_ascii", False), self.table.size.width - 4
        self.table.entitle(frame.title(self.state, self.actions, windows, width, in_ascii=in_ascii))

    def _tick(self) -> None:
        """Move the clock on."""
        self._show_time()
        asking.ask(self)
        self.engine.tick()
        if self.organizations is not None:
            self.organizations.tick()
        if self.lines.through(self.state) != self._through_shown:
            self.show_all()

    def on_usage_table_line_highlighted(self, event: UsageTable.LineHighlighted) -> None:
        """Let the pane follow the cursor."""
        self.query_one(ChartsPane).follow(event.line)
        self.table.tell_soon(lambda: self.query_one(ChartsPane).untold)
        if self.table.place:
            self.cursor_goal.give_up()
        views.follow(self)
        asking.ask(self)

    def on_text_view_turned(self) -> None:
        """Ask for what the text is about now."""
        asking.ask(self)

    def on_usage_table_fitted(self) -> None:
        """Fit the words on the frame to the new width as well; what is shown now is worth sending."""
        self._show_frame()
        self.tell_change()
        self.call_after_refresh(self.post_message, self.Drawn())

    def on_descendant_focus(self) -> None:
        """Name the keys that work now: in a filter, others than in the table."""
        self._show_keys()

    def on_descendant_blur(self) -> None:
        """Name the keys that work now."""
        self._show_keys()

    def _show_keys(self) -> None:
        if self.is_mounted:
            self.call_next(self.query_one(FooterBar).show, footer.entries(self))

    def on_usage_table_line_clicked(self, event: UsageTable.LineClicked) -> None:
        """Open or close what was clicked."""
        drilldown.click(self, event.line)

    def on_usage_table_column_chosen(self, event: UsageTable.ColumnChosen) -> None:
        """Order by the column whose head was clicked."""
        order_by(self, {columns.NAMES: "name"}.get(event.name, event.name))

    def on_input_changed(self, event: FilterBox.Changed) -> None:
        """Follow the filter as it is typed."""
        event.stop()
        set_view(self, replace(self.state.view, row_filter=Filter(event.value)))

    def on_input_submitted(self, event: FilterBox.Submitted) -> None:
        """Keep the filter, and go back to the table."""
        event.stop()
        self.filter.keep()
        self.set_focus(self.table)
