"""The last screen says of when it is, and is of the UTC day that it was drawn on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.support.builders import NOW, source
from tests.support.dashboard import dashboard
from tui.domain.time import DAY, midnight
from tui.ui.last_screen import LastScreen, last_screen
from tui.ui.terminal.canvas import Canvas


async def kept_after(later: timedelta, *, is_drawn: bool) -> LastScreen | None:
    """What is kept of a paused dashboard that read all at `NOW`, so much later."""
    times = [NOW]
    async with dashboard(source(), clock=lambda: times[-1], live=None) as board:
        await board.settle()
        times.append(NOW + later)
        if is_drawn:
            board.screen._show_time()
        return last_screen(board.screen, Canvas(*board.app.size), is_ascii=False)


def said(frame: str) -> set[str]:
    return set(re.findall(r"as of ([\w :]+), starting", re.sub(r"\x1b\[(\d*)C", " ", frame)))


@pytest.mark.parametrize("is_drawn", [True, False])
async def test_it_says_when_what_it_shows_was_read_and_not_when_it_was_kept(is_drawn):
    found = await kept_after(timedelta(hours=3), is_drawn=is_drawn)
    assert found is not None
    assert said(found.today) == {f"{NOW:%H:%M}"}
    assert said(found.later) == {f"{NOW:%a %d %b %H:%M}"}


async def test_left_just_after_midnight_it_is_of_the_day_that_was_drawn():
    found = await kept_after(midnight(NOW) + DAY + timedelta(seconds=1) - NOW, is_drawn=False)
    assert found is not None
    assert midnight(found.drawn_at) == midnight(NOW)


async def test_what_was_read_on_another_day_says_so_on_the_day_that_it_is_shown():
    found = await kept_after(DAY, is_drawn=True)
    assert found is not None
    assert midnight(found.drawn_at) == midnight(NOW) + DAY
    assert said(found.today) == {f"{NOW:%a %d %b %H:%M}"}
