"""What the table shows of the state: what its lines are made from, how they are broken down, and how they look."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tui.domain.aggregate import Aggregate
from tui.domain.costs import UNREAD
from tui.domain.kinds import Kind
from tui.domain.periods import Period
from tui.domain.standouts import NOTHING
from tui.domain.table import TableInput
from tui.domain.time import Width
from tui.engine import select
from tui.engine.session import Session
from tui.engine.state import State
from tui.ui.memo import Memo
from tui.ui.widgets.line_cells import Look


class TableLines:
    """The lines of the level that is seen, broken down and filtered as the view says."""

    def __init__(self, session: Session, memo: Memo) -> None:
        self._session, self._memo = session, memo
        self.aggregate = Aggregate(session.catalogue, session.view.grouping.dimensions)
        """How lines are broken down; what was counted is kept in it."""

    def follow(self, state: State) -> Aggregate:
        """Break down from now on as the state says, and return how."""
        view = state.view
        self.aggregate = self.aggregate.with_view(
            view.grouping.dimensions,
            view.row_filter,
            merged=view.merged,
            directory=state.directory,
            within=state.seen.within,
        )
        return self.aggregate

    def input_of(self, state: State) -> TableInput:
        """Return what the lines are made from: the level that is seen, and the costs of its days, weeks or months."""
        level = state.seen
        costs = state.costs if level.width is Width.DAY else UNREAD
        days = TableInput(level.report, level.opened, level.listed, level.coarse, level.before, costs, level.awaited)
        found = self._memo.in_periods(days, level.period)
        return replace(found, compared=self._memo.compared(state, found.report, self.through(state)))

    def through(self, state: State) -> datetime | None:
        """Return how far the API has counted, where that is known."""
        if self._session.is_static:
            return self._session.clock()  # a file tells nothing of what came after it was saved
        pool_inputs = state.snapshot.pool_inputs
        return None if pool_inputs is None else pool_inputs.through(self._session.clock())

    def look(self, state: State, unit: Width | Period, through: datetime | None, why: str) -> Look:
        """Return how lines of this unit look; `why` is the key that tells more of a day with nothing free."""
        level, view = state.seen, state.view
        is_of_days = level.width is Width.DAY
        # Room for costs that are on their way: a column that comes later would draw the whole table again.
        awaited = self._session.cost_source is not None and state.costs.read_at is None and not state.costs.problem
        has_marks = unit is Width.DAY
        is_whole = view.kind is Kind.COMPLETIONS and not view.only and not view.row_filter
        return Look(
            view,
            unit,
            through,
            self.aggregate.label,
            costs=is_of_days and not view.only and bool(awaited or state.costs.days),
            nothing_free=frozenset(select.nothing_free(state)) if has_marks else frozenset(),
            why=why,
            today=state.day,
            is_over=is_of_days and not level.report.window.running,
            stand_outs=self._memo.stand_outs(state, self._session.clock()) if has_marks and is_whole else NOTHING,
        )
