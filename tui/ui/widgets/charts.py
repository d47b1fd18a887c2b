"""The side pane: charts of the highlighted line, and the largest groups' own two lines each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import ParamSpec, TypeVar

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from tui.domain import sanitize, shutdowns
from tui.domain.admin_settings import Headroom
from tui.domain.aggregate import Aggregate
from tui.domain.burn_up import BurnUp
from tui.domain.compare import Compared
from tui.domain.dimensions import Names
from tui.domain.line import Line
from tui.domain.periods import Period
from tui.domain.series import chart_series, cost_series
from tui.domain.table import TableInput
from tui.domain.time import Width
from tui.domain.view import View
from tui.engine.session import Session
from tui.output.compare import sentence
from tui.ui import plot, theme
from tui.ui.widgets import facts, model_list
from tui.ui.widgets.drawings import Drawn, Shown, charts, labels_of
from tui.ui.widgets.facts import Beside
from tui.ui.widgets.model_list import ModelList
from tui.ui.widgets.subject import Subject
from tui.ui.workers import reports_faults

_ROWS = {"vast": 15, "short": 5, "low": 6, "tall": 12}
"""Rows of a chart by the screen's class, as in app.tcss; 8 otherwise, and twice as many where there is only one."""

_GUTTER = 2
"""Cells between two charts side by side in much room, as in app.tcss."""

_P = ParamSpec("_P")
_T = TypeVar("_T")

_MANY_ROWS = 20_000
_A_MOMENT = 0.15


