"""The side pane: input and output of the highlighted line, and every model's own two lines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from rich.text import Text
from textual import events, work
from textual.app import ComposeResult
from textual.containers import Container, VerticalScroll
from textual.widgets import Static

from tui.domain import humanize, text
from tui.domain.tracks import Series, Track, tracks, whole
from tui.domain.usage import EVERY_MODEL, Report, Row, add_up
from tui.domain.view import Line
from tui.domain.window import Width
from tui.ui import chart, theme
from tui.ui.widgets.usage_table import POOL_GLYPHS

_LINES_A_MODEL = 3
_A_YEAR = 300
_LEAST_CHART = 5
"""Rows from which on there is room for two of columns, their axis and its labels under a title."""


class ModelPane(Container):
    """Follows the highlighted line. Charts are drawn in a thread and appear when they are ready."""

    def __init__(self, pool_of: Callable[[str | None], str | None], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._pool_of = pool_of
        self._report: Report | None = None
        self._tracks: tuple[Track, ...] = ()
        self._whole: Track | None = None
        self._model: str | None = None
        self._line: Line | None = None
        self._shown: dict[str, Text] = {}

    def compose(self) -> ComposeResult:
        """Lay out two charts, and the models under them."""
        with Container(id="charts"):
            yield Static(id="facts")
            yield Static(id="input-chart")
            yield Static(id="output-chart")
        with VerticalScroll(id="models"):
            yield Static(id="tracks")

    def on_mount(self) -> None:
        """Name the parts."""
        models = self.query_one("#models")
        models.border_title = "Models"
        models.border_subtitle = "each from 0 to its ▲ peak"

    def show_parts(self, *, charts: bool, models: bool) -> None:
        """Show these parts of the pane."""
        self.query_one("#charts").display = charts
        self.query_one("#models").display = models

    def show(self, report: Report) -> None:
        """Plot this report."""
        if report is self._report:
            return
        unit = report.window.width
        if self._report is None or self._report.window.width is not unit:
            self._line = None  # it was of another level
            self.query_one("#charts").border_subtitle = f"tokens per UTC {unit.noun}"
        self._report, self._tracks, self._whole = report, tracks(report), whole(report)
        self._show_facts()
        self._draw()

    def follow(self, line: Line) -> None:
        """Plot the model of this line, or all models for a day's line."""
        self._line = line
        self._show_facts()
        if line.model != self._model:
            self._model = line.model
            self._draw()

    def _show_facts(self) -> None:
        """Say of the highlighted line what was free and what was billed, and of a day each pool's part."""
        line, report = self._line, self._report
        bucket = None if line is None or report is None else report.buckets.get(line.start)
        if line is None or report is None or bucket is None:
            return
        rows = [row for row in bucket.rows if line.model in {None, row.name}]
        self._put("facts", _facts(_stamp(line, report.window.width), rows, self._pool_of))

    def on_resize(self, _: events.Resize) -> None:
        """Draw again, as large as there is room."""
        self._draw()

    @work(exclusive=True, group="charts", exit_on_error=False)
    async def _draw(self) -> None:
        report, track = self._report, self._highlighted()
        if report is None or track is None or not self.size:
            return
        starts = tuple(report.window.starts())
        labels = _labels(starts, report.window.width)
        size = self.query_one("#input-chart").size
        width = self.query_one("#models").scrollable_content_region.width
        try:
            charts, lines = await asyncio.to_thread(self._drawn, track, labels, (size.width, size.height), width)
        except Exception as error:  # noqa: BLE001  whatever a chart's library does, the numbers stay
            self._put("input-chart", Text(f"No chart: {type(error).__name__}: {error}"))
            return
        box = self.query_one("#charts")
        title = Text(_title(track, box.size.width - 4))
        if title != self._shown.get("title"):  # setting it draws the whole box again, the same or not
            self._shown["title"] = box.border_title = title
        for name, drawn in charts.items():
            self._put(f"{name}-chart", drawn)
        self._put("tracks", lines)
        self._bring_into_view(track)

    def _put(self, name: str, words: Text) -> None:
        """Show these words in a part of the pane, if they are others than before."""
        before = self._shown.get(name)
        if words != before:
            self._shown[name] = words
            taller = before is None or len(words.split()) != len(before.split())
            self.query_one(f"#{name}", Static).update(words, layout=taller)

    def _highlighted(self) -> Track | None:
        return next((track for track in self._tracks if track.name == self._model), self._whole)

    def _drawn(
        self, track: Track, labels: tuple[str, str], size: tuple[int, int], width: int
    ) -> tuple[dict[str, Text], Text]:
        charts = {
            "input": _chart("input", track.input, labels, size, theme.INPUT),
            "output": _chart("output", track.output, labels, size, theme.OUTPUT),
        }
        return charts, Text("\n").join(self._track(each, width) for each in self._tracks)

    def _track(self, track: Track, width: int) -> Text:
        chosen = track.name == self._model
        total = humanize.full(track.total)
        name = text.cut_middle(text.inert(track.name), width - len(total) - 3)
        glyph = POOL_GLYPHS[self._pool_of(track.name)]
        space = " " * (width - text.width(name) - len(total) - 2)
        lines = Text(no_wrap=True)
        lines.append(f"{glyph} {name}{space}{total}", f"bold {theme.CHOSEN}" if chosen else "bold")
        for words, series, colour in (("in ", track.input, theme.INPUT), ("out", track.output, theme.OUTPUT)):
            known = [value for value in series if value is not None]
            summed, peak = humanize.short(sum(known)), humanize.short(max(known, default=0))
            line = chart.sparkline(series, width - 19)
            lines.append(f"\n {words} ", theme.DIM).append(line.ljust(width - 19), colour)
            lines.append(f" {summed:>5}", theme.QUIET).append(f" ▲{peak:>5}", theme.DIM)
        return lines

    def _bring_into_view(self, track: Track) -> None:
        """Scroll the models so that the highlighted one is seen."""
        models = self.query_one("#models", VerticalScroll)
        if track not in self._tracks:
            models.scroll_home(animate=False)
            return
        top = self._tracks.index(track) * _LINES_A_MODEL
        seen = range(int(models.scroll_y), int(models.scroll_y) + models.scrollable_content_region.height)
        if top not in seen or top + _LINES_A_MODEL - 1 not in seen:
            models.scroll_to(y=top, animate=False)


