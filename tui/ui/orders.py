"""What models can be ordered by, in words."""

from __future__ import annotations

from tui.domain.view import LARGEST_FIRST, NAME, Order

CHOICES = (
    ("total", "total tokens"),
    ("input", "input tokens"),
    ("output", "output tokens"),
    ("free", "free tokens"),
    ("billed", "billed tokens"),
    ("share", "share of free tokens"),
    ("requests", "requests"),
    (NAME, "name"),
)
"""Names of orders, and their words."""


def title(order: Order) -> str:
    """Return what stands over the table: how its models are ordered, unless as ever."""
    if order == LARGEST_FIRST:
        return "Usage"
    words = dict(CHOICES)[order.by]
    if order.by == NAME:
        return f"Usage, by {words}{'' if order.ascending else ', from the end'}"
    return f"Usage, {'smallest' if order.ascending else 'largest'} {words} first"
