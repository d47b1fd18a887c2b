"""The marks of the pools, which stand before models and pools wherever these are listed."""

from __future__ import annotations

from collections.abc import Callable

from tui.domain.catalogue import NO_POOL, UNKNOWN_POOL

POOL_GLYPHS = {"large": "●", "small": "○", NO_POOL: "·", UNKNOWN_POOL: "?"}


def of(dimension: str, name: str, pool_name: Callable[[str | None], str]) -> str:
    """Return the mark of what is called so in a dimension: of a model its pool's; a space where there is no pool."""
    if dimension == "model":
        return POOL_GLYPHS[pool_name(name)]
    return POOL_GLYPHS.get(name, POOL_GLYPHS[NO_POOL]) if dimension == "pool" else " "
