"""Whether the archive's usage and the API's costs tell the same of a day: a settled day can be revised later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tui.domain.catalogue import Catalogue
from tui.domain.costs import NOTHING, RESTATED_DAYS, Cost, Costs, dollars
from tui.domain.dimensions import without_date
from tui.domain.rows import Row
from tui.domain.time import DAY, Width
from tui.domain.usage import Bucket

_FEW = 1_000
"""So many tokens, or one in a hundred, are no disagreement: OpenAI promises no more than that the two are close."""

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One model on one day: the tokens that the archive has and how many of them were billed, and what costs tell.

    `counted` are the tokens in the costs' quantities, None where not all of them are tokens; `charged` is in dollars,
    None where costs do not name the model.
    """

    day: datetime
    model: str
    tokens: int
    billed: int
    counted: int | None
    charged: Decimal | None

    @property
    def words(self) -> str:
        """Return what does not agree."""
        if self.charged is None:
            return f"the archive has {self.billed:,} billed tokens of {self.model}, and costs do not name it"
        if self.counted is not None:
            return f"costs count {self.counted:,} tokens of {self.model}, and the archive has {self.tokens:,}"
        return f"costs charge {dollars(self.charged)} for {self.model}, and the archive has no billed tokens of it"


@dataclass(slots=True)
class _Side:
    """What one of the two tells of a model: the archive its tokens, costs its lines."""

    tokens: int = 0
    billed: int = 0
    lines: list[Cost] = field(default_factory=list)


def disagreements(
    days: Mapping[datetime, Bucket], costs: Costs, catalogue: Catalogue, now: datetime
) -> Iterator[Disagreement]:
    """Yield the models of which the archive's days and costs tell different things, oldest day first.

    Days are compared once neither should change any more. Costs hold other kinds of usage as well, so only models are
    compared that the archive has on the day, or that are listed in a pool.
    """
    for start, each in sorted(days.items()):
        lines = costs.of(start)
        is_settled = each.read_at is not None and Width.DAY.is_settled(start, each.read_at)
        is_final = is_settled and start + (1 + RESTATED_DAYS) * DAY <= now
        if lines and is_final and costs.is_closed(start):
            yield from _of_day(start, each.rows, lines, catalogue)


def _of_day(
    start: datetime, rows: Iterable[Row], lines: Iterable[Cost], catalogue: Catalogue
) -> Iterator[Disagreement]:
    models: dict[str, _Side] = {}
    for row in rows:
        if row.model is not None and row.tokens:
            side = models.setdefault(without_date(row.model), _Side())
            side.tokens += row.tokens
            side.billed += 0 if row.is_free else row.tokens
    for line in lines:
        model = None if line.item.model is None else without_date(line.item.model)
        if model is not None and (model in models or catalogue.pool_of(model) is not None):
            models.setdefault(model, _Side()).lines.append(line)
    for model, side in models.items():
        counted = sum(line.tokens or 0 for line in side.lines)
        is_counted = bool(side.lines) and all(line.tokens is not None for line in side.lines)
        charged = sum((line.amount for line in side.lines if line.is_in_dollars), NOTHING)
        found = Disagreement(
            start, model, side.tokens, side.billed, counted if is_counted else None, charged if side.lines else None
        )
        if _disagrees(found):
            yield found


def _disagrees(found: Disagreement) -> bool:
    if found.charged is None:
        return found.billed > _FEW
    if found.counted is not None:  # free tokens were seen in costs, at $0 (2026-09-11), and no document promises it
        return not any(_is_near(found.counted, tokens) for tokens in (found.tokens, found.billed))
    return found.charged >= _CENT and not found.billed


def _is_near(one: int, other: int) -> bool:
    return abs(one - other) <= max(_FEW, max(one, other) // 100)
