"""The year: a calendar of its days, the day under the cursor in full, and what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from textual import events
from textual.content import Content

from tui.domain import formatting, sanitize
from tui.domain.costs import Costs
from tui.domain.standouts import StandOuts
from tui.domain.time import DAY, Window, midnight
from tui.domain.usage import Report
from tui.domain.year import Day, Gap, Measure, Scale, days_of, month_away, place_of, totals
from tui.engine import plan
from tui.engine.engine import Engine
from tui.engine.events import CostsWanted
from tui.engine.standouts import KnownStandOuts
from tui.engine.state import State
from tui.engine.store import Store
from tui.output import standouts
from tui.output import year as report
from tui.output.spans import Spans, Tone
from tui.ui import theme
from tui.ui.tones import coloured, coloured_lines
from tui.ui.views.calendar import HEIGHT, STYLES, Calendar
from tui.ui.views.cursor_view import CursorView

_WEEK, _PAGE = 7, 4 * 7
"""Days."""

_TIGHT = 60
"""Columns in which no cell is spared."""

_FEW = 3
"""Lines of what stands out that are worth a heading."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is drawn, put together once for the same buckets and costs."""

    store: Store
    costs: Costs
    report: Report
    days: tuple[Day, ...]
    scales: dict[Measure, Scale]