def _chart(words: str, series: Series, labels: tuple[str, str], size: tuple[int, int], colour: str) -> Text:
    """Return a line that says what it is, and the columns under it."""
    width, height = size
    known = [value for value in series if value is not None]
    if not known:
        return Text(f"{words}: not read yet", theme.DIM)
    drawn = Text().append(f"{words} {humanize.full(sum(known))}", colour)
    unread = "" if len(known) == len(series) else f"  {len(known)} of {len(series)} read"
    drawn.append(f"{unread}  peak {humanize.short(max(known))}", theme.DIM)
    if height >= _LEAST_CHART:
        columns = Text(chart.columns(series, labels, width, height - 1), theme.DIM)
        columns.highlight_regex(f"[{chart.BLOCKS.strip()}]+", colour)
        drawn.append("\n").append_text(columns)
    drawn.no_wrap = True
    return drawn


def _labels(starts: Sequence[datetime], width: Width) -> tuple[str, str]:
    if width is not Width.DAY:
        return (humanize.bucket(starts[0], width), humanize.bucket(starts[-1], width))
    form = "%d %b" if len(starts) < _A_YEAR else "%b %Y"
    return (f"{starts[0]:{form}}", f"{starts[-1]:{form}}")


def _title(track: Track, width: int) -> str:
    name = "all models" if track.name == EVERY_MODEL else text.inert(track.name)
    return text.cut_middle(name, width)


def _stamp(line: Line, width: Width) -> str:
    return f"{line.start:%d %b}" if width is Width.DAY else humanize.bucket(line.start, width)


def _facts(stamp: str, rows: Sequence[Row], pool_of: Callable[[str | None], str | None]) -> Text:
    """Return three lines: the day's sums of free and billed tokens, and each pool's part in them."""
    facts = Text()
    parts = [(stamp, add_up(rows))]
    for pool in ("large", "small"):
        own = [row for row in rows if pool_of(row.model) == pool]
        parts.append((f"{POOL_GLYPHS[pool]} {pool}", add_up(own)))
    for name, sums in parts:
        facts.append(f"{name:<8}", "bold").append(f"{humanize.short(sums.free):>6} free", theme.GOOD)
        facts.append(f"{humanize.short(sums.billed):>7} billed", theme.OUTPUT)
        facts.append("" if sums.share is None else f" {sums.share:>4}%", theme.DIM).append("\n")
    return facts
