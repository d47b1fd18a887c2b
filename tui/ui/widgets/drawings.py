"""What the charts show: input and output, what was free and billed, what it cost, or how today's pools fill."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from textual.content import Content

from tui.domain import formatting, sanitize
from tui.domain.burn_up import HOURS, BurnUp
from tui.domain.costs import dollars
from tui.domain.periods import Period
from tui.domain.series import ChartSeries
from tui.domain.time import Width, Window
from tui.ui import plot, theme
from tui.ui.blocks import PARTS
from tui.ui.outlooks import OUTLOOKS
from tui.ui.plot import Axes, Number

_LEAST = 5
"""Rows from which on there is room for two of columns, their axis and its labels under a title."""

_A_SEASON, _A_YEAR = 100, 300
_ROOMY = 60


class Shown(Enum):
    """What the charts show; the value is how it is called."""

    TOKENS = "input and output"
    PAID = "free and billed"
    COST = "cost"
    POOLS = "today's pools"


_LEAST_SLOTS = 10


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the charts are drawn from; `nothing` is said where no value is known."""

    window: Window
    measured: tuple[str, str]
    found: ChartSeries
    costs: Sequence[Decimal | None] = ()
    burn_ups: Sequence[BurnUp] = ()
    nothing: str = "not read yet"
    period: Period = Period.DAY

    @property
    def noun(self) -> str:
        """Return what each column is about."""
        return self.window.width.noun if self.period is Period.DAY else self.period.noun

    @property
    def both(self) -> list[int | None]:
        """Return free and billed tokens together, None where one of them is not known."""
        parts = zip(self.found.free, self.found.billed, strict=True)
        return [None if free is None or billed is None else free + billed for free, billed in parts]

    @property
    def peak_of_both(self) -> int | None:
        """Return the place of the most free and billed tokens together, None where nothing is known."""
        known = [(value, place) for place, value in enumerate(self.both) if value]
        return max(known)[1] if known else None


def charts(shown: Shown, drawn: Drawn, width: int, height: int) -> tuple[Content, ...]:
    """Return one chart, or two with the same columns, each in so much room."""
    labels = labels_of(drawn.window, width, drawn.period)
    match shown:
        case Shown.TOKENS:
            parts = (drawn.found.chosen.input, theme.INPUT), (drawn.found.chosen.output, theme.OUTPUT)
            words = [word for word in drawn.measured if word]
            margin = plot.margin(*(plot.top_of(series) for series, _ in parts[: len(words)]))
            return tuple(
                _columns(word, series, colour, labels, (width, height), margin, drawn.nothing)
                for word, (series, colour) in zip(words, parts, strict=False)
            )
        case Shown.PAID:
            return (_paid(drawn, labels, width, height),)
        case Shown.COST:
            money = [None if cost is None else float(cost) for cost in drawn.costs]
            margin = plot.margin(plot.top_of(money, plot.CENTS), tick=plot.money)
            size = (width, height)
            return (_columns("cost", money, theme.MUTED, labels, size, margin, "costs are not read yet", plot.money),)
        case Shown.POOLS:
            margin = max((plot.margin(_top(each)) for each in drawn.burn_ups), default=0)
            found = tuple(_burn_up(each, (width, height), margin) for each in drawn.burn_ups[:2])
            return found or (Content.styled("today's pools are not read yet", theme.FAINT),)


def labels_of(window: Window, width: int, period: Period = Period.DAY) -> tuple[str, ...]:
    """Return what the slots of a window are called: its days, weeks or months, all 24 hours of a day, or 60 minutes.

    A window that is over is shown alone, as a run of few minutes is, with a few more where its columns were too wide.
    """
    starts = list(period.starts(window) if period is not Period.DAY else window.starts())
    if period is Period.MONTH:
        return tuple(f"{start:%b '%y}" for start in starts)
    if period is Period.WEEK:
        return tuple(f"{start:W%V}" for start in starts)
    if window.width is not Width.DAY:
        whole = HOURS if window.width is Width.HOUR else 60
        slots = whole if window.running else _LEAST_SLOTS
        return tuple(f"{window.start + n * window.width.span:%H:%M}" for n in range(max(slots, len(starts))))
    if len(starts) >= _A_YEAR:
        return tuple(f"{start:%b '%y}" for start in starts)
    if len(starts) >= _A_SEASON:
        return tuple(f"{start:%d %b}" for start in starts)
    return tuple(formatting.weekday(start) if width >= _ROOMY else f"{start:%a %d}" for start in starts)


