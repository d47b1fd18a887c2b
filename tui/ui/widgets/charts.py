"""The side pane: input and output of the highlighted line, and the largest groups' own two lines each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from textual import events, work
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.domain import formatting, sanitize, shutdowns
from tui.domain.admin_settings import Headroom
from tui.domain.aggregate import Aggregate
from tui.domain.catalogue import NO_POOL
from tui.domain.dimensions import Grouping, Names
from tui.domain.kinds import Kind
from tui.domain.metrics import usual_metrics
from tui.domain.series import ChartSeries, GroupSeries, Series, chart_series
from tui.domain.table import USUAL, Line, View
from tui.domain.time import Width
from tui.domain.usage import Report, Sums, grouped
from tui.engine.session import Session
from tui.ui import plot, theme
from tui.ui.widgets.usage_table import POOL_GLYPHS
from tui.ui.workers import reports_faults

_LINES_A_GROUP = 3
_A_YEAR = 300
_MANY_ROWS = 20_000
_A_MOMENT = 0.15
_LEAST_CHART = 5
"""Rows from which on there is room for two of columns, their axis and its labels under a title."""


class ModelList(VerticalScroll, inherit_bindings=False):
    """The groups. Its keys are those of the screen, so that the user's own scroll it as well."""


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
        self._names: Names = ()
        self._through: datetime | None = None
        self._line: Line | None = None
        self._headroom: Headroom | None = None
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
        models = self.query_one("#models")
        models.border_subtitle = "each from 0 to its ▲ peak"

    def show_parts(self, *, charts: bool, models: bool) -> None:
        """Show these parts of the pane."""
        self.query_one("#charts").display = charts
        self.query_one("#models").display = models

    def show(
        self,
        report: Report,
        coarse: AbstractSet[datetime],
        view: View,
        aggregate: Aggregate,
        through: datetime | None = None,
    ) -> None:
        """Plot this report, broken down as the view says; the API has counted `through` this moment."""
        if through != self._through:
            self._through = through
            if not self._is_large:
                self._show_facts()
        seen = (view.kind, view.grouping, view.merged, aggregate.row_filter, aggregate.directory)
        if report is self._report and coarse == self._coarse and aggregate is self._breakdown and seen == self._seen:
            return
        unit = report.window.width
        if self._report is None or self._report.window.width is not unit:
            self._line = None  # it was of another level
        if self._report is None or self._report.window.width is not unit or view.kind is not self._view.kind:
            counted = next(iter(usual_metrics(view.kind).values())).unit
            self.query_one("#charts").border_subtitle = f"{counted} per UTC {unit.noun}"
        if view.grouping is not self._view.grouping or not self.query_one("#models").border_title:
            self.query_one("#models").border_title = _group_title(view.grouping)
        self._report, self._coarse, self._view, self._breakdown, self._seen = report, coarse, view, aggregate, seen
        if not self._is_large:
            self._show_facts()
        self._draw()

    def show_headroom(self, headroom: Headroom | None) -> None:
        """Say how near the highlighted model and project came to their rate limit in the last hour."""
        if headroom != self._headroom:
            self._headroom = headroom
            self._show_facts()

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
        bucket = None if line is None or report is None else report.buckets.get(line.start)
        if line is None or report is None or self._breakdown is None:
            return
        if bucket is None or line.sums is None:
            words = "not kept by the API" if line.not_kept else "not counted yet" if line.awaited else "not read"
            self._put("facts", Content.styled(f"{_stamp(line, report.window.width)} {words}", theme.FAINT))
            return
        if not line.sums and self._through is not None and line.start >= self._through:
            self._put("facts", Content.styled(f"{_stamp(line, report.window.width)} not counted yet", theme.FAINT))
            return
        if self._view.kind is not Kind.COMPLETIONS:
            self._put("facts", _amounts(_stamp(line, report.window.width), line.sums or Sums(), self._view.kind))
            return
        if line.rest:
            self._put("facts", _facts(_stamp(line, report.window.width), {NO_POOL: line.sums}, knows_pools=False))
            return
        pools = grouped(self._breakdown.rows(bucket, line.names), lambda row: self._pool_name(row.model))
        knows_pools = line.start not in self._coarse and "model" in self._view.fields
        is_of_a_model = "model" in self._view.grouping.dimensions[: len(line.names)]
        facts = _facts(_stamp(line, report.window.width), pools, knows_pools=knows_pools and not is_of_a_model)
        if self._headroom is not None:
            facts = facts.append_text(f"{_headroom(self._headroom)}\n", theme.MUTED)
        self._put("facts", facts.append_text(self._ending(line), theme.WARNING))

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
        starts = tuple(report.window.starts())
        labels = _labels(starts, report.window.width)
        size = self.query_one("#input-chart").size
        width = self.query_one("#models").scrollable_content_region.width
        try:
            found = await asyncio.to_thread(chart_series, report, aggregate, self._names, self._coarse)
            lines, place = self._lines(found, aggregate, width)
            self._put("tracks", lines)
            await asyncio.to_thread(plot.load)
            nothing = "not kept by the API" if report.not_kept and not report.unread() else "not read yet"
            charts = self._charts(found, labels, (size.width, size.height), nothing)
        except Exception as error:  # noqa: BLE001  whatever a chart's library does, the numbers stay
            self._put("input-chart", Content(f"No chart: {type(error).__name__}: {error}"))
            return
        box = self.query_one("#charts")
        title = Content(sanitize.elide(self._title(aggregate.label(self._names)), box.size.width - 4))
        if title != self._shown.get("title"):  # setting it draws the whole box again, the same or not
            self._shown["title"] = box.border_title = title
        for name, drawn in charts.items():
            self._put(f"{name}-chart", drawn)
        if not self.query_one(ModelList).has_focus:  # else the user is scrolling it
            self._bring_into_view(place)

    def _put(self, name: str, words: Content) -> None:
        """Show these words in a part of the pane, if they are others than before."""
        before = self._shown.get(name)
        if before is None or not words.is_same(before):
            self._shown[name] = words
            taller = before is None or len(words.split()) != len(before.split())
            self.query_one(f"#{name}", Static).update(words, layout=taller)

    def _charts(
        self, found: ChartSeries, labels: tuple[str, str], size: tuple[int, int], nothing: str
    ) -> dict[str, Content]:
        first, second = _measured(self._view.kind)
        charts = {"input": _chart(first, found.chosen.input, labels, size, theme.INPUT, nothing), "output": Content()}
        if second:
            charts["output"] = _chart(second, found.chosen.output, labels, size, theme.OUTPUT, nothing)
        return charts

    def _lines(self, found: ChartSeries, aggregate: Aggregate, width: int) -> tuple[Content, int | None]:
        """Return the lines of the largest groups, and the place of the highlighted one among these."""
        lines = [self._group_lines(each, aggregate.label(each.names), width, self._names) for each in found.largest]
        if found.more:
            lines.append(Content.styled(f"  and {formatting.full(found.more)} more", theme.FAINT))
        place = next((place for place, each in enumerate(found.largest) if each.names == self._names), None)
        return Content("\n").join(lines), place

    def _group_lines(self, group_series: GroupSeries, label: Names, width: int, highlighted: Names) -> Content:
        chosen = group_series.names == highlighted
        total = formatting.full(group_series.total)
        name = sanitize.elide(self._title(label), width - len(total) - 3)
        glyph = self._glyph(group_series.names)
        space = " " * (width - sanitize.width(name) - len(total) - 2)
        style = f"bold {theme.SELECTED}" if chosen else "bold"
        lines = Content.styled(f"{glyph} {name}{space}{total}", style)
        parts = (("in ", group_series.input, theme.INPUT), ("out", group_series.output, theme.OUTPUT))
        first, second = _measured(self._view.kind)
        for words, series, colour in parts if second else ((first[:3], group_series.input, theme.INPUT),):
            known = [value for value in series if value is not None]
            summed, peak = formatting.short(sum(known)), formatting.short(max(known, default=0))
            line = plot.sparkline(series, width - 19)
            lines = lines.append_text(f"\n {words} ", theme.FAINT).append_text(line.ljust(width - 19), colour)
            lines = lines.append_text(f" {summed:>5}", theme.MUTED).append_text(f" ▲{peak:>5}", theme.FAINT)
        return lines

    def _title(self, label: Names) -> str:
        return " · ".join(map(sanitize.clean, label)) or f"all {self._view.grouping.noun}s"

    def _glyph(self, names: Names) -> str:
        """Return the mark of the pool that names are about, if they are about one."""
        for dimension, name in zip(self._view.grouping.dimensions, names, strict=True):
            if dimension == "model":
                return POOL_GLYPHS[self._pool_name(name)]
            if dimension == "pool":
                return POOL_GLYPHS.get(name, POOL_GLYPHS[NO_POOL])
        return " "

    def _bring_into_view(self, place: int | None) -> None:
        """Scroll the list so that the highlighted group is seen."""
        models = self.query_one(ModelList)
        if place is None:
            models.scroll_home(animate=False)
            return
        height = _LINES_A_GROUP if _measured(self._view.kind)[1] else _LINES_A_GROUP - 1
        top = place * height
        seen = range(int(models.scroll_y), int(models.scroll_y) + models.scrollable_content_region.height)
        if top not in seen or top + height - 1 not in seen:
            models.scroll_to(y=top, animate=False)


