"""The line that says how fresh the data are, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.text import Text
from textual.widgets import Static

from tui.domain import humanize, text
from tui.domain.pools import PoolDay
from tui.domain.window import until_reset
from tui.report.pools import unlisted
from tui.session.run import Run
from tui.session.state import State
from tui.ui import theme


def words(state: State, run: Run, now: datetime, pools: Sequence[PoolDay]) -> Text:
    """Return the state of the data in words, each with a glyph beside its colour."""
    if state.progress is not None:
        done, whole = state.progress
        line = Text(" ").append(f"◌ loading {done} of {humanize.count(whole, 'day')}", theme.INPUT)
        return line.append(", Esc stops", theme.DIM)
    line = Text(" ").append_text(_age(state, run, now)).append_text(_gaps(state, run))
    if not run.stands_still:
        line.append(f" · resets in {humanize.duration(until_reset(now))}", theme.QUIET)
    for pool in pools[:1]:
        if pool.unlisted:
            line.append(f" · ! {unlisted(pool)}", theme.WARNING)
    if any(pool.limit.source == "assumed" for pool in pools):
        line.append(" · ? limit assumed", theme.DIM)
    return line


def _age(state: State, run: Run, now: datetime) -> Text:
    """Return when the data were read, or why they could not be."""
    fetched_at, has_data = state.snapshot.fetched_at, bool(state.snapshot.report.buckets)
    if state.failure is not None:
        line = Text().append(f"✗ failed {humanize.clock(state.failure.at)} UTC", f"bold {theme.ERROR}")
        line.append(f"  {text.inert(state.failure.sentence)}")
        if fetched_at is not None:
            line.append(f" · what is older is of {humanize.clock(fetched_at)} UTC", theme.QUIET)
        return line
    if run.stands_still and has_data:
        return (
            Text().append("✓", theme.GOOD).append(f" replayed, as of {humanize.day(now)} {humanize.clock(now)} UTC")
        )
    if fetched_at is not None:
        line = Text().append("✓", theme.GOOD).append(f" read {humanize.clock(fetched_at)} UTC")
        return line.append_text(_reach(state, now))
    return Text("… partly read, r reads the rest" if has_data else "… nothing read yet, r reads", theme.DIM)


def _gaps(state: State, run: Run) -> Text:
    """Return what is missing, and what the API did wrong."""
    line, snapshot = Text(), state.snapshot
    unread = len(snapshot.report.unread())
    if unread:
        line.append(f" · ! {humanize.count(unread, 'day')} not read", theme.WARNING)
    if snapshot.evidence is not None and not snapshot.evidence.complete and not run.stands_still:
        line.append(" · ! only a part of today's pools could be read", theme.WARNING)
    for warning in snapshot.warnings:
        line.append(f" · ! {text.inert(warning)}", theme.WARNING)
    return line


def _reach(state: State, now: datetime) -> Text:
    """Return how far the data reach: the API counts minutes late."""
    evidence = state.snapshot.evidence
    through = None if evidence is None else evidence.through(now)
    if through is None:
        return Text()
    behind = humanize.duration(now - through)
    return Text(f" · data through {through:%H:%M} ({behind} behind)", theme.QUIET)


class StateLine(Static):
    """Shows the state of the data; grows where there is more to say."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._text = Text()

    def show(self, state: State, run: Run, now: datetime, pools: Sequence[PoolDay]) -> None:
        """Say how it stands."""
        line = words(state, run, now, pools)
        if line != self._text:
            longest = max(line.cell_len, self._text.cell_len)
            self._text = line
            self.update(line, layout=longest > self.size.width)  # else it is one row, as before
