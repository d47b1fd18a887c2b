"""The status bar's gauges: how much of today's free tokens is used and of the month's money, and whether it lasts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from textual.content import Content

from tui.domain import formatting
from tui.domain.admin_settings import NO_SETTINGS, AdminSettings
from tui.domain.costs import NOTHING, Month, dollars
from tui.domain.outlook import Outlook
from tui.domain.pool_status import PoolStatus
from tui.domain.time import midnight, share_of_day, share_of_month
from tui.output.pools import percent
from tui.ui import theme
from tui.ui.outlooks import OUTLOOKS
from tui.ui.pool_glyphs import POOL_GLYPHS
from tui.ui.widgets.fitted import FittedText
from tui.ui.widgets.gauge import BEYOND, gauge

_PERCENT, _WORD, _USED, _LEFT, _RATE = range(5)
_STEPS: tuple[tuple[int, int | None], ...] = (
    (_USED, 1), (_RATE, 1), (_RATE, None), (_LEFT, 1), (_USED, None), (_LEFT, None),
)  # fmt: skip
"""What gives way where the gauge has too little room, in order: a part, and its form then (None: left out whole)."""

_MONTH, _UNREAD = "$ month", "not read yet"

_ROOMY = 100
_LEAST_GAUGE = {True: 32, False: 12}
"""Cells of a gauge, in a terminal of `_ROOMY` columns and in a narrower one."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One gauge: its name, its shares of the whole, and what stands beside it, each part from its longest form on."""

    name: str
    colour: str
    used: float
    parts: tuple[tuple[str, ...], ...]
    pace: float | None = None
    projected: float | None = None
    marks: tuple[float, ...] = ()
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    """A line without a gauge: its name, and what is said instead, from the longest form on."""

    name: str
    forms: tuple[str, ...]


class PoolBar(FittedText):
    """One line a pool and one for the month; or one for all, where there is no second line to spare."""

    def __init__(
        self,
        names: Sequence[str],
        *,
        has_budget: bool = False,
        has_month: bool = False,
        id: str | None = None,  # noqa: A002
    ) -> None:
        super().__init__(id=id)
        self._month: Month | None = None
        self._settings = NO_SETTINGS
        self._are_costs_refused = False
        self._is_limit = not has_budget
        self._has_month = has_month or has_budget
        self.set_class(self._has_month, "with-month")
        self._names = tuple(names)
        self._statuses: dict[str, PoolStatus] = {}
        self._now: datetime | None = None
        self._reset: timedelta | None = None

    def show(
        self,
        pool_statuses: Sequence[PoolStatus],
        now: datetime,
        until_reset: timedelta | None,
        month: Month | None = None,
        settings: AdminSettings = NO_SETTINGS,
        *,
        are_costs_refused: bool = False,
    ) -> None:
        """Show these pools (none: not read yet), how long until they are full again (None: never), and the month.

        Without a budget of the user's own, the month stands beside the spend limit in the settings, if there is one.
        """
        self._month, self._settings, self._are_costs_refused = month, settings, are_costs_refused
        self._statuses = {each.pool.name: each for each in pool_statuses}
        self._now, self._reset = now.replace(second=0, microsecond=0), until_reset
        self.draw()

    def unread(self, width: int) -> list[str]:
        """Return the lines as they are before anything is read."""
        names = [f"{POOL_GLYPHS[name]} {name}" for name in self._names]
        if self.size.height == 1:
            return ["".join(f" {name} {_UNREAD} " for name in names)[:width]]
        rows = [*names, _MONTH] if self._has_month else names
        return _lines([_Words(name, (_UNREAD,)) for name in rows], width).plain.split("\n")

    def fitted(self, width: int) -> Content | None:
        """Return the gauges as wide as there is room."""
        if self._now is None:
            return None
        return self._brief(width) if self.size.height == 1 else _lines(tuple(self._rows(self._now)), width)

    def _rows(self, now: datetime) -> Iterator[_Row | _Words]:
        for name in self._names:
            label = f"{POOL_GLYPHS[name]} {name}"
            status = self._statuses.get(name)
            if status is None:
                yield _Words(label, (_UNREAD,))
            else:
                yield _of_pool(label, status, now, stands_still=self._reset is None)
        if self._month is not None and self._month.budget is not None:
            yield _of_month(self._month, now, self._settings, is_limit=self._is_limit)
        elif self._has_month:
            unknown = ("costs cannot be read",) if self._are_costs_refused else (_UNREAD,)
            yield _Words(_MONTH, unknown if self._month is None else _without_limit(self._month))

    def _brief(self, width: int) -> Content:
        """Return all pools on one line; what does not fit is left out whole: the reset, the month, what is left."""
        for is_reset_said, is_month_said, is_left_said in (
            (True, True, True), (False, True, True), (False, False, True), (False, False, False),
        ):  # fmt: skip
            bar = Content()
            for name in self._names:
                bar = bar.append_text(f" {POOL_GLYPHS[name]} {name} ", "bold")
                status = self._statuses.get(name)
                bar = bar.append(_brief(status, with_left=is_left_said))
            if is_month_said and self._month is not None and self._month.percent is not None:
                bar = bar.append_text(" $ ", "bold").append_text(f"{self._month.percent}% ", theme.MUTED)
            if is_reset_said and self._reset is not None:
                bar = bar.append_text(f" {formatting.duration(self._reset)}", theme.MUTED)
            if bar.cell_length <= width:
                break
        return bar