def _chart(
    words: str, series: Series, labels: tuple[str, str], size: tuple[int, int], colour: str, nothing: str
) -> Content:
    """Return a line that says what it is, and the columns under it; `nothing` is said where no value is known."""
    width, height = size
    known = [value for value in series if value is not None]
    if not known:
        return Content.styled(f"{words}: {nothing}", theme.FAINT)
    drawn = Content().append_text(f"{words} {formatting.full(sum(known))}", colour)
    unread = "" if len(known) == len(series) else f"  {len(known)} of {len(series)} read"
    drawn = drawn.append_text(f"{unread}  peak {formatting.short(max(known))}", theme.FAINT)
    if height >= _LEAST_CHART:
        columns = Content.styled(plot.columns(series, labels, width, height - 1), theme.FAINT)
        columns = columns.highlight_regex(f"[{plot.BLOCKS.strip()}]+", style=colour)
        drawn = drawn.append_text("\n").append(columns)
    return drawn


def _labels(starts: Sequence[datetime], width: Width) -> tuple[str, str]:
    if width is not Width.DAY:
        return (formatting.bucket(starts[0], width), formatting.bucket(starts[-1], width))
    form = "%d %b" if len(starts) < _A_YEAR else "%b %Y"
    return (f"{starts[0]:{form}}", f"{starts[-1]:{form}}")


