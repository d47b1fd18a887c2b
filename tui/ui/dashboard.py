"""The main screen: table, pane and bars show one state; keys, time and refreshes change it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from tui.domain import sanitize
from tui.domain.admin_settings import Question, Topic
from tui.domain.aggregate import Aggregate
from tui.domain.alerts import Alert
from tui.domain.costs import UNREAD, Cost
from tui.domain.dimensions import Grouping
from tui.domain.filter import Filter
from tui.domain.filter_hint import filter_hint
from tui.domain.kinds import Kind
from tui.domain.standouts import NOTHING
from tui.domain.table import Line, TableInput, lines
from tui.domain.time import Width, until_reset
from tui.domain.usage import Bucket
from tui.domain.what import What
from tui.domain.windows import LastDays
from tui.engine import compare, select
from tui.engine.effects import Effect, Notify, PoolTurned, Ring, Tell
from tui.engine.engine import Engine
from tui.engine.events import BucketsWanted, Event, Folded, LineKey, SettingsWanted, WindowChosen
from tui.engine.organizations import Organizations
from tui.engine.session import Session
from tui.engine.state import State
from tui.output.alerts import sentence
from tui.output.verdict import of_pool
from tui.ui import columns, gc_tuning, layout, plot
from tui.ui.actions import ACTIONS, bindings, drilldown, footer, refresh, views, year
from tui.ui.actions.action import Action
from tui.ui.actions.view import order_by, set_view
from tui.ui.memo import Memo
from tui.ui.views.text_view import TextView
from tui.ui.widgets import frame
from tui.ui.widgets.charts import ChartsPane
from tui.ui.widgets.drawings import Shown
from tui.ui.widgets.footer import FooterBar
from tui.ui.widgets.header import ORGANIZATIONS, VIEWS, HeaderBar
from tui.ui.widgets.line_cells import Look
from tui.ui.widgets.mark_line import MarkLine
from tui.ui.widgets.pool_bar import PoolBar
from tui.ui.widgets.status_line import StatusLine
from tui.ui.widgets.usage_table import UsageTable
from tui.ui.widgets.verdict import VerdictLine
from tui.ui.workers import reports_faults

MANY_ROWS = 4_000
"""Going through more rows than this would keep keys waiting."""

_A_MOMENT = 0.1
"""Seconds after which the cursor rests."""


def _inputs_of_texts(state: State) -> tuple[object, ...]:
    """Return what the texts beside the table rest on."""
    return state.costs, state.directory, state.admin_settings, state.buckets_read, state.buckets_wanted, state.runs


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
        self.engine = Engine(session, self.perform)
        self.engine.subscribe(self._changed)
        self.aggregate = Aggregate(session.catalogue, session.view.grouping.dimensions)
        self._show_is_due = False
        self._is_counting = False
        self.memo = Memo(session.budget, session.prices)
        self.view_shown = "usage"
        """The view that stands in the body; what its name says is in `tui.ui.actions.views`."""
        self._through_shown: datetime | None = None
        self._frame_shown = Content()
        self._is_text_behind = False
        self._is_opening = False
        self.is_drawn = asyncio.Event()
        """Set when the first frame has been drawn, or nothing waits for it."""
        self.cursor_wanted: LineKey | None = None
        """The line that the cursor is to go to with the next look."""
        self.entered_from = ""
        """The view that hours or minutes were entered from, where that was not the table."""
        self.grouping_wanted: Grouping | None = None
        """The breakdown before a kind of usage was shown that does not have it."""
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
                yield Input(
                    placeholder="/ mini  project:web  !tier:flex",
                    id="filter",
                    compact=True,
                    select_on_focus=False,
                )
                yield Static(id="filter-hint", markup=False)
            yield ChartsPane(self.session, id="pane")
        has_budget, has_month = self.session.budget is not None, self.session.cost_source is not None
        yield PoolBar(self.session.catalogue.pools, has_budget=has_budget, has_month=has_month, id="pools")
        yield StatusLine(self.actions["refresh"].key, id="state")
        yield FooterBar(self.actions, footer.entries(self))
        yield Static(id="tiny", markup=False)

    def on_mount(self) -> None:
        """Show the frame, and read."""
        self.filter.cursor_blink = False  # each blink would be sent
        self.table.focus()
        layout.fit(self, self.app.size)
        self.engine.show_cached()
        self.call_after_refresh(self._begin)  # what is loaded for it takes its time
        self.show_all()
        width = Width.DAY
        while width is not self.session.width and width.finer is not None:
            now = self.session.clock()
            here, width = width.floor(now), width.finer
            drilldown.go_in(self, here, width, (here, ()))
        if not self.session.is_static:
            self.set_interval(1.0, self._tick)
        if self.session.pause_unfocused:
            self.watch(self.app, "app_focus", lambda focus: refresh.follow_focus(self, has_focus=focus), init=False)

    @work(exit_on_error=False)
    @reports_faults
    async def _begin(self) -> None:
        """Read, once what the archive knew is plotted: loading all that reads takes longer than what plots."""
        if self.state.has_data:
            with suppress(Exception):  # whatever a chart's library does, the numbers are read; the charts say so
                await asyncio.to_thread(plot.load)
        await self.is_drawn.wait()
        self.engine.begin()
        await self.engine.idle()
        self.call_after_refresh(self.post_message, self.Drawn(is_read=True))

    @property
    def table(self) -> UsageTable:
        """The table."""
        return self.query_one(UsageTable)

    @property
    def filter(self) -> Input:
        """Where the filter is typed."""
        return self.query_one("#filter", Input)

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
        if len(after.levels) < len(before.levels):
            self.cursor_wanted = before.levels[len(after.levels)].came_from
        if len(after.levels) != len(before.levels):
            self._is_opening = len(after.levels) > len(before.levels)
        if after.days.report is not before.days.report:
            gc_tuning.fit(after.days.report)
        if before.days.fetched_at is None and after.days.fetched_at is not None:
            self.call_later(self.ask_for_what_is_shown)
        is_year_behind = self.view_shown == "year" and after.store is not before.store
        if is_year_behind or _inputs_of_texts(after) != _inputs_of_texts(before):
            self._is_text_behind = True
        if not self._show_is_due:
            self._show_is_due = True
            self.call_later(self.show_all)

    def perform(self, effect: Effect) -> None:
        """Do what follows from an event and needs the terminal."""
        match effect:
            case Ring():
                if self.session.bell:
                    self.app.bell()
            case Tell(alert):
                self.tell(alert)
            case Notify(title, message):
                self.notify(sanitize.clean(message), title=title, markup=False, timeout=10)
            case PoolTurned(status):
                self.notify(of_pool(status, self.session.clock())[0], title="Pool", markup=False, timeout=10)
            case _:
                pass

    def tell(self, alert: Alert, profile: str = "") -> None:
        """Tell of what happened where nobody may look: in the terminal's own way; and here, what else is not seen."""
        profile = profile or self.session.profile
        words = sentence(alert, profile)
        if alert.what in {What.NOTHING_FREE, What.PROJECT_BILLED, What.SPIKE}:
            self.notify(sanitize.clean(words), title=profile or "Usage", markup=False, timeout=10)
        self.post_message(self.Told(words))

    def show_all(self) -> None:
        """Show the state, and the time."""
        self._show_is_due = False
        if self._is_text_behind and self._text is not None:
            self._is_text_behind = False
            self._text.know(self.state)
        self._show_lines()
        self._show_time()

    def _show_lines(self) -> None:
        """Show the lines, and plot them; where there are very many rows, as soon as they have been gone through."""
        level, state, view = self.state.seen, self.state, self.state.view
        self.aggregate = self.aggregate.with_view(
            view.grouping.dimensions,
            view.row_filter,
            merged=view.merged,
            directory=state.directory,
            within=level.within,
        )
        table_input = self.table_input()
        compared = table_input.compared.values()
        buckets = (
            *table_input.report.buckets.values(),
            *(bucket for each in compared for bucket in (each.now, each.before)),
        )
        of_days = tuple(table_input.costs.days.values())
        if self.aggregate.work_left(buckets, of_days) > MANY_ROWS:
            if not self._is_counting:  # else what came meanwhile is counted after it
                self._is_counting = True
                self._prepare(self.aggregate, buckets, of_days)
            return
        cursor, self.cursor_wanted = self.cursor_wanted, None
        self._through_shown = through = self._through()
        # Room for costs that are on their way: a column that comes later would draw the whole table again.
        awaited = self.session.cost_source is not None and state.costs.read_at is None and not state.costs.problem
        costs = level.width is Width.DAY and not view.only and bool(awaited or state.costs.days)
        is_of_days = table_input.report.unit is Width.DAY
        amiss = frozenset(select.nothing_free(state)) if is_of_days else frozenset()
        is_whole = view.kind is Kind.COMPLETIONS and not view.only and not view.row_filter
        marked = self.memo.stand_outs(state, self.session.clock()) if is_of_days and is_whole else NOTHING
        unit, why = table_input.report.unit, self.actions["why"].key
        look = Look(view, unit, through, self.aggregate.label, costs, amiss, why, stand_outs=marked)
        look = replace(look, today=state.day, is_over=level.width is Width.DAY and not level.report.window.running)
        found = lines(table_input, view, self.aggregate)
        if self._is_opening and cursor is None:
            cursor = self._newest_counted(found, through)
        self.table.show(found, look, cursor)
        self._show_frame()
        self.query_one(ChartsPane).show(table_input, view, self.aggregate, through)
        self.tell_change()
        hint = "" if table_input.coarse or not buckets else filter_hint(view, self.aggregate)
        box = self.query_one("#filter-hint", Static)
        if hint or box.has_class("shown"):
            box.update(hint)
            box.set_class(bool(hint), "shown")

    @work(exclusive=True, group="telling", exit_on_error=False)
    @reports_faults
    async def _tell_change_soon(self) -> None:
        """Say it when the cursor rests: words on a frame draw the whole table again."""
        await asyncio.sleep(_A_MOMENT)
        self.tell_change()

    def tell_change(self) -> None:
        """Say on the frame how much more the highlighted line is than before, where no facts beside the table do."""
        self.table.tell(self.query_one(ChartsPane).untold)

    # Without a description of its own, Textual writes all arguments into one: every row, as text.
    @work(group="counting", exit_on_error=False, description="counting")
    @reports_faults
    async def _prepare(
        self, aggregate: Aggregate, buckets: tuple[Bucket, ...], costs: tuple[Sequence[Cost], ...]
    ) -> None:
        try:
            await asyncio.to_thread(aggregate.prepare, buckets, costs)
        finally:
            self._is_counting = False
        self._show_lines()

    def table_input(self) -> TableInput:
        """Return what the lines are made from: the level that is seen, and the costs of its days, weeks or months."""
        level = self.state.seen
        costs = self.state.costs if level.width is Width.DAY else UNREAD
        coarse = level.coarse
        days = TableInput(level.report, level.opened, level.listed, coarse, level.before, costs, level.awaited)
        found = self.memo.in_periods(days, level.period)
        compared = self.memo.compared(self.state, found.report, self._through())
        return replace(found, compared=compared)

    def _through(self) -> datetime | None:
        """Return how far the API has counted, where that is known."""
        if self.session.is_static:
            return self.session.clock()  # a file tells nothing of what came after it was saved
        pool_inputs = self.state.snapshot.pool_inputs
        return None if pool_inputs is None else pool_inputs.through(self.session.clock())

    def _show_time(self) -> None:
        state, now = self.state, self.session.clock()
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
    def _text(self) -> TextView | None:
        """The text that is shown in the body, if one is."""
        return next((text for text in self.query(TextView) if text.id == self.view_shown), None)

    def _newest_counted(self, found: Sequence[Line], through: datetime | None) -> LineKey | None:
        """Return where to begin in a level that was just opened: the API has not come to its newest buckets yet."""
        for line in found:
            if line.is_bucket and line.sums and (through is None or line.start < through):
                self._is_opening = False
                if line.groups and not line.open:
                    self.call_later(self.dispatch, Folded(frozenset({line.start}), open=True))
                return line.key
        return None

    def _show_frame(self) -> None:
        """Say on the table's frame what it shows, and what can be changed."""
        windows = frame.tabs(self.session.days, self.session.most_days)
        words = frame.title(self.state, self.actions, windows, self.table.size.width - 4)
        if not words.is_same(self._frame_shown):  # setting it draws the whole table again, the same or not
            self._frame_shown = words
            self.table.border_title = words

    def _tick(self) -> None:
        """Move the clock on."""
        self._show_time()
        self.ask_for_what_is_shown()
        self.engine.tick()
        if self.organizations is not None:
            self.organizations.tick()
        if self._through() != self._through_shown:
            self.show_all()

    def on_usage_table_line_highlighted(self, event: UsageTable.LineHighlighted) -> None:
        """Let the pane follow the cursor."""
        self.query_one(ChartsPane).follow(event.line)
        self._tell_change_soon()
        if self.table.place:  # the user was faster than the answer
            self._is_opening = False
        views.follow(self)
        self.ask_for_what_is_shown()

    def ask_for_what_is_shown(self) -> None:
        """Ask for what is looked at beside the table: by an open text, the charts, or on the highlighted line."""
        text, line = self._text, self.table.line
        about = None if line is None else select.project_and_model(self.state, line)
        questions: tuple[Question, ...] = () if about is None else (Question(Topic.RATE_LIMITS, about[0]),)
        if text is not None:
            questions = text.questions()
        if questions != self.state.settings_wanted:
            self.dispatch(SettingsWanted(questions))
        wants_hours = self.session.asks and self.query_one(ChartsPane).shown is Shown.POOLS
        mark = self.state.mark
        since = None if mark is None or not self.session.asks else mark.started
        month = None if text is None else text.usage_month
        week, compared = self.state.buckets_wanted.week, compare.questions(self.state)
        wanted = BucketsWanted(wants_hours, month, since, week, compared, year.is_wanted(self))
        if wanted != self.state.buckets_wanted:
            self.dispatch(wanted)

    def on_year_view_opened(self) -> None:
        """Ask for the days of the year that are missing."""
        self.ask_for_what_is_shown()

    def on_money_view_turned(self) -> None:
        """Ask for what the month rests on that is shown now."""
        self.ask_for_what_is_shown()

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
        """Open or close the day that was clicked, or list what is left out."""
        if event.line.is_bucket:
            drilldown.fold(self)
        elif event.line.rest:
            drilldown.open_line(self)

    def on_usage_table_column_chosen(self, event: UsageTable.ColumnChosen) -> None:
        """Order by the column whose head was clicked."""
        order_by(self, {columns.NAMES: "name"}.get(event.name, event.name))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow the filter as it is typed."""
        event.stop()
        set_view(self, replace(self.state.view, row_filter=Filter(event.value)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter, and go back to the table."""
        event.stop()
        event.input.set_class(bool(event.value.strip()), "shown")
        self.set_focus(self.table)
