"""What lines can be ordered by, in words."""

from __future__ import annotations

from tui.domain.kinds import Kind
from tui.domain.metrics import metrics
from tui.domain.view import LARGEST_FIRST, NAME, Order, View


def choices(kind: Kind) -> tuple[tuple[str, str], ...]:
    """Return names of orders, and their words; the usual one first."""
    numbers = [(name, each.words or _words(name, each.unit)) for name, each in metrics(kind).items()]
    numbers.sort(key=lambda item: item[0] != LARGEST_FIRST.by)
    return (*numbers, (NAME, "name"))


def marked(view: View) -> tuple[tuple[str, str], ...]:
    """Return what can be chosen, with its direction at the order that holds: choosing that again reverses it."""
    return tuple(
        (name, f"{words} · {_direction(view.order)}" if name == view.order.by else words)
        for name, words in choices(view.kind)
    )


def _direction(order: Order) -> str:
    if order.by == NAME:
        return "from the beginning" if order.ascending else "from the end"
    return "smallest first" if order.ascending else "largest first"


def _words(name: str, unit: str) -> str:
    return name if name == unit or not unit else f"{name} {unit}"


def title(view: View) -> str:
    """Return what stands over the table: what is counted, and how its lines are ordered, unless as ever."""
    what = "Usage" if view.kind is Kind.COMPLETIONS else view.kind.description.words.capitalize()
    order: Order = view.order
    words = dict(choices(view.kind))
    if order == LARGEST_FIRST or order.by not in words:
        return what
    if order.by == NAME:
        return f"{what}, by name{'' if order.ascending else ', from the end'}"
    return f"{what}, {'smallest' if order.ascending else 'largest'} {words[order.by]} first"
