"""What stands on the terminal before the application does: it is taken over, and not drawn again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standing:
    """A frame on the terminal's other screen, which has been entered.

    `frame` is what was printed, `size` are the columns and rows of then, and `line` the settings of the terminal's
    line before. Who calls `take_over` gives the terminal back at the end, unless it returns False: then nothing
    stands any more. `give_back` does so at once.
    """

    frame: str
    size: tuple[int, int]
    line: list[object]
    take_over: Callable[[], bool]
    give_back: Callable[[], object]
