"""When Python looks for garbage: not while the program is loaded, nor again and again in what stays.

Its own way looks through everything whenever that has grown by a quarter. Rows hold no garbage, and where hundreds of
thousands of them arrive, keys would wait for it for a fifth of a second, dozens of times.
"""

from __future__ import annotations

import gc

from tui.domain.source import Page

_MANY = 2_000


def begin() -> None:
    """Take all that was made until the first frame for what stays; it was made without looking for garbage."""
    gc.freeze()
    gc.enable()


def arrived(page: Page) -> None:
    """Take what there is for what stays, where many rows arrived, except for what is garbage now."""
    if sum(len(bucket.rows) for bucket in page.buckets) > _MANY:
        gc.collect()
        gc.freeze()
