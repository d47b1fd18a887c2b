"""The side pane: charts of the highlighted line, and the largest groups' own two lines each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from decimal import Decimal
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
from tui.domain.catalogue import NO_POOL
from tui.domain.compare import Compared
from tui.domain.costs import UNREAD
from tui.domain.dimensions import Grouping, Names
from tui.domain.kinds import Kind
from tui.domain.metrics import usual_metrics
from tui.domain.periods import Period
from tui.domain.series import chart_series, cost_series
from tui.domain.table import USUAL, Line, TableInput, View, are_costs_known
from tui.domain.time import Width
from tui.domain.usage import Bucket, Report, Sums, grouped
from tui.engine.session import Session
from tui.output.compare import sentence
from tui.ui import plot, pool_glyphs, theme
from tui.ui.widgets import facts, model_list
from tui.ui.widgets.drawings import Drawn, Shown, charts, labels_of
from tui.ui.widgets.model_list import ModelList
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
        self._report: Report | None = None
        self._breakdown: Aggregate | None = None
        self._seen: object = None
        self._view = USUAL
        self._coarse: AbstractSet[datetime] = frozenset()
        self._costs = UNREAD
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
        """What the charts can show of what is looked at: only completions can be free, and only days have costs."""
        is_of_days = self._report is not None and self._report.window.width is Width.DAY
        costs = (Shown.COST,) if is_of_days and self._costs.days and are_costs_known(self._view) else ()
        if self._view.kind is not Kind.COMPLETIONS:
            return (Shown.TOKENS,)
        return (Shown.TOKENS, Shown.PAID, *costs, Shown.POOLS)

    def show_next(self) -> Shown:
        """Show the next of what the charts can show."""
        self._wanted = self.choices[(self.choices.index(self.shown) + 1) % len(self.choices)]
        self._draw()
        return self._wanted

    def show(
        self, table_input: TableInput, view: View, aggregate: Aggregate, through: datetime | None = None
    ) -> None:
        """Plot this report, broken down as the view says; the API has counted `through` this moment."""
        report, coarse, costs = table_input.report, table_input.coarse, table_input.costs
        if through != self._through or table_input.compared is not self._compared:
            self._through, self._compared = through, table_input.compared
            if not self._is_large:
                self._show_facts()
        seen = (view.kind, view.grouping, view.merged, aggregate.row_filter, aggregate.directory)
        is_same = report is self._report and coarse == self._coarse and aggregate is self._breakdown
        if is_same and seen == self._seen and costs is self._costs:
            return
        if self._report is None or self._report.unit is not report.unit:
            self._line = None  # it was of another level
        if view.grouping is not self._view.grouping or not self.query_one("#models").border_title:
            self.query_one("#models").border_title = _group_title(view.grouping)
        self._report, self._coarse, self._view, self._breakdown, self._seen = report, coarse, view, aggregate, seen
        self._costs = costs
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
        return self._report is not None and sum(len(each.rows) for each in self._report.buckets.values()) > _MANY_ROWS

    def _show_facts(self) -> None:
        """Say of the highlighted line what was free and what was billed, and of a day each pool's part."""
        line, report = self._line, self._report
        if line is None or report is None or self._breakdown is None:
            return
        bucket, width = report.buckets.get(line.start), report.unit
        if bucket is None or line.sums is None:
            words = "not kept by the API" if line.not_kept else "not counted yet" if line.awaited else "not read"
            self._put("facts", facts.nothing(line, width, words))
        elif not line.sums and self._through is not None and line.start >= self._through:
            self._put("facts", facts.nothing(line, width, "not counted yet"))
        elif self._view.kind is not Kind.COMPLETIONS:
            said = facts.amounts(line, width, self._view.kind)
            self._put("facts", said.append_text("\n").append(self._change(line, width)))
        elif line.rest:
            self._put("facts", facts.of_pools(line, width, {NO_POOL: line.sums}, knows_pools=False))
        else:
            pools = self._pools_of(self._breakdown, bucket, line.names)
            knows_pools = line.start not in self._coarse and "model" in self._view.fields
            named = max(len(line.names), len(self._breakdown.within))
            is_of_a_model = "model" in self._view.grouping.dimensions[:named]
            said = facts.of_pools(line, width, pools, knows_pools=knows_pools and not is_of_a_model)
            said = said.append(self._change(line, width))
            if self._headroom is not None:
                said = said.append(facts.busiest_minute(self._headroom))
            self._put("facts", said.append_text(self._ending(line), theme.WARNING))

    def _pools_of(self, breakdown: Aggregate, bucket: Bucket, names: Names) -> dict[str, Sums]:
        """Return what was used of each pool in a line, by its models: a bucket may have thousands of rows."""
        if not names and breakdown.is_whole:
            of_models: dict[str, Sums] = bucket.models
        else:
            of_models = grouped(breakdown.rows(bucket, names), lambda row: row.name)
        found: dict[str, Sums] = {}
        for model, sums in of_models.items():
            pool = self._pool_name(model)
            found[pool] = found[pool] + sums if pool in found else sums
        return found

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
        line, report = self._line, self._report
        return "" if is_shown or line is None or report is None else self._change(line, report.unit).plain.strip()

    def _ending(self, line: Line) -> str:
        """Return when the model of a line ends, where that is soon; its name stands over the pane."""
        named = zip(self._view.grouping.dimensions, line.names, strict=False)
        models = [name for dimension, name in named if dimension == "model"]
        today = self._session.clock().date()
        return "".join(f"ends {shutdowns.when(day, today)}" for day in self._session.ending(models).values())

    def on_resize(self, _: events.Resize) -> None:
        """Draw again, as large as there is room."""
        self._draw()

    @work(exclusive=True, group="charts", exit_on_error=False)
    @reports_faults
    async def _draw(self) -> None:
        report, aggregate = self._report, self._breakdown
        if report is None or aggregate is None or not self.size:
            return
        if self._is_large:  # keys that follow soon begin this anew
            await asyncio.sleep(_A_MOMENT)
            self._show_facts()
        box, models = self.query_one("#charts", Container), self.query_one(ModelList)
        try:
            found = await self._worked_out(chart_series, report, aggregate, self._names, self._coarse)
            measured = _measured(self._view.kind)
            width = models.scrollable_content_region.width
            slots = len(labels_of(report.window, width, report.period))
            tracks = model_list.lines(
                found, measured, self._titled(aggregate), self._glyph, self._names, width, slots
            )
            self._put("tracks", tracks)
            if not plot.is_loaded():
                await asyncio.to_thread(plot.load)
            costs: Sequence[Decimal | None] = ()
            if self.shown is Shown.COST:
                costs = await self._worked_out(cost_series, report, self._costs, aggregate, self._names)
            nothing = "not kept by the API" if report.not_kept and not report.unread() else "not read yet"
            drawn = Drawn(report.window, measured, found, costs, self._burn_ups, nothing, report.period)
            self._show_charts(drawn, box)
        except Exception as error:  # noqa: BLE001  whatever a chart's library does, the numbers stay
            self._put("input-chart", Content(f"No chart: {type(error).__name__}: {error}"))
            return
        names = self._names or aggregate.within
        title = Content(sanitize.elide(self._titled(aggregate)(names), box.size.width - 4))
        if title != self._shown.get("title"):  # setting it draws the whole box again, the same or not
            self._shown["title"] = box.border_title = title
        if not models.has_focus:  # else the user is scrolling it
            place = next((place for place, each in enumerate(found.largest) if each.names == self._names), None)
            models.bring_into_view(place, has_output=bool(measured[1]))

    async def _worked_out(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        """Return what the work gives: at once, or from a thread where it takes long."""
        return await asyncio.to_thread(work, *args, **kwargs) if self._is_large else work(*args, **kwargs)

    def _show_charts(self, drawn: Drawn, box: Container) -> None:
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
        words = _subtitle(shown, drawn, self._view.kind)
        if box.border_subtitle != words:
            box.border_subtitle = words

    def _put(self, name: str, words: Content) -> None:
        """Show these words in a part of the pane, if they are others than before."""
        before = self._shown.get(name)
        if before is None or not words.is_same(before):
            self._shown[name] = words
            taller = before is None or len(words.split()) != len(before.split())
            self.query_one(f"#{name}", Static).update(words, layout=taller)

    def _titled(self, aggregate: Aggregate) -> Callable[[Names], str]:
        """Return what says how names are called."""
        noun = self._view.grouping.noun

        def titled(names: Names) -> str:
            return " · ".join(map(sanitize.clean, aggregate.label(names))) or f"all {noun}s"

        return titled

    def _glyph(self, names: Names) -> str:
        """Return the mark of the pool that names are about, if they are about one."""
        for dimension, name in zip(self._view.grouping.dimensions, names, strict=True):
            if dimension in {"model", "pool"}:
                return pool_glyphs.of(dimension, name, self._pool_name)
        return " "


def _subtitle(shown: Shown, drawn: Drawn, kind: Kind) -> str:
    """Return what the charts count."""
    if shown is Shown.POOLS:
        return "today's pools, UTC hours"
    counted = next(iter(usual_metrics(kind).values())).unit
    words = f"{'dollars' if shown is Shown.COST else counted} per UTC {drawn.noun}"
    peak = drawn.peak_of_both if shown is Shown.PAID else None
    return (
        words if peak is None else f"{words} ▲ {labels_of(drawn.window, 0, drawn.period)[peak]}"
    )  # its head has no room for it


def _group_title(grouping: Grouping) -> str:
    if len(grouping.dimensions) == 1:
        return f"{grouping.noun[:1].upper()}{grouping.noun[1:]}s"
    return " · ".join(grouping.titles) or "All"


def _measured(kind: Kind) -> tuple[str, str]:
    """Return what the first series counts, and the second, where there is one."""
    return ("input", "output") if "output" in kind.description.metrics else (_unit(kind), "")


def _unit(kind: Kind) -> str:
    return "input" if kind.description.metrics[0] == "input" else kind.description.unit