class YearView(CursorView):
    """Shows what is known of the year at once, and wants the rest to be read until it is told to stop."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(id="year")
        self._engine = engine
        self._stand_outs = KnownStandOuts()
        self._known: _Known | None = None
        self._calendar: Calendar | None = None
        self._listed: list[datetime | None] = []
        self._measure = Measure.TOKENS
        self._cursor: datetime | None = None
        self._is_stopped = False

    def on_mount(self) -> None:
        """Show what is known, and want the rest."""
        self.open()
        super().on_mount()

    def open(self) -> None:
        """Be shown: want what is missing, also where that was stopped before."""
        self._is_stopped = False
        window = plan.year(self._engine.session.clock()).window
        self._engine.dispatch(CostsWanted(window.days_before_last))
        self.post_message(self.Turned())

    def wants_year(self, *, is_shown: bool) -> bool:
        """Return whether days that are missing are to be read: while it is shown, and to the end when it was left."""
        return not self._is_stopped and (is_shown or self.is_reading)

    @property
    def is_reading(self) -> bool:
        """Whether days that are missing are being read."""
        state = self._engine.state
        is_asked = state.buckets_wanted.year and plan.year(self._engine.session.clock()) not in state.buckets_read
        return is_asked and bool(self._of_state().report.unread())

    def follow(self, state: State) -> None:
        """Show what was learned meanwhile, days that were read among it."""
        if self._known is None or self._known.store is not state.store:
            self.learn(state)
        else:
            super().follow(state)

    def stop(self) -> bool:
        """Want no more days, and return whether any were being read."""
        if not self.is_reading or self._is_stopped:
            return False
        self._is_stopped = True
        return True

    def resume(self) -> None:
        """Want what is missing again."""
        self._is_stopped = False

    @property
    def day(self) -> datetime:
        """The day under the cursor: today, unless it was moved."""
        today = midnight(self._engine.session.clock())
        return today if self._cursor is None else max(self._window.start, min(self._cursor, today))

    @property
    def _window(self) -> Window:
        return plan.year(self._engine.session.clock()).window

    def go_to(self, day: datetime) -> None:
        """Put the cursor on this day, or the nearest that is there; today, it goes along with the date."""
        today = midnight(self._engine.session.clock())
        self._cursor = None if day >= today else max(self._window.start, day)
        self.draw()

    def move(self, lines: int) -> None:
        """Move the cursor by so many days."""
        self.go_to(self.day + lines * DAY)

    def move_weeks(self, weeks: int) -> None:
        """Move the cursor by so many weeks, where there are as many."""
        day = self.day + weeks * _WEEK * DAY
        if day in self._window:
            self.go_to(day)

    def page(self, by: int) -> None:
        """Move the cursor by so many times four weeks."""
        self.go_to(self.day + by * _PAGE * DAY)

    def to_end(self, *, newest: bool) -> None:
        """Move the cursor to today, or to the first day."""
        self.go_to(self._window.end if newest else self._window.start)

    def leap(self, *, later: bool) -> None:
        """Move the cursor to the same day of the next month, or of the one before."""
        self.go_to(month_away(self.day, 1 if later else -1))

    def turn(self) -> None:
        """Show the next measure."""
        self._measure = self._measure.next
        self.draw()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor on the day that was clicked, in the calendar or in the list."""
        answer = self.query_one("#answer").region
        x, y = event.screen_x - answer.x, event.screen_y - answer.y
        day = None if self._calendar is None else self._calendar.day_at(int(x), int(y))
        if day is None and 0 <= y < len(self._listed):
            day = self._listed[int(y)]
        if day is not None:
            self.go_to(day)

    def drawn(self, width: int) -> Content:
        """Return the calendar and, as far as there is room, what is to be said of it."""
        session, state, measure = self._engine.session, self._engine.state, self._measure
        known, window, day = self._of_state(), self._window, self.day
        before = -1 if self._calendar is None else self._calendar.first
        calendar = self._calendar = Calendar.fitting(window, width, place_of(window, day)[0], before)
        self._entitle(calendar.days(known.days))
        found = self._stand_outs.of(state, session.clock())
        rows = calendar.drawn(known.days, known.scales[measure], measure, day, found)
        rows += self._said(known, calendar, found, width).split("\n", allow_blank=True)
        self._listed = []
        self._add_list(rows, found, width)
        return Content("\n").join(rows[: self.size.height])

    def _entitle(self, shown: Sequence[Day]) -> None:
        """Say on the frame which days are shown, and the measure among those that there are."""
        place = " (demo)" if self._engine.session.place == "demo" else ""
        first, last = shown[0].start, shown[-1].start
        begins = f"{first:%b %Y}" if first.year != last.year else f"{first:%b}"
        measures = " ".join(f"[{each.value}]" if each is self._measure else each.value for each in Measure)
        self.entitle(f"Year{place} ─ {begins} to {last:%b %Y} ─ {measures}")

    def _of_state(self) -> _Known:
        """Return what is known of the year."""
        state, now = self._engine.state, self._engine.session.clock()
        query, known = plan.year(now), self._known
        is_same = known is not None and known.store is state.store and known.costs is state.costs
        if known is None or not is_same or known.report.window != query.window:
            found = state.store.fine(query)
            days = days_of(found, state.costs, now)
            scales = {measure: Scale.of(each.amount(measure) for each in days) for measure in Measure}
            known = self._known = _Known(state.store, state.costs, found, days, scales)
        return known

    def _said(self, known: _Known, calendar: Calendar, found: StandOuts, width: int) -> Content:
        """Return what is said under the calendar, what matters most first where there is little room."""
        measure, shown = self._measure, calendar.days(known.days)
        here = known.days[(self.day - known.report.window.start) // DAY]
        gaps = [gap for gap in Gap if any(each.gap_in(measure) is gap for each in shown)]
        room = width - calendar.indent
        legend = report.legend(known.scales[measure], measure, gaps, room)
        about = report.day(here, measure, room)
        more = [report.models(here, room), *report.of_day(found.get(here.start, ()))]
        whole = report.total(totals(shown), calendar.weeks, room)
        progress = self._progress(known)
        if self.size.height - HEIGHT < len(more) + len(progress) + 8:
            rule: list[Spans] = [((f"  {standouts.RULE}", "faint"),)] if here.start in found else []
            lines = [about, *progress, legend, *more, *rule, whole]
        else:
            lines = [legend, (), about, *more, (), whole, *progress]
        inset: Spans = ((" " * calendar.indent, "plain"),)
        return _coloured_signs(coloured_lines([(*inset, *line) for line in lines], width))

    def _progress(self, known: _Known) -> list[Spans]:
        """Return how far the reading has come, or why something is missing."""
        session, state = self._engine.session, self._engine.state
        days = len(known.days)
        missing = len(known.report.unread())
        if self.is_reading:
            return [((f"reading {days - missing} of {days} days, Esc stops", "warning"),)]
        if self._measure is Measure.DOLLARS and state.costs.problem:
            return [((sanitize.clean(state.costs.problem), "warning"),)]
        if self._measure is Measure.DOLLARS and session.cost_source is None:
            return [((f"No costs are known. {session.why_not_asked}".strip(), "warning"),)]
        answer = state.buckets_read.get(plan.year(session.clock()))
        if answer is not None and answer.problem is not None:
            return [((sanitize.clean(answer.problem.sentence), "warning"),)]
        if missing and not session.asks:
            return [((f"{formatting.count(missing, 'day')} not read. {session.why_not_asked}", "warning"),)]
        if missing and self._is_stopped:
            return [((f"stopped: {formatting.count(missing, 'day')} not read, r reads on", "warning"),)]
        return []

    def _add_list(self, rows: list[Content], found: StandOuts, width: int) -> None:
        """Add what stands out up to the cursor's day, the newest first, as far as there is room, and the rules."""
        inset = "" if width <= _TIGHT else " "
        listed = [each for each in standouts.by_day(found) if each[0] <= self.day]
        upto = "" if self._cursor is None else f" up to {self.day:%d %b %Y}"
        title = f"What stands out{upto}" if listed else "Nothing stands out, as far as days are known"
        rule = coloured_lines([((f"{inset}{title}", "strong"),), ((f"{inset}{standouts.RULE}", "faint"),)], width)
        head = [Content(), *rule.split("\n")]
        room = self.size.height - len(rows) - len(head)
        if room < min(_FEW, len(listed)):
            return
        fitting = listed if len(listed) <= room else listed[: room - 1]
        rows += head
        self._listed = [None] * len(rows) + [day for day, *_ in fitting]
        for day, what, when, words in fitting:
            mark = f"{inset}{standouts.MARKS[what]} "
            tone: Tone = "strong" if day == self.day else "muted"
            line = coloured(((mark, "warning"), (f"{when}  ", tone), (words, "plain")))
            rows.append(line.truncate(width, ellipsis=True))
        if len(listed) > len(fitting):
            rows.append(
                Content.styled(f"{inset}  and {len(listed) - len(fitting)} more: go back in time", theme.FAINT)
            )


def _coloured_signs(words: Content) -> Content:
    """Return the words with the signs of levels in the colours that they have in the calendar."""
    plain = words.plain
    for sign, style in zip(report.LEVELS[1:], STYLES[1:], strict=True):
        at = plain.find(sign)
        words = words.stylize(style, at, at + 1) if at >= 0 else words
    return words