class ChartsPane(Container):
    """Follows the highlighted line. Charts are drawn in a thread and appear when they are ready."""

    def __init__(self, session: Session, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._session, self._pool_name = session, session.catalogue.pool_name
        self._subject: Subject | None = None
        self._names: Names = ()
        self._through: datetime | None = None
        self._line: Line | None = None
        self._headroom: Headroom | None = None
        self._wanted = Shown.TOKENS
        self._burn_ups: tuple[BurnUp, ...] = ()
        self._compared: Mapping[datetime, Compared] = {}
        self._shown: dict[str, Content] = {}

    def compose(self) -> ComposeResult:
        """Lay out two charts, and the models under them."""
        with Container(id="charts"):
            yield Static(id="facts")
            yield Static(id="input-chart")
            yield Static(id="output-chart")
        with ModelList(id="models"):
            yield Static(id="tracks")

    def on_mount(self) -> None:
        """Name the parts."""
        self.query_one("#models").border_subtitle = "●large ○small ·none ?new ▲peak"

    def show_parts(self, *, charts: bool, models: bool) -> None:
        """Show these parts of the pane."""
        self.query_one("#charts").display = charts
        self.query_one("#models").display = models

    @property
    def shown(self) -> Shown:
        """What the charts show: what was wanted, where there is such a thing of what is looked at."""
        return self._wanted if self._wanted in self.choices else Shown.TOKENS

    @property
    def choices(self) -> tuple[Shown, ...]:
        """What the charts can show of what is looked at."""
        return (Shown.TOKENS, Shown.PAID, Shown.POOLS) if self._subject is None else self._subject.choices

    def show_next(self) -> Shown:
        """Show the next of what the charts can show."""
        self._wanted = self.choices[(self.choices.index(self.shown) + 1) % len(self.choices)]
        self._draw()
        return self._wanted

    def show(
        self, table_input: TableInput, view: View, aggregate: Aggregate, through: datetime | None = None
    ) -> None:
        """Plot this report, broken down as the view says; the API has counted `through` this moment."""
        if through != self._through or table_input.compared is not self._compared:
            self._through, self._compared = through, table_input.compared
            if not self._is_large:
                self._show_facts()
        subject, before = Subject.of(table_input, view, aggregate), self._subject
        if before is not None and subject.is_same(before):
            return
        if before is None or before.report.unit is not subject.report.unit:
            self._line = None  # it was of another level
        if before is None or view.grouping is not before.view.grouping:
            self.query_one("#models").border_title = subject.group_title
        self._subject = subject
        if not self._is_large:
            self._show_facts()
        self._draw()

    def show_headroom(self, headroom: Headroom | None) -> None:
        """Say how near the highlighted model and project came to their rate limit in the last hour."""
        if headroom != self._headroom:
            self._headroom = headroom
            self._show_facts()

    def show_burn_ups(self, burn_ups: Sequence[BurnUp]) -> None:
        """Show how today's pools fill."""
        if tuple(burn_ups) != self._burn_ups:
            self._burn_ups = tuple(burn_ups)
            self._draw()

    def follow(self, line: Line) -> None:
        """Plot the names of this line, or all for a day's line."""
        self._line = line
        is_large = self._is_large
        if not is_large:
            self._show_facts()
        names = () if line.rest else line.names
        if names != self._names or is_large:
            self._names = names
            self._draw()

    @property
    def _is_large(self) -> bool:
        """Whether what is plotted takes so long that the table comes first."""
        return self._subject is not None and self._subject.row_count > _MANY_ROWS

    def _show_facts(self) -> None:
        """Say of the highlighted line what was free and billed, how that compares, and what else is known."""
        line, subject = self._line, self._subject
        if line is None or subject is None:
            return
        change, ending = self._change(line, subject.report.unit), self._ending(line, subject.view)
        known = Beside(self._through, change, self._headroom, ending)
        self._put("facts", facts.of_line(line, subject, self._pool_name, known))

    def _change(self, line: Line, unit: Width | Period) -> Content:
        """Return how much more a line is than before, where that can be compared."""
        compared = self._compared.get(line.start)
        if compared is None or line.change is None:
            return Content()
        words = sentence(line.change, compared, line.start, unit, self._session.clock())
        room = self.query_one("#charts").content_size.width or len(words)
        return Content.styled(f"{sanitize.truncate(words, room)}\n", theme.MUTED)

    @property
    def untold(self) -> str:
        """What the facts would say of the highlighted line's change, where they are not shown."""
        is_shown = self.display and self.query_one("#charts").display and self.query_one("#facts").display
        line, subject = self._line, self._subject
        if is_shown or line is None or subject is None:
            return ""
        return self._change(line, subject.report.unit).plain.strip()

    def _ending(self, line: Line, view: View) -> str:
        """Return when the model of a line ends, where that is soon; its name stands over the pane."""
        named = zip(view.grouping.dimensions, line.names, strict=False)
        models = [name for dimension, name in named if dimension == "model"]
        today = self._session.clock().date()
        return "".join(f"ends {shutdowns.when(day, today)}" for day in self._session.ending(models).values())

    def on_resize(self, _: events.Resize) -> None:
        """Draw again, as large as there is room."""
        self._draw()

    @work(exclusive=True, group="charts", exit_on_error=False)
    @reports_faults
    async def _draw(self) -> None:
        subject = self._subject
        if subject is None or not self.size:
            return
        report, aggregate, measured = subject.report, subject.aggregate, subject.measured
        if self._is_large:  # keys that follow soon begin this anew
            await asyncio.sleep(_A_MOMENT)
            self._show_facts()
        box, models = self.query_one("#charts", Container), self.query_one(ModelList)
        try:
            found = await self._worked_out(chart_series, report, aggregate, self._names, subject.coarse)
            width = models.scrollable_content_region.width
            slots = len(labels_of(report.window, width, report.period))
            glyph = partial(subject.glyph, pool_name=self._pool_name)
            tracks = model_list.lines(found, measured, subject.title, glyph, self._names, width, slots)
            self._put("tracks", tracks)
            if not plot.is_loaded():
                await asyncio.to_thread(plot.load)
            costs: Sequence[Decimal | None] = ()
            if self.shown is Shown.COST:
                costs = await self._worked_out(cost_series, report, subject.costs, aggregate, self._names)
            nothing = "not kept by the API" if report.not_kept and not report.unread() else "not read yet"
            drawn = Drawn(report.window, measured, found, costs, self._burn_ups, nothing, report.period)
            self._show_charts(drawn, box, subject)
        except Exception as error:  # noqa: BLE001  whatever a chart's library does, the numbers stay
            self._put("input-chart", Content(f"No chart: {type(error).__name__}: {error}"))
            return
        names = self._names or aggregate.within
        title = Content(sanitize.elide(subject.title(names), box.size.width - 4))
        if title != self._shown.get("title"):  # setting it draws the whole box again, the same or not
            self._shown["title"] = box.border_title = title
        if not models.has_focus:  # else the user is scrolling it
            place = next((place for place, each in enumerate(found.largest) if each.names == self._names), None)
            models.bring_into_view(place, has_output=bool(measured[1]))

    async def _worked_out(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Return what the work gives: at once, or from a thread where it takes long."""
        return await asyncio.to_thread(work, *args, **kwargs) if self._is_large else work(*args, **kwargs)

    def _show_charts(self, drawn: Drawn, box: Container, subject: Subject) -> None:
        shown = self.shown
        is_one = shown in {Shown.PAID, Shown.COST} or not drawn.measured[1]
        if box.has_class("one") != is_one:
            box.set_class(is_one, "one")
        is_beside = self.screen.has_class("narrow") or self.screen.has_class("vast")
        rows = next((rows for name, rows in _ROWS.items() if self.screen.has_class(name)), 8)
        height = rows * 2 if is_one and not is_beside else rows
        width = box.content_size.width
        if is_beside and not is_one:
            width = (width - (_GUTTER if self.screen.has_class("vast") else 0)) // 2
        first, *rest = charts(shown, drawn, width, height)
        self._put("input-chart", first)
        self._put("output-chart", rest[0] if rest else Content())
        words = subject.subtitle(shown, drawn)
        if box.border_subtitle != words:
            box.border_subtitle = words

    def _put(self, name: str, words: Content) -> None:
        """Show these words in a part of the pane, if they are others than before."""
        before = self._shown.get(name)
        if before is None or not words.is_same(before):
            self._shown[name] = words
            taller = before is None or len(words.split()) != len(before.split())
            self.query_one(f"#{name}", Static).update(words, layout=taller)
