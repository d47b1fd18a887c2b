"""Where Python looks for garbage: not in what the program is made of, and seldom where there are very many rows.

Its own way looks through everything whenever that has grown by a quarter. Rows hold no garbage, and where hundreds of
thousands of them arrive, keys would wait for it for a fifth of a second, dozens of times.
"""

from __future__ import annotations

import gc

from textual.strip import Strip

from tui.domain.usage import Report

_MANY = 20_000
_USUAL = gc.get_threshold()
_NEVER = 1_000_000

SELDOM = 600.0
"""Seconds between two looks through everything, where there are very many rows."""


def begin() -> None:
    """Take all that was made until the first frame for what stays."""
    gc.freeze()


def fit(report: Report) -> None:
    """Look through everything by itself, unless there are very many rows."""
    is_large = sum(len(bucket.rows) for bucket in report.buckets.values()) > _MANY
    gc.set_threshold(*_USUAL[:2], _NEVER if is_large else _USUAL[2])


def seldom() -> None:
    """Look through everything, where that is not done by itself, and forget how cells were once written.

    The style of a table's cell names its row and its column, so Textual would keep up to 16,000 of them.
    """
    Strip.render_ansi.cache_clear()
    if gc.get_threshold()[2] == _NEVER:
        gc.collect()
