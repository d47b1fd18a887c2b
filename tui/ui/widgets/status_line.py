"""The line that says how fresh the data are, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from functools import partial

from textual import events
from textual.content import Content
from textual.widgets import Static

from tui.domain import formatting, sanitize
from tui.domain.pools import PoolDay
from tui.domain.time import DAY, PIECE_DAYS, until_reset
from tui.engine.level import Failure, Level
from tui.engine.session import Session
from tui.engine.state import State
from tui.errors import InternalError
from tui.output.gaps import rows_left_out
from tui.output.pools import unlisted
from tui.ui import theme
from tui.ui.blocks import BLOCKS_ACROSS

_BAR = 16
"""Cells of the bar of a long load."""

_SOON = timedelta(seconds=1)
"""What takes no longer than this is shown by a glyph."""

_LONG = timedelta(seconds=10)
"""An answer that takes longer than this is worth a word."""

_NONE = timedelta(0)
_WORTH_SAYING = timedelta(minutes=1)
"""A clock that is this far off is worth knowing of."""


LEAST_FIRST = ("assumed", "behind", "through", "resets")
"""What is left out, in this order, so that the state needs no second row: none of it is about anything wrong."""


def fitted(state: State, session: Session, now: datetime, pools: Sequence[PoolDay], key: str, width: int) -> Content:
    """Return the state of the data in so many cells, or in more where there is more to say of what is wrong."""
    for count in range(len(LEAST_FIRST) + 1):
        line = words(state, session, now, pools, key, frozenset(LEAST_FIRST[:count]))
        if line.cell_length <= width:
            break
    return line


_BETWEEN = " · "


def in_rows(line: Content, width: int) -> Content:
    """Return the line in rows that begin with a whole part, where that needs no more of them."""
    rows: list[Content] = []
    for part in line.split(_BETWEEN):
        if rows and rows[-1].cell_length + len(_BETWEEN) + part.cell_length <= width:
            rows[-1] = Content.assemble(rows[-1], (_BETWEEN, theme.FAINT), part)
        else:
            rows.append(Content(" ").append(part) if rows else part)
    needed = sum(len(row.wrap(width)) for row in rows)
    return Content("\n").join(rows) if needed <= len(line.wrap(width)) else line


def words(
    state: State,
    session: Session,
    now: datetime,
    pools: Sequence[PoolDay],
    key: str,
    left_out: AbstractSet[str] = frozenset(),
) -> Content:
    """Return the state of the data in words, each with a glyph beside its colour; `key` refreshes."""
    level = state.basis
    loading = next((each for each in state.levels if each.loading is not None and not each.loading.quiet), None)
    # A short reading of what is there already changes a glyph: over SSH, each changed cell is sent.
    is_short = loading is not None and loading.fresh and _count(loading) <= PIECE_DAYS
    if loading is not None and loading.progress is not None and loading.fresh and now - _since(loading) >= _SOON:
        line = Content(" ").append_text("◌ reading again", theme.MUTED).append_text(", Esc stops", theme.FAINT)
        return line.append_text(_known(loading)).append(_waiting(loading, now))
    if loading is not None and loading.progress is not None and not is_short:
        line = Content(" ").append(_progress(*loading.progress, loading.width.noun))
        return line.append_text(_old(level, now), theme.WARNING).append(_waiting(loading, now))
    age = _age(state, session, now, key, left_out)
    if is_short and state.timer is not None:
        age = Content("◌" + age.plain[1:], list(age.spans))  # in the colours of what it stands for
    line = Content(" ").append(age).append(_gaps(state, session))
    if not session.is_static and "resets" not in left_out:
        line = line.append_text(f" · resets in {formatting.duration(until_reset(now))}", theme.MUTED)
    for pool in pools[:1]:
        if pool.unlisted:
            line = line.append_text(f" · ! {unlisted(pool)}", theme.WARNING)
    if "assumed" not in left_out and any(pool.limit.source == "assumed" for pool in pools):
        line = line.append_text(" · ? limit assumed", theme.FAINT)
    return line


def _known(level: Level) -> str:
    return "" if level.fetched_at is None else f" · read {formatting.clock(level.fetched_at)} UTC"


def _waiting(level: Level, now: datetime) -> Content:
    """Return since when an answer is waited for, where that is long."""
    if level.loading is None or now - level.loading.since < _LONG:
        return Content()
    return Content.styled(f" · waiting for an answer since {formatting.clock(level.loading.since)}", theme.WARNING)


def _count(level: Level) -> int:
    return sum(1 for _ in level.report.window.starts())


def _since(level: Level) -> datetime:
    return datetime.min.replace(tzinfo=UTC) if level.loading is None else level.loading.since


def _progress(done: int, whole: int, noun: str) -> Content:
    """Return how much of a load is done: as a bar, where there is much."""
    line = Content().append_text("◌ loading ", theme.MUTED)
    if whole > PIECE_DAYS:
        cells, part = divmod(done * _BAR * 8 // whole, 8)
        bar = "█" * cells + (BLOCKS_ACROSS[part] if part else "")
        filled = (f"{bar:<{_BAR}}", f"{theme.MUTED} {theme.ON_TRACK}")
        line = Content.assemble(line, ("▕", theme.FAINT), filled, ("▏ ", theme.FAINT))
    return line.append_text(f"{done} of {formatting.count(whole, noun)}", theme.MUTED).append_text(
        ", Esc stops", theme.FAINT
    )


def _old(level: Level, now: datetime) -> str:
    """Return of when the data are, where they are the archive's."""
    if level.fresh or level.fetched_at is None:
        return ""
    age = formatting.duration(now - level.fetched_at)
    return f" · as read {formatting.day(level.fetched_at)} {formatting.clock(level.fetched_at)} UTC ({age} ago)"


