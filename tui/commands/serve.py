"""What `serve` shows of a state: the pools of today and the money, today's counters, and how the reading goes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from tui.commands.figures import figures_of
from tui.domain.aggregate import Aggregate
from tui.domain.metrics import usual_metrics
from tui.domain.table import TableInput
from tui.domain.time import last_days, midnight
from tui.domain.usage import Report
from tui.domain.view import USUAL
from tui.engine.state import State
from tui.output.gauges import gauges
from tui.output.groups import Group, groups
from tui.output.openmetrics import openmetrics


def exposition(state: State, now: datetime, budget: Decimal | None) -> Iterator[str]:
    """Yield the lines of an exposition; nobody is asked."""
    found, view = _groups(state, now), USUAL
    metrics = {} if found is None else usual_metrics(view.kind)
    lines = gauges(figures_of(state, now, budget))
    yield from openmetrics(found or (), view.kind, view.grouping.dimensions, metrics, lines)


def _groups(state: State, now: datetime) -> Iterator[Group] | None:
    """Return today's usage as `export` counts it, or None where it is not known as a whole.

    A counter of a part would fall, and look as if it had begun again.
    """
    found = state.snapshot.pool_inputs
    if found is None or found.today.start != midnight(now) or found.today.left_out:
        return None
    report = Report(last_days(now, 0)).with_buckets([found.today])
    return groups(TableInput(report), USUAL, Aggregate(state.catalogue, USUAL.grouping.dimensions))
