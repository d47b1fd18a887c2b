"""Parts of a whole in percent, rounded to the nearest; 0 and 100 only where that is exact.

What fills up, a pool for one, is rounded down instead: it must not look full before it is.
"""

from __future__ import annotations


def whole(part: int, of: int) -> int:
    """Return the part in whole percent."""
    return _rounded(part, of, 100)


def tenths(part: int, of: int) -> float:
    """Return the part in percent to one decimal."""
    return _rounded(part, of, 1000) / 10


def _rounded(part: int, of: int, steps: int) -> int:
    """Return how many of so many steps the part is; halves are rounded up."""
    nearest = (2 * part * steps + of) // (2 * of)
    if 0 < part < of:
        return min(max(nearest, 1), steps - 1)
    return nearest