def _columns(
    words: str,
    series: Sequence[Number],
    colour: str,
    labels: Sequence[str],
    size: tuple[int, int],
    margin: int,
    nothing: str,
    tick: Callable[[float], str] = formatting.short,
) -> Content:
    """Return a line that says what it is, and the columns under it."""
    width, height = size
    known = [value for value in series if value is not None]
    if not known or not max(known):
        return Content.styled(f"{words}: {'none' if known else nothing}", theme.FAINT)
    total = _full(sum(known)) if tick is formatting.short else dollars(Decimal(str(sum(known))))
    head = _head(words, total, tick(sum(known)), series, labels, tick, width)
    drawn = Content.assemble((head[0], colour), (head[1], theme.FAINT))
    if height < _LEAST:
        return drawn
    top = plot.top_of(known, 2 if tick is formatting.short else plot.CENTS)
    axes = Axes(width, height - 1, len(labels), top, labels, margin, tick)
    return drawn.append_text("\n").append(plot.coloured(plot.columns(series, axes), {PARTS: colour}, theme.FAINT))


def _paid(drawn: Drawn, labels: Sequence[str], width: int, height: int) -> Content:
    free, billed = drawn.found.free, drawn.found.billed
    known = [(a, b) for a, b in zip(free, billed, strict=True) if a is not None and b is not None]
    if not known:
        return Content.styled(f"free and billed: {drawn.nothing}", theme.FAINT)
    sums = [formatting.short(sum(part)) for part in zip(*known, strict=True)]
    head = Content.assemble((f"█ {sums[0]} free", theme.FREE), ("  ", ""), (f"░ {sums[1]} billed", theme.BILLED))
    if height < _LEAST:
        return head
    whole = [a + b for a, b in known]
    if not max(whole):
        return Content.styled("free and billed: none", theme.FAINT)
    peak = f"  peak {formatting.short(max(whole))}"
    for said in (f"{peak} {labels[drawn.both.index(max(whole))]}", peak):
        if head.cell_length + len(said) <= width:
            head = head.append_text(said, theme.FAINT)
            break
    top = plot.top_of(whole)
    axes = Axes(width, height - 1, len(labels), top, labels, plot.margin(top))
    picture = plot.stacked(free, billed, axes)
    return head.append_text("\n").append(
        plot.coloured(picture, {"█": theme.FREE, plot.UPPER: theme.BILLED}, theme.FAINT)
    )


def _burn_up(found: BurnUp, size: tuple[int, int], margin: int) -> Content:
    """Return how a pool fills: over 24 hours against its limit, whatever was used."""
    (width, height), pool, forecast = size, found.status.pool, found.status.forecast
    colour = OUTLOOKS[found.status.outlook]
    end = "" if forecast.projected_percent is None or pool.spent else f"  {int(forecast.projected_percent)}% at reset"
    words = f"{pool.name} {formatting.short(pool.free)} of {formatting.short(pool.limit.tokens)}"
    said = words + end if len(words + end) <= width else words
    drawn = Content.styled(said, colour)
    if height < _LEAST:
        return drawn
    labels = tuple(f"{hour:02}:00" for hour in range(HOURS))
    axes = Axes(width, height - 1, HOURS, _top(found), labels, margin)
    picture = plot.burn_up(found.used, found.projected, pool.limit.tokens, axes)
    colours = {PARTS: f"bold {colour}", plot.UPPER: colour}
    return drawn.append_text("\n").append(plot.coloured(picture, colours, theme.FAINT))


def _top(found: BurnUp) -> float:
    """Return where the axis ends: at the limit, or a little beyond where more will be wanted than there is."""
    limit = found.status.pool.limit.tokens
    return max(limit, plot.top_of([min(max((found.status.pool.free, *found.projected)), limit * 5 // 4)]))


def _head(
    words: str,
    total: str,
    short: str,
    series: Sequence[Number],
    labels: Sequence[str],
    tick: Callable[[float], str],
    width: int,
) -> tuple[str, str]:
    """Return what is counted and its sum, and beside it when it was most; what does not fit is left out whole."""
    known = [value for value in series if value is not None]
    place = max((value, place) for place, value in enumerate(series) if value is not None)[1]
    unread = "" if len(known) == len(series) else f"  {len(known)} of {len(series)} read"
    peak = f"  peak {tick(max(known))}"
    for sum_, beside in (
        (total, f"{unread}{peak} {labels[place]}"),
        (short, f"{unread}{peak} {labels[place]}"),
        (total, f"{unread}{peak}"),
        (short, f"{unread}{peak}"),
        (total, unread),
        (short, unread),
    ):
        if sanitize.width(f"{words} {sum_}{beside}") <= width:
            break
    return f"{words} {sum_}", beside


def _full(number: float) -> str:
    return formatting.full(round(number))