def _age(state: State, session: Session, now: datetime, key: str, left_out: AbstractSet[str]) -> Content:
    """Return whether the data renew themselves, when they were read, or why they could not be."""
    level = state.basis
    has_data = bool(level.report.buckets)
    if session.is_static and has_data and level.failure is None:
        return (
            Content()
            .append_text("✓", theme.GOOD)
            .append_text(f" replayed, as of {formatting.day(now)} {formatting.clock(now)} UTC")
        )
    if level.failure is not None or state.days.failure is not None:
        return _failed(state, level.failure or state.days.failure, now)
    line = _rhythm(state, session)
    if level.fetched_at is None:
        return line.append_text(_nothing(level, session, key, has_data=has_data), theme.FAINT)
    if not level.fresh:
        return line.append_text(_old(level, now).removeprefix(" · "), theme.WARNING)
    line = line.append_text(f"read {formatting.clock(level.fetched_at)} UTC")
    return line.append(_waiting(state.days, now) or _reach(state, now, left_out))


def _nothing(level: Level, session: Session, key: str, *, has_data: bool) -> str:
    if session.offline:
        return "nothing of this is kept"
    if has_data:
        return f"partly read, {key} reads the rest"
    return f"nothing read yet, {key} reads" if level.stopped or level.missing else "…"


def _rhythm(state: State, session: Session) -> Content:
    """Return whether and how often the data renew themselves."""
    timer = state.timer
    if session.offline:
        return Content().append_text("⊘ offline", f"bold {theme.WARNING}").append_text(" · ")
    if timer is None:
        return Content()
    if not timer.on:
        return (
            Content()
            .append_text("‖ paused", f"bold {theme.WARNING}")
            .append_text(f" (every {timer.every} s) · ", theme.FAINT)
        )
    if timer.asleep:
        return Content().append_text("‖ paused without focus", f"bold {theme.WARNING}").append_text(" · ")
    return Content().append_text("●", theme.GOOD).append_text(f" live, every {timer.every} s · ")


def _failed(state: State, failure: Failure | None, now: datetime) -> Content:
    """Return what went wrong, when it is tried again, and since when the data are stale."""
    if failure is None:
        return Content()
    line = Content().append_text(f"✗ failed {formatting.clock(failure.at)} UTC", f"bold {theme.ERROR}")
    poll = None if state.timer is None else state.timer.until
    if poll is not None:
        until = max(poll, failure.until or poll)
        line = line.append_text(f", backing off until {formatting.clock(until)}", theme.WARNING)
    line = line.append_text(f"  {sanitize.clean(failure.sentence)}")
    fetched_at = state.basis.fetched_at
    if fetched_at is not None:
        day = "" if now - fetched_at < DAY else f"{formatting.day(fetched_at)} "
        line = line.append_text(f" · stale since {day}{formatting.clock(fetched_at)} UTC", theme.MUTED)
    return line


