"""Very many rows are gone through in a thread before their lines are shown: keys are answered meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from textual.widget import Widget

from tui.domain.aggregate import Aggregate
from tui.domain.costs import Cost
from tui.domain.table import TableInput
from tui.domain.usage import Bucket
from tui.ui.workers import reports_faults

MANY_ROWS = 4_000
"""Going through more rows than this would keep keys waiting."""

_Costs = tuple[Sequence[Cost], ...]


class Counting:
    """Goes through what lines are made from, once at a time; `then` they are shown."""

    def __init__(self, then: Callable[[], None]) -> None:
        self._then = then
        self._is_under_way = False

    def defers(self, screen: Widget, aggregate: Aggregate, table_input: TableInput) -> bool:
        """Return whether very many rows are gone through first; what comes meanwhile is counted after them."""
        compared = table_input.compared.values()
        beside = (bucket for each in compared for bucket in (each.now, each.before))
        buckets, costs = (*table_input.report.buckets.values(), *beside), tuple(table_input.costs.days.values())
        if aggregate.work_left(buckets, costs) <= MANY_ROWS:
            return False
        if not self._is_under_way:
            self.begin(screen, aggregate, buckets, costs)
        return True

    def begin(self, screen: Widget, aggregate: Aggregate, buckets: tuple[Bucket, ...], costs: _Costs) -> None:
        """Go through all of it in the background of a screen."""
        self._is_under_way = True

        @reports_faults
        async def count(_: Widget) -> None:
            try:
                await asyncio.to_thread(aggregate.prepare, buckets, costs)
            finally:
                self._is_under_way = False
            self._then()

        screen.run_worker(count(screen), group="counting", exit_on_error=False, description="counting")
