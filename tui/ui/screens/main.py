"""The main screen: table, pane and bars show one state; keys, time and refreshes change it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingsMap
from textual.containers import Container
from textual.message import Message
from textual.widgets import Input, Static

from tui.domain import text
from tui.domain.breakdown import Breakdown
from tui.domain.filter_hint import filter_hint
from tui.domain.kinds import Kind
from tui.domain.money import UNREAD, month
from tui.domain.usage import Bucket
from tui.domain.view import Looked, lines
from tui.domain.window import Width, midnight, until_reset
from tui.session.effects import Effect, Notify, Ring
from tui.session.engine import Engine
from tui.session.events import Event, NamesWanted, RefreshAsked, WindowChosen
from tui.session.run import Run
from tui.session.state import State
from tui.ui import actions, garbage, orders
from tui.ui.actions import Command
from tui.ui.screens.dressing import DressingScreen
from tui.ui.screens.levels import LevelsScreen
from tui.ui.screens.pacing import PacingScreen
from tui.ui.screens.program import ProgramScreen
from tui.ui.screens.taking import TakingScreen
from tui.ui.widgets.keys_line import KeysLine
from tui.ui.widgets.model_pane import ModelPane
from tui.ui.widgets.pool_bar import PoolBar
from tui.ui.widgets.state_line import StateLine
from tui.ui.widgets.title_line import TitleLine
from tui.ui.widgets.usage_table import Look, UsageTable
from tui.ui.workers import reports_faults

MANY_ROWS = 20_000
"""Going through more rows than this would keep keys waiting."""

WINDOWS = (0, 6, 13, 30, 89, 364)
"""Whole days before today: the windows that the key goes through."""


class MainScreen(DressingScreen, LevelsScreen, PacingScreen, ProgramScreen, TakingScreen):
    """One run on the screen."""

    @dataclass
    class KeyTold(Message):
        """There is nothing to show, and there will be nothing with this key; or (None) there is something now."""

        problem: str | None

    def __init__(self, run: Run, commands: Sequence[Command] = actions.COMMANDS) -> None:
        super().__init__()
        self.commands = {command.name: command for command in commands}
        self._bindings = BindingsMap(actions.bindings(commands))  # none of Textual's own: keys are as declared
        self.run = run
        self.engine = Engine(run, self._perform)
        self.engine.subscribe(self._changed)
        self.breakdown = Breakdown(run.catalogue, run.view.grouping.dimensions)
        self._show_is_due = False

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
        yield StateLine(self.commands["refresh"].key, id="state")
        yield KeysLine()
        yield Static(id="tiny", markup=False)

    def on_mount(self) -> None:
        """Show the frame, and read."""
        self.query_one("#filter", Input).cursor_blink = False  # each blink would be sent
        self.table.focus()
        self.fit(self.app.size)
        self.engine.show_cached()
        self.call_after_refresh(self.engine.begin)  # what is loaded for it takes its time
        self.show_all()
        width = Width.DAY
        while width is not self.run.width and width.finer is not None:
            now = self.run.clock()
            here, width = width.floor(now), width.finer
            self.enter(here, width, (here, ()))
        if not self.run.stands_still:
            self.set_interval(1.0, self._tick)
        if self.run.pause_unfocused:
            self.watch(self.app, "app_focus", self.looked_at, init=False)

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
        self.show_filter_hint("" if looked.coarse or not buckets else filter_hint(view, self.breakdown))

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
            self.action_fold()
        elif event.line.rest:
            self.action_open()

    def action_refresh(self) -> None:
        """Ask the API again; a refresh under way begins anew."""
        self.engine.forget_fault()
        if not self.run.asks:
            self.notify(self.run.why_not_asked, markup=False)
        self.dispatch(RefreshAsked())

    def how_to_read(self) -> str:
        """Return what to do about something that is not read."""
        return f"{self.commands['refresh'].key} asks again." if self.run.asks else self.run.why_not_asked

    def action_window(self) -> None:
        """Show the next longer window, or after the longest only today."""
        if len(self.state.levels) > 1:
            self.notify("The window is that of the days: Esc goes back to them.", markup=False)
            return
        windows = sorted({*WINDOWS, self.run.days})  # that of the start too, so that one can go back to it
        longer = [each for each in windows if self.state.days_wanted < each <= self.run.most_days]
        self.dispatch(WindowChosen(longer[0] if longer else WINDOWS[0]))

    def action_why(self) -> None:
        """Say why tokens of the line under the cursor were billed."""
        from tui.ui.screens.why import WhyScreen

        line = self.table.line
        if self.state.view.kind is not Kind.COMPLETIONS:
            self.notify(f"Only completions can be free: {self.commands['kind'].key} shows them.", markup=False)
        elif line is None or line.sums is None:
            self.notify(f"This is not read, so nothing can be said of it. {self.how_to_read()}", markup=False)
        elif not line.sums:
            self.notify("No tokens are counted on this line.", markup=False)
        else:
            model = dict(zip(self.breakdown.dimensions, line.names, strict=False)).get("model")
            only = None if self.state.view.merged or line.rest else model
            keys, costs = self.commands["why"].keys, self.state.costs
            self.app.push_screen(WhyScreen(self.engine, midnight(line.start), only, keys, costs))

    def action_money(self) -> None:
        """Show what it costs."""
        from tui.ui.screens.money import MoneyScreen

        self.dispatch(NamesWanted(frozenset({"project"})))
        self.app.push_screen(MoneyScreen(self.run, self.state, self.commands["money"].keys))
