"""What a filter asks for that there is not: a field of another name, a value that nothing has."""

from __future__ import annotations

from collections.abc import Mapping

from tui.domain import sanitize
from tui.domain.aggregate import Aggregate
from tui.domain.dimensions import DIMENSIONS, dimensions_of
from tui.domain.filter import Term
from tui.domain.nearest import nearest
from tui.domain.view import View

_LISTED = 8


def filter_hint(view: View, aggregate: Aggregate) -> str:
    """Return a sentence about the first term that can find nothing, with what could be written; else no words.

    `aggregate` knows the names that were used. A word alone needs no hint: its names are on the screen.
    """
    for term in view.row_filter.terms:
        if term.dimension is None:
            found = _unknown_field(term, aggregate, view)
        elif term.dimension not in dimensions_of(view.kind):
            what = view.kind.description.words
            found = f"{what[:1].upper()}{what[1:]} are not counted by {DIMENSIONS[term.dimension].noun}."
        else:
            found = _unknown_value(term, term.dimension, aggregate.names_of(term.dimension))
        if found:
            return found
    return ""


def _unknown_field(term: Term, aggregate: Aggregate, view: View) -> str:
    """A word with a colon in it may be a part of a name, as in `ft:gpt`; else it was meant for a field."""
    if term.prefix is None or _matches_any(term, aggregate.names_of(None)):
        return ""
    fields = dimensions_of(view.kind)
    near = nearest(term.prefix, fields)[:1]
    meant = f" Did you mean {near[0]}:?" if near else ""
    return f"There is no field {sanitize.clean(term.prefix)}:.{meant} There are: {', '.join(fields)}."


def _unknown_value(term: Term, dimension: str, names: Mapping[str, str]) -> str:
    if not names or _matches_any(term, names):
        return ""
    labels = ["yes", "no"] if dimension == "batch" else sorted(dict.fromkeys(names.values()))
    shown = [sanitize.elide(sanitize.clean(label), 30) for label in labels[:_LISTED]]
    more = ", …" if len(labels) > _LISTED else ""
    return f"Nothing has {dimension}:{sanitize.clean(term.word)}. There are: {', '.join(shown)}{more}."


def _matches_any(term: Term, names: Mapping[str, str]) -> bool:
    return any(term.matches(name, label) for name, label in names.items())
