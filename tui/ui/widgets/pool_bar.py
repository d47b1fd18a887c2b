"""The status bar's pools: how much of today's free tokens is used, how fast, and until when it lasts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from textual import events
from textual.content import Content
from textual.widgets import Static

from tui.domain import formatting
from tui.domain.admin_settings import NO_SETTINGS, AdminSettings
from tui.domain.costs import NOTHING, Month, dollars
from tui.domain.pool_status import PoolStatus
from tui.domain.pools import PoolDay
from tui.output.pools import outlook, percent, runs_out
from tui.ui import plot, theme
from tui.ui.widgets.usage_table import POOL_GLYPHS

_WIDE, _ROOMY, _NARROW = 118, 100, 76


class PoolBar(Static):
    """One line a pool; or one for all, where there is no second line to spare."""

    def __init__(
        self,
        names: Sequence[str],
        thresholds: Sequence[int],
        *,
        has_budget: bool = False,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._month: Month | None = None
        self._settings = NO_SETTINGS
        self._is_limit = not has_budget
        self.set_class(has_budget, "with-budget")
        self._has_budget = has_budget
        self._names = tuple(names)
        self._thresholds = tuple(sorted(thresholds))
        self._readings: dict[str, PoolStatus] = {}
        self._reset: timedelta | None = None
        self._text = Content()

    def show(
        self,
        pool_statuses: Sequence[PoolStatus],
        until_reset: timedelta | None,
        month: Month | None = None,
        settings: AdminSettings = NO_SETTINGS,
    ) -> None:
        """Show these pools (none: not read yet), how long until they are full again (None: never), and the budget.

        Without a budget of the user's own, the month stands beside the spend limit in the settings, if there is one.
        """
        self._month, self._settings = month, settings
        if self._is_limit:
            self._has_budget = settings.spend_limit is not None
            self.set_class(self._has_budget, "with-budget")
        self._readings = {reading.pool.name: reading for reading in pool_statuses}
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
        if not bar.is_same(self._text):
            self._text = bar
            self.update(bar, layout=False)

    def _lines(self, width: int) -> Content:
        lines = [self._line(name, width) for name in self._names]
        if self._has_budget:
            lines.append(_budget_line(self._month, width, self._settings, is_limit=self._is_limit))
        return Content("\n").join(lines)

    def _line(self, name: str, width: int) -> Content:
        line = Content().append_text(f" {POOL_GLYPHS[name]} {name} ", "bold")
        reading = self._readings.get(name)
        if reading is None:
            return line.append_text("not read yet", theme.FAINT)
        pool, level = reading.pool, self._level(reading.pool)
        line = line.append(gauge(pool.free, pool.limit.tokens, _colour(level), _gauge_width(width)))
        line = line.append_text(f" {percent(pool):>4}", f"bold {_colour(level)}")
        number = formatting.full if width >= _WIDE else formatting.short
        line = line.append_text(f"  {number(pool.free):>{9 if width >= _WIDE else 5}} / {number(pool.limit.tokens)}")
        line = line.append_text("?" if pool.limit.source == "assumed" else " ", theme.FAINT)
        line = line.append_text(f"{'':{max(0, 10 - len(number(pool.limit.tokens))) if width >= _WIDE else 0}}")
        if pool.measured:
            mark = " at most" if pool.partial else " est." if pool.left_is_estimate else ""
            line = line.append_text(f" {formatting.short(pool.left):>5} left{mark}", theme.MUTED)
        else:
            line = line.append_text(f" {formatting.short(pool.eligible_billed):>5} billed", theme.MUTED)
        if level and not pool.spent:
            line = line.append_text(f"  {_WORDS[level]}", f"bold {_colour(level)}")
        if self._reset is not None or pool.spent or not pool.measured:  # what stands still goes nowhere
            line = line.append_text(
                f"  {_outlook(reading, width, width - line.cell_length - 2)}",
                f"bold {_colour(level)}" if pool.spent else "",
            )
        return line.truncate(width, ellipsis=True)

    def _brief(self) -> Content:
        """Return all pools on one line."""
        bar = Content()
        for name in self._names:
            bar = bar.append_text(f" {POOL_GLYPHS[name]} {name} ", "bold")
            reading = self._readings.get(name)
            if reading is None:
                bar = bar.append_text("not read yet", theme.FAINT)
                continue
            pool = reading.pool
            bar = bar.append_text(percent(pool), f"bold {_colour(self._level(pool))}")
            state = "spent" if pool.spent else f"{formatting.short(pool.left)} left"
            if not pool.measured:
                state = f"free, {formatting.short(pool.eligible_billed)} billed"
            bar = bar.append_text(f" {state} ", theme.MUTED)
        if self._month is not None and self._month.percent is not None:
            bar = bar.append_text(" $ ", "bold").append_text(f"{self._month.percent}% ", theme.MUTED)
        return bar if self._reset is None else bar.append_text(f" {formatting.duration(self._reset)}", theme.MUTED)

    def _level(self, pool: PoolDay) -> int:
        """Return how serious it is: 0 below all thresholds, 3 at the highest or spent."""
        if pool.spent:
            return len(_WORDS) - 1
        passed = sum(pool.free * 100 >= threshold * pool.limit.tokens for threshold in self._thresholds)
        return min(passed, len(_WORDS) - 1)


_WORDS = ("", "low", "nearly spent", "nearly spent")
"""The state in a word, since it must not rest on colour alone; only a pool that is spent is called so."""


def _colour(level: int) -> str:
    return (theme.INPUT, theme.WARNING, theme.ERROR, theme.ERROR)[level]


def _outlook(reading: PoolStatus, width: int, room: int) -> str:
    """Return how the pool goes on, as far as there is room to say it; no time of day is cut."""
    pool = reading.pool
    if pool.spent:
        words = [outlook(pool, reading.forecast)]
        words += [] if pool.stuck_since is None else [f"spent est. {pool.stuck_since:%H:%M} UTC"]
        return next((each for each in words if len(each) <= room), "spent")
    if width >= _ROOMY:
        return outlook(pool, reading.forecast)
    if reading.forecast.pace is None or width < _NARROW:
        return ""
    return f"est. {runs_out(reading.forecast)}"


def _gauge_width(width: int) -> int:
    return 16 if width >= _WIDE else 8 if width < _ROOMY else 10


def gauge(used: int, whole: int, colour: str, cells: int, marks: Sequence[int] = ()) -> Content:
    """Return a bar of eighth blocks, `cells` wide, on a track, with marks."""
    eighths = min(cells * 8, used * cells * 8 // whole)
    full, part = divmod(max(eighths, 1 if used else 0), 8)
    filled = "█" * full + (plot.BLOCKS_ACROSS[part] if part else "")
    places = {mark * cells // whole for mark in marks if mark < whole}
    bar = "".join("╎" if place in places else each for place, each in enumerate(f"{filled:<{cells}}"))
    return Content.assemble(("▕", theme.FAINT), (bar, f"{colour} {theme.ON_TRACK}"), ("▏", theme.FAINT))


def _budget_line(month: Month | None, width: int, settings: AdminSettings, *, is_limit: bool) -> Content:
    """Return how much of the month's budget or limit is spent, and how much will be; with marks at the alerts."""
    line = Content().append_text(" $ month ", "bold")
    if month is None or month.budget is None:
        return line.append_text("not read yet", theme.FAINT)
    expected = month.expected
    is_over, will_be = month.so_far > month.budget, expected is not None and expected > month.budget
    colour = theme.ERROR if is_over else theme.WARNING if will_be else theme.INPUT
    cents = [int(amount * 100) for amount in (max(month.so_far, NOTHING), month.budget)]
    marks = [int(amount * 100) for amount in settings.alerts]
    line = line.append(gauge(cents[0], max(1, cents[1]), colour, _gauge_width(width), marks))
    line = line.append_text("     " if month.percent is None else f" {month.percent:>3}%", f"bold {colour}")
    least = "at least " if month.at_least else ""
    line = line.append_text(f"  {least}{dollars(month.so_far)} / {dollars(month.budget)}")
    limit = settings.spend_limit
    if limit is not None and limit.enforced:
        line = line.append_text("  requests refused", f"bold {theme.ERROR}")
    elif is_limit:
        line = line.append_text(" limit", theme.MUTED)
    if expected is not None:
        when = "the month's end" if width >= _ROOMY else "its end"
        line = line.append_text(f"  est. {dollars(expected)} at {when}", theme.MUTED)
        if is_over or will_be:
            line = line.append_text(", over" if is_over else ", will be over", f"bold {colour}")
    return line.truncate(width, ellipsis=True)
