"""What is forgotten now and then, so that a long life takes no more memory than a short one."""

from __future__ import annotations

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

from tui.ui import gc_tuning


def test_styles_that_name_a_cell_are_not_kept_for_every_cell_that_there_was():
    for row in range(50):
        Strip.render_ansi(Style(color="red", meta={"row": row, "column": 1}), ColorSystem.TRUECOLOR)
    assert Strip.render_ansi.cache_info().currsize >= 50
    gc_tuning.seldom()
    assert Strip.render_ansi.cache_info().currsize == 0
