"""Numbers as text: columns with axes, and lines of one row. The only module that knows plotext.

plotext draws into one figure for the whole process, so only the event loop's thread draws. Its import takes a tenth
of a second and is done in another thread, by `load`, before the first columns.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from types import ModuleType

from tui.domain import formatting
from tui.domain.series import Series

BLOCKS = " ▁▂▃▄▅▆▇█"
BLOCKS_ACROSS = " ▎▎▍▌▋▊▉█"
"""An eighth is drawn as two: the thinnest block is the end of a gauge."""

GAP = "·"
"""Stands in a sparkline where a bucket was not read: unknown, not nothing."""


def load() -> None:
    """Import plotext, without its manual: making that takes two thirds of the import, and nothing here shows it."""
    manual = ModuleType("plotext._doc.doc")
    manual.__dict__["docs"] = None
    sys.modules.setdefault(manual.__name__, manual)
    import plotext  # noqa: F401


def sparkline(series: Series, width: int) -> str:
    """Return one row of eighth blocks, from zero to the largest value: one mark a value.

    What is more than nothing shows at least the lowest block. Where there are more values than cells, each mark is
    the mean of neighbours.
    """
    values = _squeezed(series, width)
    if not values:
        return ""
    top = max((value for value in series if value is not None), default=0)
    return "".join(GAP if value is None else BLOCKS[_eighths(value, top, 8)] for value in values)


def columns(series: Series, labels: tuple[str, ...], width: int, height: int) -> str:
    """Return columns on axes that begin at zero, `width` by `height` cells.

    `labels` name the first and the last value under the axis. A dot stands for a value that was not read.
    """
    top = _round_up(max((value for value in series if value is not None), default=0))
    ticks = [formatting.short(top * part / 2) for part in range(3)]
    room = width - max(len(tick) for tick in ticks) - 1
    rows = height - 2
    if room < 4 or rows < 2 or not series:
        return ""
    values = _squeezed(series, room)
    step = max(1, room // len(values))
    xs: list[int] = []
    ys: list[int] = []
    marks: list[str] = []
    for place, value in enumerate(values):
        if value is None:
            xs.append(place * step)
            ys.append(0)
            marks.append(GAP)
            continue
        whole, part = divmod(_eighths(value, top, rows * 8), 8)
        for x in range(place * step, place * step + max(1, step - 1)):
            cells = "█" * whole + (BLOCKS[part] if part else "")
            xs += [x] * len(cells)
            ys += range(len(cells))
            marks += list(cells)
    figure = _figure(width, height)
    figure.axes(active=False, axis=0, side=1)
    figure.axes(active=False, axis=1, side=1)
    figure.ruler("x").lim(0, room - 1)
    figure.ruler("y").lim(0, rows - 1)
    places = [0, (rows - 1) / 2, rows - 1]
    if rows % 2 == 0:  # then no cell is in the middle
        del places[1], ticks[1]
    figure.ruler("y").ticks(places, ticks)
    end = (len(values) - 1) * step
    figure.ruler("x").ticks([0, end] if end else [0], list(labels) if end else [labels[-1]])
    if xs:
        figure.draw(figure.signal(xs, ys, marker=marks))
    return str(figure.build().string(colorless=True)).strip("\n")


def _figure(width: int, height: int):  # type: ignore[no-untyped-def]  # noqa: ANN202  plotext has no types
    """Return plotext's one figure, empty and of this size, whatever the real terminal's size is."""
    import plotext

    plotext.terminal.limit(False, False)  # noqa: FBT003
    figure = plotext.figure
    figure.clear()
    figure.plot_size(width, height)
    return figure


def _eighths(value: float, top: float, steps: int) -> int:
    """Return the height in eighths of a cell: nothing is 0, and anything more is at least 1."""
    if value <= 0 or top <= 0:
        return 0
    return min(steps, max(1, round(value * steps / top)))


def _squeezed(series: Sequence[int | None], width: int) -> list[float | None]:
    """Return at most `width` values, each the mean of the stretch that it covers where there are more.

    Values at the edges of a stretch count in part; None stands where nothing of it is known.
    """
    if len(series) <= width:
        return list(series)
    stretch = len(series) / width if width > 0 else 0
    return [_mean(series, cell * stretch, (cell + 1) * stretch) for cell in range(width)]


def _mean(series: Sequence[int | None], start: float, end: float) -> float | None:
    total = weight = 0.0
    for index in range(int(start), min(len(series), math.ceil(end))):
        value, share = series[index], min(end, index + 1) - max(start, index)
        if value is not None and share > 0:
            total, weight = total + value * share, weight + share
    return total / weight if weight else None


def _round_up(value: int) -> int:
    """Return the next number that reads well on an axis, and whose half does too: at least 4, and even."""
    if value <= 4:
        return 4
    power: int = 10 ** (len(str(value)) - 1)
    tops = (step * power // 10 for step in (10, 12, 15, 20, 30, 40, 50, 60, 80, 100))
    return next(top for top in tops if top >= value and top % 2 == 0)
