"""The main screen: table, pane and bars show one state; keys, time and refreshes change it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, Static

from tui.domain import text
from tui.domain.breakdown import Breakdown
from tui.domain.filter_hint import filter_hint
from tui.domain.grouping import Grouping
from tui.domain.money import UNREAD, month
from tui.domain.sought import Sought
from tui.domain.usage import Bucket
from tui.domain.view import Looked, lines
from tui.domain.window import Width, midnight, until_reset
from tui.session.effects import Effect, Notify, Ring
from tui.session.engine import Engine
from tui.session.events import Event, LineKey
from tui.session.run import Run
from tui.session.state import State
from tui.ui import columns, garbage, layout, orders
from tui.ui.actions import ACTIONS, bindings, levels, live
from tui.ui.actions.action import Action
from tui.ui.actions.view import order_by, set_view
from tui.ui.widgets.keys_line import KeysLine
from tui.ui.widgets.model_pane import ModelPane
from tui.ui.widgets.pool_bar import PoolBar
from tui.ui.widgets.state_line import StateLine
from tui.ui.widgets.title_line import TitleLine
from tui.ui.widgets.usage_table import Look, UsageTable
from tui.ui.workers import reports_faults

MANY_ROWS = 20_000
"""Going through more rows than this would keep keys waiting."""


class MainScreen(Screen[None], inherit_bindings=False):
    """One run on the screen. What its keys do is in `tui.ui.actions`; none of Textual's own are among them."""

    ACTIONS_HERE: ClassVar[dict[str, str]] = {action.name: f"run('{action.name}')" for action in ACTIONS}
    BINDINGS: ClassVar[list[BindingType]] = bindings(ACTIONS_HERE)

    @dataclass
    class KeyTold(Message):
        """There is nothing to show, and there will be nothing with this key; or (None) there is something now."""

        problem: str | None

    def __init__(self, run: Run, actions: Sequence[Action] = ACTIONS) -> None:
        super().__init__()
        self.actions = {action.name: action for action in actions}
        self.run = run
        self.engine = Engine(run, self._perform)
        self.engine.subscribe(self._changed)
        self.breakdown = Breakdown(run.catalogue, run.view.grouping.dimensions)
        self._show_is_due = False
        self.cursor_wanted: LineKey | None = None
        """The line that the cursor is to go to with the next look."""
        self.grouping_wanted: Grouping | None = None
        """The breakdown before a kind of usage was shown that does not have it."""
        self.pane_wanted: str | None = None
        """What the pane is to show; None for what it shows unasked."""

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield TitleLine(self.run, id="title")
        with Container(id="body"):
            with Container(id="left"):
                yield UsageTable(self.run.catalogue.pool_of, id="usage")
                yield Input(
                    placeholder="mini  project:web  !tier:flex      Enter keeps it, Esc drops it",
                    id="filter",
                    compact=True,
                    select_on_focus=False,
                )
                yield Static(id="filter-hint", markup=False)
            yield ModelPane(self.run.catalogue.pool_of, id="pane")
        yield PoolBar(
            self.run.catalogue.pools, self.run.thresholds, has_budget=self.run.budget is not None, id="pools"
        )
        yield StateLine(self.actions["refresh"].key, id="state")
        yield KeysLine(self.actions)
        yield Static(id="tiny", markup=False)

    def on_mount(self) -> None:
        """Show the frame, and read."""
        self.filter.cursor_blink = False  # each blink would be sent
        self.table.focus()
        layout.fit(self, self.app.size)
        self.engine.show_cached()
        self.call_after_refresh(self.engine.begin)  # what is loaded for it takes its time
        self.show_all()
        width = Width.DAY
        while width is not self.run.width and width.finer is not None:
            now = self.run.clock()
            here, width = width.floor(now), width.finer
            levels.go_in(self, here, width, (here, ()))
        if not self.run.stands_still:
            self.set_interval(1.0, self._tick)
        if self.run.pause_unfocused:
            self.watch(self.app, "app_focus", lambda focus: live.follow_focus(self, has_focus=focus), init=False)

    @property
    def table(self) -> UsageTable:
        """The table."""
        return self.query_one(UsageTable)

    @property
    def filter(self) -> Input:
        """Where the filter is typed."""
        return self.query_one("#filter", Input)

    def action_run(self, name: str) -> None:
        """Do what a key, the palette or a click asks for."""
        self.actions[name].run(self)

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

    def _changed(self, before: State, after: State) -> None:
        """Show what changed, soon: many changes in a row are shown once."""
        if after.has_data and not before.has_data:
            self.post_message(self.KeyTold(None))
        if after.key_problem is not None and after.key_problem != before.key_problem:
            self.post_message(self.KeyTold(after.key_problem))
        if len(after.levels) < len(before.levels):
            self.cursor_wanted = before.levels[len(after.levels)].came_from
        if after.days.report is not before.days.report:
            garbage.fit(after.days.report)
        if (after.costs, after.directory) != (before.costs, before.directory):
            from tui.ui.screens.money import MoneyScreen

            if isinstance(self.app.screen, MoneyScreen):
                self.app.screen.know(after)
        if not self._show_is_due:
            self._show_is_due = True
            self.call_later(self.show_all)

    def _perform(self, effect: Effect) -> None:
        """Do what follows from an event and needs the terminal."""
        match effect:
            case Ring():
                if self.run.bell:
                    self.app.bell()
            case Notify(title, message):
                self.notify(text.inert(message), title=title, markup=False, timeout=10)
            case _:
                pass

    def show_all(self) -> None:
        """Show the state, and the time."""
        self._show_is_due = False
        self._show_lines()
        self._show_time()

    def _show_lines(self) -> None:
        """Show the lines, and plot them; where there are very many rows, as soon as they have been gone through."""
        level, state, view = self.state.seen, self.state, self.state.view
        self.breakdown = self.breakdown.turned(
            view.grouping.dimensions, view.sought, merged=view.merged, directory=state.directory
        )
        looked = self.looked()
        buckets = tuple(looked.report.buckets.values())
        if self.breakdown.work_left(buckets) > MANY_ROWS:
            self._prepare(self.breakdown, buckets)
            return
        cursor, self.cursor_wanted = self.cursor_wanted, None
        evidence = state.snapshot.evidence
        through = None if evidence is None else evidence.through(self.run.clock())
        if self.run.stands_still:
            through = self.run.clock()  # a file tells nothing of what came after it was saved
        costs = bool(looked.costs.days) and not view.only
        look = Look(view, level.width, through, self.breakdown.label, costs)
        self.table.show(lines(looked, view, self.breakdown), look, cursor)
        title = orders.title(view)
        if title != self.table.border_title:  # setting it draws the whole table again, the same or not
            self.table.border_title = title
        self.query_one(ModelPane).show(level.report, looked.coarse, view, self.breakdown, through)
        hint = "" if looked.coarse or not buckets else filter_hint(view, self.breakdown)
        box = self.query_one("#filter-hint", Static)
        if hint or box.has_class("shown"):
            box.update(hint)
            box.set_class(bool(hint), "shown")

    @work(exclusive=True, group="counting", exit_on_error=False)
    @reports_faults
    async def _prepare(self, breakdown: Breakdown, buckets: tuple[Bucket, ...]) -> None:
        await asyncio.to_thread(breakdown.prepare, buckets)
        self._show_lines()

    def looked(self) -> Looked:
        """Return what the lines are made from: the level that is seen, and the costs of days."""
        level = self.state.seen
        costs = self.state.costs if level.width is Width.DAY else UNREAD
        coarse = level.coarse
        return Looked(level.report, level.opened, level.listed, coarse, level.before, costs, level.awaited)

    def _show_time(self) -> None:
        state, now = self.state, self.run.clock()
        evidence = state.snapshot.evidence
        is_known = evidence is not None and evidence.today.start == midnight(now)
        reset = None if self.run.stands_still else until_reset(now)
        self.query_one(PoolBar).show(
            state.snapshot.pools if is_known else (), reset, month(state.costs, now, self.run.budget)
        )
        pools = [status.pool for status in state.snapshot.pools] if is_known else []
        self.query_one(StateLine).show(state, self.run, now, pools, self.engine.fault)
        self.query_one(TitleLine).show(state, now)

    def _tick(self) -> None:
        """Move the clock on."""
        self._show_time()
        self.engine.tick()

    def on_usage_table_line_highlighted(self, event: UsageTable.LineHighlighted) -> None:
        """Let the pane follow the cursor."""
        self.query_one(ModelPane).follow(event.line)

    def on_usage_table_line_clicked(self, event: UsageTable.LineClicked) -> None:
        """Open or close the day that was clicked, or list what is left out."""
        if event.line.is_bucket:
            levels.fold(self)
        elif event.line.rest:
            levels.open_line(self)

    def on_usage_table_column_chosen(self, event: UsageTable.ColumnChosen) -> None:
        """Order by the column whose head was clicked."""
        order_by(self, {columns.NAMES: "name"}.get(event.name, event.name))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow the filter as it is typed."""
        event.stop()
        set_view(self, replace(self.state.view, sought=Sought(event.value)))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keep the filter, and go back to the table."""
        event.stop()
        event.input.set_class(bool(event.value.strip()), "shown")
        self.set_focus(self.table)