def _lines(rows: Sequence[_Row | _Words], width: int) -> Content:
    """Return the rows under each other, all gauges equally long; money has columns of its own."""
    names = max(len(row.name) for row in rows) + 2
    known = [row for row in rows if isinstance(row, _Row)]
    beside: dict[str, list[str]] = {}
    cells = width
    for group in ([row for row in known if row.is_money], [row for row in known if not row.is_money]):
        if group:
            room, words = _beside(group, width - names - 1, _LEAST_GAUGE[width >= _ROOMY])
            cells = min(cells, room)
            beside.update(zip((row.name for row in group), words, strict=True))
    lines = []
    for row in rows:
        if isinstance(row, _Words):
            said = next((form for form in row.forms if len(form) <= width - names), row.forms[-1])
            lines.append(Content.assemble((f" {row.name:<{names - 1}}", "bold"), (said, theme.FAINT)))
            continue
        line = Content.styled(f" {row.name:<{names - 1}}", "bold")
        line = line.append(
            gauge(max(cells, 1), row.used, row.colour, pace=row.pace, projected=row.projected, marks=row.marks)
        )
        for part, each in enumerate(beside[row.name]):
            line = line.append_text(each, _style(part, row.colour))
        lines.append(line.rstrip())
    return Content("\n").join(lines)


def _beside(rows: Sequence[_Row], room: int, least: int) -> tuple[int, list[list[str]]]:
    """Return the cells that are left for a gauge, and the words beside each, one under the other."""
    forms: dict[int, int | None] = dict.fromkeys(range(_RATE + 1), 0)
    for part, form in ((_USED, 0), *_STEPS):
        forms[part] = form
        said = [[_said(row, part, form) for part, form in forms.items()] for row in rows]
        widths = [max(len(words[part]) for words in said) for part in forms]
        cells = room - sum(each + 2 for each in widths if each)
        if cells >= least:
            break
    return cells, [
        [
            f"  {each:{'>' if part in {_PERCENT, _LEFT} else '<'}{widths[part]}}" if widths[part] else ""
            for part, each in enumerate(words)
        ]
        for words in said
    ]


def _said(row: _Row, part: int, form: int | None) -> str:
    forms = row.parts[part]
    return "" if form is None or not forms else forms[min(form, len(forms) - 1)]


def _style(part: int, colour: str) -> str:
    return f"bold {colour}" if part in {_PERCENT, _WORD} else "" if part == _USED else theme.MUTED


