"""Why tokens were billed although there are free pools: as far as the data prove it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from tui.domain.catalogue import Catalogue
from tui.domain.pools import PoolDay
from tui.domain.rows import Row
from tui.domain.usage import Bucket


class Why(Enum):
    """The reasons: what the rows themselves say comes before what is concluded from others."""

    FINE_TUNED = "fine_tuned"
    UNLISTED = "unlisted"
    NEWER = "newer_than_list"
    SERVICE_TIER = "service_tier"
    BATCH = "batch"
    NOT_ENROLLED = "not_enrolled"
    NOT_SHARED = "not_shared"
    POOL_SPENT = "pool_spent"
    HOSTED_TOOLS = "hosted_tools"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reason:
    """Tokens that were billed for one reason: of which models, in which project, in which hours (UTC).

    `detail` is the service tier or the pool that the reason is about; `calls` are the hosted tools' calls of the
    project on that day. `said` tells that the user's configuration, not the data, gives the reason. `cost` is est. in
    dollars at list prices, of all the tokens but those of models without a price (`unpriced`).
    """

    why: Why
    tokens: int
    models: tuple[str, ...]
    project_id: str | None
    first_hour: datetime
    last_hour: datetime
    detail: str | None = None
    calls: tuple[tuple[str, int], ...] = ()
    said: bool = False
    cost: Decimal | None = None
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class Spent:
    """A pool that gave nothing more after this hour; an estimate where it did so below its limit."""

    pool: str
    hour: datetime
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One UTC day, of one model or of all: what was free, what was billed, and why.

    `spent` are the pools that were spent, with the hour of their last free tokens. `tools_known` says that all
    hosted tools' calls were read, `complete` that all of the day was; `notes` say what went wrong and cost no data.
    `models` are all that were used on that day, the most used first. Beside that, the API may keep the calls no
    longer (not `tools_kept`), or some of the hours. With an `hour`, the answer is about that one alone.
    """

    day: datetime
    model: str | None
    free: int
    billed: int
    reasons: tuple[Reason, ...]
    spent: tuple[Spent, ...]
    tools_known: bool = True
    complete: bool = True
    notes: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    tools_kept: bool = True
    hours_not_kept: int = 0
    hour: datetime | None = None


_MAY_BE_TOOLS = {Why.HOSTED_TOOLS, Why.NOT_SHARED}

Tools = Mapping[str, Mapping[str, int]]
"""Calls of hosted tools by kind and project."""

RowCost = Callable[[Row], Decimal | None]
"""What tokens of a row cost."""


def diagnose(
    hours: Sequence[Bucket],
    pools: Sequence[PoolDay],
    catalogue: Catalogue,
    day: datetime,
    model: str | None = None,
    tools: Tools | None = None,
    cost: RowCost | None = None,
    only_hour: datetime | None = None,
) -> Diagnosis:
    """Return why tokens of the day were billed, or those of `only_hour` of it.

    `hours` are the day's hour buckets by model, service tier, project and batch; `pools` the day's pools; `tools` the
    hosted tools' calls, as far as they could be read. `model` and `only_hour` narrow the answer, never the
    evidence. `cost` is what a row cost in dollars, None for one without a price.
    """
    case = _Case(hours, pools, catalogue, tools or {})
    found: dict[_Verdict, list[tuple[datetime, Row]]] = {}
    free = billed = 0
    used: dict[str, int] = {}
    for hour in hours:
        for row in hour.rows:
            tokens = row.tokens
            used[row.name] = used.get(row.name, 0) + tokens
            if not tokens or model not in {None, row.name} or only_hour not in {None, hour.start}:
                continue
            if row.is_free:
                free += tokens
                continue
            billed += tokens
            found.setdefault(case.verdict(row, hour.start), []).append((hour.start, row))
    reasons = [_reason(verdict, entries, case, cost) for verdict, entries in found.items()]
    order = list(Why)
    reasons.sort(key=lambda reason: (-reason.tokens, order.index(reason.why), reason.project_id or ""))
    spent = tuple(
        Spent(pool.name, case.spent[pool.name], pool.stuck_since is not None)
        for pool in pools
        if pool.name in case.spent
    )
    models = tuple(sorted(used, key=lambda name: (-used[name], name)))
    return Diagnosis(day, model, free, billed, tuple(reasons), spent, models=models, hour=only_hour)


