"""The main screen: table, pane and bars show one state; keys and refreshes change it."""

from __future__ import annotations

from datetime import datetime
from itertools import accumulate
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.widgets import Footer
from textual.worker import Worker

from tui.domain import text
from tui.domain.reading import PoolReading, readings
from tui.domain.view import lines
from tui.domain.window import midnight, until_reset
from tui.errors import TuiError
from tui.session.alerts import Alert, Crossing, alerts
from tui.session.reduce import reduce
from tui.session.refresh import refresh
from tui.session.run import Run
from tui.session.state import Event, Failed, Folded, PoolsRead, State, today_of
from tui.ui import actions
from tui.ui.widgets.model_pane import ModelPane
from tui.ui.widgets.pool_bar import PoolBar
from tui.ui.widgets.state_line import StateLine
from tui.ui.widgets.title_line import TitleLine
from tui.ui.widgets.usage_table import UsageTable

MOST_MODELS = 1_500
"""How many models' lines are opened at once, the newest days' first: the table measures each of them."""

WIDE = 100
SHORT, LOW, TALL = 20, 32, 50
"""Rows: below `SHORT` lines of frame are given up, below `LOW` charts shrink, from `TALL` on they grow."""


class MainScreen(Screen[None]):
    """One run on the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [*actions.BINDINGS]

    def __init__(self, run: Run) -> None:
        super().__init__()
        self.run = run
        self.state = State.initial(run.window())
        self._pools: tuple[PoolReading, ...] = ()
        self._told: frozenset[Crossing] = frozenset()
        self._reading: Worker[None] | None = None
        self._serial = 0
        self._show_is_due = False
        self._pane_wanted: str | None = None

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield TitleLine(self.run, id="title")
        with Container(id="body"):
            yield UsageTable(self.run.catalogue.pool_of, id="usage")
            yield ModelPane(self.run.catalogue.pool_of, id="pane")
        yield PoolBar(self.run.catalogue.pools, self.run.thresholds, id="pools")
        yield StateLine(id="state")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        """Show the frame, and read."""
        self.table.border_title = "Usage"
        self.table.focus()
        self._show()
        self.action_refresh()
        if not self.run.stands_still:
            self.set_interval(1.0, self._tick)

    @property
    def table(self) -> UsageTable:
        """The table."""
        return self.query_one(UsageTable)

    def happened(self, event: Event) -> None:
        """Turn the state by an event, and show it soon: many events in a row are shown once."""
        self.state = reduce(self.state, event)
        if isinstance(event, PoolsRead):
            self._pools = readings(event.evidence, self.run.catalogue, self.run.clock())
            self._alert()
        if not self._show_is_due:
            self._show_is_due = True
            self.call_later(self._show)

    def _show(self) -> None:
        self._show_is_due = False
        report = self.state.snapshot.report
        self.table.show(lines(report, self.state.open_days))
        self.query_one(ModelPane).show(report)
        self._show_time()

    def _show_time(self) -> None:
        now = self.run.clock()
        evidence = self.state.snapshot.evidence
        is_known = evidence is not None and evidence.today.start == midnight(now)
        self.query_one(PoolBar).show(
            self._pools if is_known else (), None if self.run.stands_still else until_reset(now)
        )
        pools = [reading.pool for reading in self._pools] if is_known else []
        self.query_one(StateLine).show(self.state, self.run, now, pools)
        self.query_one(TitleLine).show(self.state, now)

    def _tick(self) -> None:
        """Move the clock on; a new UTC day is read at once."""
        self._show_time()
        if midnight(self.run.clock()) != today_of(self.state.snapshot.report.window):
            self.action_refresh()

    @work(exclusive=True, group="refresh", exit_on_error=False)
    async def _read(self, serial: int, now: datetime) -> None:
        def emit(event: Event) -> None:
            if serial == self._serial:  # a refresh that was replaced has nothing more to say
                self.happened(event)

        run, known = self.run, self.state.snapshot.evidence
        try:
            await refresh(run.source, run.catalogue, run.window(), run.clock, emit, known)
        except Exception as error:  # noqa: BLE001  a fault of ours must not take the screen and its data away
            words = f"A fault of oai-usage-tui, worth reporting: {type(error).__name__}: {error}."
            emit(Failed(TuiError(words), now))

    def _alert(self) -> None:
        """Tell of thresholds that were crossed, once each."""
        if self.run.stands_still:
            return
        day = today_of(self.state.snapshot.report.window)
        due, self._told = alerts(self._pools, day, self.run.thresholds, self._told)
        if due and self.run.bell:
            self.app.bell()
        for alert in due:
            self._run_alert(alert)

    @work(group="alerts", exit_on_error=False)
    async def _run_alert(self, alert: Alert) -> None:
        problem = None if self.run.on_alert is None else await self.run.on_alert(alert)
        if problem is not None:
            self.notify(text.inert(problem), title="on_threshold", severity="warning", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the parts for the room that there is."""
        height, is_narrow = event.size.height, event.size.width < WIDE
        if self.has_class("narrow") != is_narrow:
            self._pane_wanted = None  # what was asked for at another width says nothing of this one
        self.set_class(is_narrow, "narrow")
        self.set_class(height < SHORT, "short")
        self.set_class(height < LOW, "low")
        self.set_class(height >= TALL, "tall")
        self._arrange()

    @property
    def _pane_views(self) -> tuple[str, ...]:
        """What the pane can show, in the order of the key: the first is what it shows unasked."""
        return ("none", "charts", "models") if self.has_class("narrow") else ("all", "none")

    def _arrange(self) -> None:
        view = self._pane_wanted or self._pane_views[0]
        pane = self.query_one(ModelPane)
        pane.display = view != "none"
        pane.show_parts(charts=view in {"all", "charts"}, models=view in {"all", "models"})

    def on_usage_table_line_highlighted(self, event: UsageTable.LineHighlighted) -> None:
        """Let the pane follow the cursor."""
        self.query_one(ModelPane).follow(event.line)

    def on_data_table_row_selected(self) -> None:
        """Open or close the day that was clicked."""
        self.action_fold()

    def action_refresh(self) -> None:
        """Ask the API again; a refresh under way begins anew."""
        self._serial += 1
        self._reading = self._read(self._serial, self.run.clock())

    def action_back(self) -> None:
        """Stop a refresh under way, else give the keys back to the table."""
        if self._reading is not None and self._reading.is_running:
            self._reading.cancel()
        else:
            self.table.focus()

    def action_fold(self) -> None:
        """Open or close the day under the cursor."""
        line = self.table.line
        if line is not None and line.sums:
            self.happened(Folded(frozenset({line.day}), open=line.day not in self.state.open_days))

    def action_fold_all(self) -> None:
        """Open all days, or as many as the table takes, the newest first; close all if these are open."""
        with_usage = [line for line in self.table.lines if line.model is None and line.sums]
        models = accumulate(line.models for line in with_usage)
        fitting = [line.day for line, count in zip(with_usage, models, strict=True) if count <= MOST_MODELS]
        days = frozenset(fitting or [line.day for line in with_usage[:1]])
        if days <= self.state.open_days:
            self.happened(Folded(self.state.open_days, open=False))
        else:
            self.happened(Folded(days, open=True))

    def action_newer_day(self) -> None:
        """Go up to the next line of a day."""
        above = [line for line in self.table.lines[: self.table.cursor_row] if line.model is None]
        if above:
            self.table.go_to(above[-1])

    def action_older_day(self) -> None:
        """Go down to the next line of a day."""
        below = [line for line in self.table.lines[self.table.cursor_row + 1 :] if line.model is None]
        if below:
            self.table.go_to(below[0])

    def action_up(self) -> None:
        """Go one line up."""
        self.table.action_cursor_up()

    def action_down(self) -> None:
        """Go one line down."""
        self.table.action_cursor_down()

    def action_page_up(self) -> None:
        """Go one page up."""
        self.table.action_page_up()

    def action_page_down(self) -> None:
        """Go one page down."""
        self.table.action_page_down()

    def action_top(self) -> None:
        """Go to the newest line."""
        self.table.action_scroll_top()

    def action_bottom(self) -> None:
        """Go to the oldest line."""
        self.table.action_scroll_bottom()

    def action_switch(self) -> None:
        """Give the keys to the list of models, or back to the table."""
        models = self.query_one("#models")
        is_there = models.display and self.query_one(ModelPane).display
        (models if is_there and self.focused is not models else self.table).focus()

    def action_pane(self) -> None:
        """Show the next of the pane's views."""
        views = self._pane_views
        shown = self._pane_wanted or views[0]
        self._pane_wanted = views[(views.index(shown) + 1) % len(views)]
        self._arrange()

    def action_why(self) -> None:
        """Say why tokens of the line under the cursor were billed."""
        from tui.ui.screens.why import WhyScreen

        line = self.table.line
        if line is not None and line.sums:
            self.app.push_screen(WhyScreen(self.run, line.day, line.model, self.state.snapshot.evidence))

    def action_help(self) -> None:
        """Show all keys."""
        from tui.ui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen())

    def action_palette(self) -> None:
        """Find a command by its name."""
        self.app.action_command_palette()

    def action_suspend(self) -> None:
        """Stop the program for a while."""
        self.app.action_suspend_process()

    def action_leave(self) -> None:
        """End the program."""
        self.app.exit()