def _group_title(grouping: Grouping) -> str:
    if len(grouping.dimensions) == 1:
        return f"{grouping.noun[:1].upper()}{grouping.noun[1:]}s"
    return " · ".join(grouping.titles) or "All"


def _measured(kind: Kind) -> tuple[str, str]:
    """Return what the first series counts, and the second, where there is one."""
    return ("input", "output") if "output" in kind.description.metrics else (_unit(kind), "")


def _unit(kind: Kind) -> str:
    return "input" if kind.description.metrics[0] == "input" else kind.description.unit


def _stamp(line: Line, width: Width) -> str:
    return f"{line.start:%d %b}" if width is Width.DAY else formatting.bucket(line.start, width)


def _amounts(stamp: str, sums: Sums, kind: Kind) -> Content:
    """Return what was used of a kind that is never free."""
    facts = Content().append_text(f"{stamp:<8}", "bold")
    for each in usual_metrics(kind).values():
        facts = facts.append_text(
            f" {formatting.full(round(each.value(sums) or 0))} {each.title.lower()} ", theme.MUTED
        )
    return facts


def _headroom(found: Headroom) -> str:
    """Return the highest minute of the last hour beside the limits, which the API counts late."""
    tokens, limit = formatting.short(found.tokens), found.limit
    percent = max(found.tokens / max(1, limit.tokens), found.requests / max(1, limit.requests)) * 100
    share = "<1%" if 0 < percent < 1 else f"{int(percent)}%"
    return f"busiest min est. {tokens} of {formatting.short(limit.tokens)}, {share}"


def _facts(stamp: str, pools: dict[str, Sums], *, knows_pools: bool) -> Content:
    """Return three lines: the sums of free and billed tokens, and each pool's part in them."""
    facts = Content()
    parts = [(stamp, sum(pools.values(), Sums()))]
    if knows_pools:
        parts += [(f"{POOL_GLYPHS[pool]} {pool}", pools.get(pool, Sums())) for pool in ("large", "small")]
    for name, sums in parts:
        facts = facts.append_text(f"{name:<8}", "bold").append_text(
            f"{formatting.short(sums.free):>6} free", theme.GOOD
        )
        facts = facts.append_text(f"{formatting.short(sums.billed):>7} billed", theme.OUTPUT)
        facts = facts.append_text(
            "" if sums.whole_share is None else f" {sums.whole_share:>4}%", theme.FAINT
        ).append_text("\n")
    return facts
