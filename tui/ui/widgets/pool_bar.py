"""The status bar's pools: how much of today's free tokens is used, and when there are new ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rich.text import Text
from textual import events
from textual.widgets import Static

from tui.domain import humanize
from tui.domain.pools import PoolDay
from tui.ui import chart, theme
from tui.ui.widgets.usage_table import POOL_GLYPHS

_WIDE, _ROOMY, _NARROW = 116, 100, 76


class PoolBar(Static):
    """One line a pool."""

    def __init__(self, names: Sequence[str], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._names = tuple(names)
        self._pools: dict[str, PoolDay] = {}
        self._reset: timedelta | None = None
        self._text = Text()

    def show(self, pools: Sequence[PoolDay], until_reset: timedelta | None) -> None:
        """Show these pools (none: not read yet) and how long until they are full again (None: never)."""
        self._pools = {pool.name: pool for pool in pools}
        self._reset = until_reset
        self._draw()

    def on_resize(self, _: events.Resize) -> None:
        """Use the new width."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width
        if not width:
            return
        bar = self._brief() if self.size.height == 1 else self._lines(width)
        bar.no_wrap = True
        if bar != self._text:
            self._text = bar
            self.update(bar, layout=False)

    def _lines(self, width: int) -> Text:
        lines = [self._line(name, width) for name in self._names]
        if self._reset is not None and width >= _NARROW:
            lines[0] = _with_right(lines[0], f"resets in {humanize.duration(self._reset)}", width)
        if width >= _ROOMY and any(pool.limit.source == "assumed" for pool in self._pools.values()):
            lines[1] = _with_right(lines[1], "limits assumed", width)
        return Text("\n").join(lines)

    def _brief(self) -> Text:
        """Return all pools on one line, for screens that have no second one to spare."""
        bar = Text()
        for name in self._names:
            bar.append(f" {POOL_GLYPHS[name]} {name} ", "bold")
            pool = self._pools.get(name)
            if pool is None:
                bar.append("not read yet", theme.DIM)
                continue
            bar.append(_percent(pool), f"bold {_colour(pool)}")
            bar.append(f" {humanize.short(pool.left)} left ", theme.QUIET)
        return bar if self._reset is None else bar.append(f" {humanize.duration(self._reset)}", theme.QUIET)

    def _line(self, name: str, width: int) -> Text:
        line = Text().append(f" {POOL_GLYPHS[name]} {name} ", "bold")
        pool = self._pools.get(name)
        if pool is None:
            return line.append("not read yet", theme.DIM)
        roomy = width >= _ROOMY
        line.append_text(gauge(pool, 24 if width >= _WIDE else 12 if width >= _NARROW else 8))
        number = humanize.full if roomy else humanize.short
        line.append(f" {_percent(pool):>4}", f"bold {_colour(pool)}")
        used = f"{number(pool.used)} / {number(pool.limit.tokens)}"
        line.append(f"  {used:>{23 if roomy else 12}}")
        line.append(f"  {number(pool.left):>{11 if roomy else 6}} left", theme.QUIET)
        return line.append(f"  {_word(pool)}", f"bold {_colour(pool)}")


def gauge(pool: PoolDay, cells: int) -> Text:
    """Return a bar of eighth blocks, `cells` wide, on a track."""
    eighths = min(cells * 8, pool.used * cells * 8 // pool.limit.tokens)
    whole, part = divmod(max(eighths, 1 if pool.used else 0), 8)
    filled = "█" * whole + (chart.BLOCKS_ACROSS[part] if part else "")
    return (
        Text("▕", theme.DIM).append(f"{filled:<{cells}}", f"{_colour(pool)} on {theme.TRACK}").append("▏", theme.DIM)
    )


def _percent(pool: PoolDay) -> str:
    return f"{'' if pool.measured else 'est. '}{pool.percent}%"


def _colour(pool: PoolDay) -> str:
    return theme.INPUT if pool.percent < 80 else theme.WARNING if pool.percent < 95 else theme.ERROR


def _word(pool: PoolDay) -> str:
    """Return the state in a word: it must not rest on colour alone."""
    if pool.percent >= 100:
        return "spent"
    return "" if pool.percent < 80 else "low" if pool.percent < 95 else "nearly spent"


def _with_right(line: Text, words: str, width: int) -> Text:
    space = width - line.cell_len - len(words) - 1
    return line if space < 2 else line.append(" " * space + words, theme.QUIET)