class _Verdict(NamedTuple):
    """Why one row was billed; rows of one verdict are told of together."""

    why: Why
    project_id: str | None
    detail: str | None = None
    said: bool = False


class _Case:
    """What the whole day proves: which projects were ever free, and when each pool was spent."""

    def __init__(self, hours: Sequence[Bucket], pools: Sequence[PoolDay], catalogue: Catalogue, tools: Tools) -> None:
        self.catalogue = catalogue
        self.tools = tools
        entries = [(hour.start, row) for hour in hours for row in hour.rows if row.tokens]
        self.free_models = {row.model for _, row in entries if row.is_free}
        self.any_free = any(row.is_free for _, row in entries)
        self.shared = {row.project_id for _, row in entries if row.is_free}
        self.spent = {
            pool.name: hour for pool in pools if pool.spent and (hour := _last_free(pool.name, entries, catalogue))
        }
        # A project that could have been free while its pool still gave, and was not, is not shared.
        self.missed = {
            row.project_id
            for hour, row in entries
            if not row.is_free
            and row.is_plain
            and (pool := catalogue.pool_of(row.model)) is not None
            and (pool not in self.spent or hour < self.spent[pool])
        } - self.shared

    def verdict(self, row: Row, hour: datetime) -> _Verdict:
        """Return why this row of this hour was billed."""
        pool = self.catalogue.pool_of(row.model)
        project = row.project_id
        is_proved = row.model in self.free_models  # in a pool, whatever the lists say, and in which is not known
        if pool is None and not is_proved:
            if self.catalogue.is_newer(row.model):
                return _Verdict(Why.NEWER, project, self.catalogue.as_of.isoformat())
            return _Verdict(_not_listed(row), project)
        if row.batch:
            return _Verdict(Why.BATCH, project)
        if not row.is_plain:
            return _Verdict(Why.SERVICE_TIER, project, row.service_tier)
        if pool is not None and self.catalogue.shares(project) is False and project not in self.shared:
            return _Verdict(Why.NOT_SHARED, project, pool, said=True)
        if not self.any_free:
            return _Verdict(Why.NOT_ENROLLED, project)  # whichever pool it would have been
        if pool is None:
            return _Verdict(Why.HOSTED_TOOLS if self.calls(project) else Why.UNKNOWN, project)
        if project in self.missed:
            return _Verdict(Why.NOT_SHARED, project, pool)
        if pool in self.spent and hour >= self.spent[pool]:
            return _Verdict(Why.POOL_SPENT, project, pool)
        return _Verdict(Why.HOSTED_TOOLS if self.calls(project) else Why.UNKNOWN, project, pool)

    def calls(self, project_id: str | None) -> tuple[tuple[str, int], ...]:
        """Return the hosted tools that the project called on this day."""
        counted = ((kind, projects.get(project_id or "", 0)) for kind, projects in self.tools.items())
        return tuple((kind, calls) for kind, calls in counted if calls)


def _not_listed(row: Row) -> Why:
    if row.model is None:
        return Why.UNKNOWN
    return Why.FINE_TUNED if row.model.startswith("ft:") else Why.UNLISTED


def _last_free(pool: str, entries: Iterable[tuple[datetime, Row]], catalogue: Catalogue) -> datetime | None:
    return max((hour for hour, row in entries if row.is_free and catalogue.pool_of(row.model) == pool), default=None)


def _reason(verdict: _Verdict, entries: list[tuple[datetime, Row]], case: _Case, cost: RowCost | None) -> Reason:
    models: dict[str, int] = {}
    for _, row in entries:
        models[row.name] = models.get(row.name, 0) + row.tokens
    costs = [] if cost is None else [(cost(row), row.tokens) for _, row in entries]
    known = [amount for amount, _ in costs if amount is not None]
    return Reason(
        why=verdict.why,
        tokens=sum(models.values()),
        models=tuple(sorted(models, key=lambda name: (-models[name], name))),
        project_id=verdict.project_id,
        first_hour=min(hour for hour, _ in entries),
        last_hour=max(hour for hour, _ in entries),
        detail=verdict.detail,
        calls=case.calls(verdict.project_id) if verdict.why in _MAY_BE_TOOLS else (),
        said=verdict.said,
        cost=sum(known, Decimal(0)) if known else None,
        unpriced=sum(tokens for amount, tokens in costs if amount is None),
    )
