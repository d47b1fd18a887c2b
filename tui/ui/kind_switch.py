"""From one kind of usage to another: what the other one does not know is as it is usually, until the way back."""

from __future__ import annotations

from dataclasses import replace

from tui.domain.dimensions import Grouping, dimensions_of, usual
from tui.domain.kinds import Kind
from tui.domain.view import LARGEST_FIRST, View
from tui.ui import sorting

Only = tuple[tuple[str, str], ...]


class KindSwitch:
    """Remembers the breakdown that a kind of usage does not have, for the next one that has it.

    Of what was asked for at the start, `only` what a kind knows is looked for.
    """

    def __init__(self, only: Only) -> None:
        self._only = only
        self._wanted: Grouping | None = None

    def changed(self, view: View, kind: Kind) -> View:
        """Return the view of another kind of usage."""
        if kind is view.kind:
            return view
        is_forced = self._wanted is not None and view.grouping == usual(view.kind)
        wanted = self._wanted if is_forced and self._wanted else view.grouping
        other = _of_kind(view, kind, wanted, self._only)
        self._wanted = wanted if other.grouping != wanted else None
        return other


def _of_kind(view: View, kind: Kind, grouping: Grouping, only: Only) -> View:
    known = dimensions_of(kind)
    fits = all(name in known for name in grouping.dimensions)
    is_ordered = view.order.by in dict(sorting.choices(kind))
    return replace(
        view,
        kind=kind,
        grouping=grouping if fits else usual(kind),
        order=view.order if is_ordered else LARGEST_FIRST,
        only=tuple((name, value) for name, value in only if name in known),
    )