def _gaps(state: State, session: Session) -> Content:
    """Return what is missing, and what went wrong."""
    return _unread(state).append(_wrong(state, session))


def _unread(state: State) -> Content:
    """Return what of the level that is seen is not there."""
    line, snapshot, level = Content(), state.snapshot, state.basis
    unread = len(level.report.unread()) - len(level.awaited)
    is_begun = level.fetched_at is not None or level.report.buckets or level.failure or level.missing or level.stopped
    if unread and is_begun:
        line = line.append_text(f" · ! {formatting.count(unread, level.width.noun)} not read", theme.WARNING)
    missing = level.missing or state.days.missing
    if missing is not None and level.failure is None:
        line = line.append_text(f" · ! {sanitize.clean(missing.sentence)}", theme.WARNING)
        if state.timer is not None:
            line = line.append_text(f" Asked again at {formatting.clock(missing.again)}.", theme.FAINT)
    if level.report.not_kept:
        gone = formatting.count(len(level.report.not_kept), level.width.noun)
        line = line.append_text(f" · {gone} not kept by the API", theme.FAINT)
    left_out = rows_left_out(level.report.buckets.values(), level.width)
    if left_out is None and snapshot.pool_inputs is not None:
        left_out = rows_left_out([snapshot.pool_inputs.today])
    if left_out is not None:
        line = line.append_text(f" · ! {left_out}", theme.WARNING)
    return line


def _wrong(state: State, session: Session) -> Content:
    """Return what is wrong with the pools, the answers and the clock."""
    line, snapshot = Content(), state.snapshot
    pools_read_at = state.pools_read_at
    if pools_read_at is not None:
        line = line.append_text(f" · ! pools as read {formatting.clock(pools_read_at)} UTC", theme.WARNING)
    elif snapshot.pool_inputs is not None and not snapshot.pool_inputs.complete and not session.is_static:
        line = line.append_text(" · ! only a part of today's pools could be read", theme.WARNING)
    for sentence in snapshot.notes.all:
        line = line.append_text(f" · ! {sanitize.clean(sentence)}", theme.WARNING)
    ahead = session.ahead()
    if abs(ahead) >= _WORTH_SAYING:
        where = "ahead of" if ahead > _NONE else "behind"
        off = formatting.duration(abs(ahead) + _WORTH_SAYING / 2)  # rounded to minutes
        line = line.append_text(f" · ! this machine's clock is {off} {where} the API's", theme.WARNING)
    return line


def _reach(state: State, now: datetime, left_out: AbstractSet[str]) -> Content:
    """Return how far the data reach: the API counts minutes late."""
    pool_inputs = state.snapshot.pool_inputs
    through = None if pool_inputs is None else pool_inputs.through(now)
    if through is None or "through" in left_out:
        return Content()
    behind = "" if "behind" in left_out else f" ({formatting.duration(now - through)} behind)"
    return Content.styled(f" · data through {through:%H:%M}{behind}", theme.MUTED)


class StatusLine(Static):
    """Shows the state of the data; grows where there is more to say."""

    def __init__(self, key: str, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._key = key
        self._text = Content()
        self._show_again: Callable[[], None] | None = None

    def on_resize(self, _: events.Resize) -> None:
        """Use the new width: what has no room in it is left out at once, and not with the next second."""
        if self._show_again is not None:
            self._show_again()

    def show(
        self,
        state: State,
        session: Session,
        now: datetime,
        pools: Sequence[PoolDay],
        fault: InternalError | None = None,
    ) -> None:
        """Say how it stands; a fault of our own stands before all else."""
        self._show_again = partial(self.show, state, session, now, pools, fault)
        width = self.size.width or self.app.size.width
        line = fitted(state, session, now, pools, self._key, width)
        if fault is not None:
            line = (
                Content(" ").append_text(f"✗ {sanitize.clean(fault.sentence)} ·", f"bold {theme.ERROR}").append(line)
            )
        if line.cell_length > width:
            line = in_rows(line, width)
        if not line.is_same(self._text):
            longest = max(line.cell_length, self._text.cell_length)
            self._text = line
            self.update(line, layout=longest > self.size.width)  # else it is one row, as before
