"""The sums of all that the table shows, which stand on its frame: in words, the longest form first."""

from __future__ import annotations

from collections.abc import Sequence

from tui.domain import formatting
from tui.domain.line import Line
from tui.domain.metrics import metrics
from tui.domain.periods import Period
from tui.domain.rows import Sums
from tui.domain.time import Width
from tui.domain.view import View
from tui.ui.widgets.inline_bar import BILLED, FREE

_LEGEND = "· no pool"


def totals(lines: Sequence[Line], view: View, unit: Width | Period, *, has_legend: bool) -> tuple[str, ...]:
    """Return the sums of the lines of buckets; before them, what stands there with the mark of models of no pool."""
    days = [line.sums for line in lines if line.is_bucket and line.sums is not None]
    forms = _of_sums(sum(days, Sums()), view, formatting.count(len(days), unit.noun))
    return (f"{forms[0]}  {_LEGEND}", *forms) if has_legend and "model" in view.grouping.dimensions else forms


def _of_sums(whole: Sums, view: View, count: str) -> tuple[str, ...]:
    """Return the sums of all that is shown, in words: the longest form first."""
    if not whole:
        return ("",)
    if whole.whole_share is not None and "free" in view.kind.description.metrics:
        free, billed = formatting.short(whole.free), formatting.short(whole.billed)
        tokens, parts = formatting.short(whole.total), f"{FREE} {free} free ({whole.whole_share}%), {BILLED} {billed}"
        return f"{count}: {tokens} tokens, {parts} billed", f"{count}: {parts} billed", f"{parts} billed", ""
    first = next(iter(metrics(view.kind).values()))
    return (f"{count}: {formatting.short(float(first.value(whole) or 0))} {first.unit}",)