def _of_pool(name: str, status: PoolStatus, now: datetime, *, stands_still: bool) -> _Row:
    """Return the gauge of a pool. What stands still, a file that was saved, goes nowhere."""
    pool, forecast = status.pool, status.forecast
    limit, mark = pool.limit.tokens, "?" if pool.limit.source == "assumed" else ""
    used = tuple(f"{number(pool.free)} / {number(limit)}{mark}" for number in (formatting.full, formatting.short))
    left = f"{formatting.short(pool.eligible_billed)} billed"
    if pool.measured:
        doubt = " at most" if pool.partial else " est." if pool.left_is_estimate else ""
        left = f"{formatting.short(pool.left)} left{doubt}"
    word, rate = _words(status)
    is_moving = not stands_still and pool.measured
    goes_on = is_moving and not pool.spent and forecast.projected_percent is not None
    return _Row(
        name,
        OUTLOOKS[status.outlook],
        pool.free / limit,
        ((percent(pool),), (word,), used, (left,), () if stands_still and not pool.spent else rate),
        pace=share_of_day(max(forecast.through or now, midnight(now))) if is_moving else None,
        projected=(forecast.projected_percent or 0) / 100 if goes_on else None,
    )


def _words(status: PoolStatus) -> tuple[str, tuple[str, ...]]:
    """Return the outlook in a word, since it must not rest on colour alone, and the rate from its longest form on."""
    pool, forecast = status.pool, status.forecast
    if pool.spent:
        since = pool.stuck_since
        marked = "est. " if pool.partial else ""  # else it stands before it, behind what is left
        return "spent", () if since is None else (f"{marked}since {since:%H:%M} UTC",)
    if not pool.measured:
        return "nothing free", ("not enrolled, or not shared",)
    if forecast.pace is None or forecast.sustainable is None:
        return "", ("pace not known yet",)
    rate = f"est. {formatting.short(forecast.pace)}/min"
    return status.outlook.value, (f"{rate}, may use {formatting.short(forecast.sustainable)}/min", rate)


def _without_limit(month: Month) -> tuple[str, ...]:
    """Return what is said of a month where nobody knows a limit."""
    so_far = f"{'at least ' if month.at_least else ''}{dollars(month.so_far)} so far"
    expected = "" if month.expected is None else f", est. {dollars(month.expected)} at its end"
    return f"{so_far}{expected}; no limit is known", f"{so_far}{expected}", so_far


def _of_month(month: Month, now: datetime, settings: AdminSettings, *, is_limit: bool) -> _Row:
    """Return how much of the month's budget or limit is spent, and how much will be; with marks at the alerts."""
    budget, expected = month.budget or NOTHING, month.expected
    whole = budget or 1
    is_over, will_be = month.so_far > budget, expected is not None and expected > budget
    is_refused = settings.spend_limit is not None and settings.spend_limit.enforced
    word = "over" if is_over else "will be over" if will_be else "lasts" if expected is not None else ""
    colour = theme.ERROR if is_over or is_refused else theme.WARNING if will_be else theme.GOOD
    least = "at least " if month.at_least else ""
    at_the_end = () if expected is None else (f"est. {dollars(expected)} at its end", f"est. {dollars(expected)}")
    used = f"{least}{dollars(month.so_far)} / {dollars(budget)}"
    of_what = (f"{used} limit", used) if is_limit else (used,)
    return _Row(
        _MONTH,
        colour if expected is not None or is_over or is_refused else theme.MUTED,
        float(max(month.so_far, NOTHING) / whole),
        (
            () if month.percent is None else (f"{month.percent}%",),
            ("requests refused",) if is_refused else (word,),
            of_what,
            (f"{dollars(max(budget - month.so_far, NOTHING))} left",),
            at_the_end,
        ),
        pace=share_of_month(now),
        projected=None if expected is None else float(expected / whole),
        marks=tuple(float(amount / whole) for amount in settings.alerts) if is_limit else (),
        is_money=True,
    )


def _brief(status: PoolStatus | None, *, with_left: bool) -> Content:
    """Return a pool in a few words."""
    if status is None:
        return Content.styled("not read yet", theme.FAINT)
    pool = status.pool
    mark = BEYOND if status.outlook is Outlook.RUNS_OUT else ""  # it must not rest on colour alone
    said = Content.styled(f"{percent(pool)}{mark}", f"bold {OUTLOOKS[status.outlook]}")
    if pool.spent:
        return said.append_text(" spent ", f"bold {theme.ERROR}")
    state = f"{formatting.short(pool.left)} left"
    if not pool.measured:
        state = f"free, {formatting.short(pool.eligible_billed)} billed"
    return said.append_text(f" {state} " if with_left else " ", theme.MUTED)
