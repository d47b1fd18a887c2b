"""What is shown, derived from the store: the pools of a day, alerts, the verdict, the month."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tui.domain import formatting
from tui.domain.admin_settings import Headroom
from tui.domain.admin_settings import headroom as headroom_of
from tui.domain.burn_up import BurnUp, burn_up
from tui.domain.catalogue import Catalogue
from tui.domain.costs import Month, month, total
from tui.domain.kinds import Kind
from tui.domain.line import Line
from tui.domain.pool_status import PoolInputs, PoolStatus
from tui.domain.pools import needs_hours
from tui.domain.time import DAY, Width, Window, midnight, recent
from tui.domain.today import Today
from tui.domain.usage import Bucket, Report
from tui.domain.usage_alerts import AlertInputs, Billings, billings_after
from tui.engine import plan
from tui.engine.store import Store
from tui.errors import BucketMissing, NotKept, TuiError
from tui.sources.base import BY_MODEL, BY_PROJECT, Query

if TYPE_CHECKING:
    from tui.engine.state import State

ONE_READING = timedelta(minutes=2)
"""Table and pools are read side by side: what is further apart is not the same reading."""


def pool_inputs(
    store: Store, catalogue: Catalogue, now: datetime, day: datetime | None = None, view: Query | None = None
) -> PoolInputs | None:
    """Return what is known of the pools on the UTC day of `now` or on another; None where nothing is.

    Where the `view` tells as much, the pools rest on the same reading.
    """
    day = midnight(now) if day is None else day
    query = Query(Window(day, day + DAY, running=day == midnight(now)), BY_MODEL)
    today = _of_one_reading(store, query, view)
    if today is None:
        return None
    history = Query(plan.history_window(now), BY_MODEL)
    found = PoolInputs(
        today=today,
        minutes=_minutes(store, now) if day == midnight(now) else None,
        history=tuple(bucket for start, bucket in store.get(history).items() if start != day),
        history_complete=plan.history_is_complete(store, catalogue, now),
        stale=bool(store.unnamed(query)),
    )
    found = replace(found, complete=not found.stale, notes=notes_of(store, history))
    if not needs_hours(found.pools(catalogue)):
        return found
    return _with_hours(found, store, plan.hours(day, now))


def _of_one_reading(store: Store, query: Query, view: Query | None) -> Bucket | None:
    newest = store.get(query).get(query.window.start)
    if newest is None or view is None or not plan.tells_pools(view):
        return newest
    own = store.get(replace(view, window=query.window)).get(query.window.start)
    if own is None or (own.read_at and newest.read_at and newest.read_at - own.read_at > ONE_READING):
        return newest
    return own


def notes_of(store: Store, history: Query) -> tuple[str, ...]:
    """Return what is to be said of days that the sizes of the pools rest on, and that the API keeps no longer."""
    gone = store.not_kept(history)
    if not gone:
        return ()
    days = formatting.count(len(gone), "day")
    return (
        f"{days} of the last {plan.HISTORY_DAYS} not kept by the API; the pools' sizes are judged by the others.",
    )


def _minutes(store: Store, now: datetime) -> tuple[Bucket, ...] | None:
    """Return the last hour's minutes, or None where not all that the API has come to are known as a whole."""
    query = plan.minutes(now)
    found = store.get(query)
    return tuple(found.values()) if found and is_read_whole(store, query) and not store.not_kept(query) else None


def _with_hours(found: PoolInputs, store: Store, query: Query) -> PoolInputs:
    """Return the evidence with the hours of the day, which decide whether a pool is spent below its limit."""
    notes = found.notes
    if store.not_kept(query):
        day = query.window.start
        notes += (f"The API does not keep the hours of {day:%Y-%m-%d} any more, which show when a pool was spent.",)
    is_complete = found.complete and is_read_whole(store, query)
    return replace(found, hours=tuple(store.get(query).values()), complete=is_complete, notes=notes)


def is_read_whole(store: Store, query: Query) -> bool:
    """Return whether all is known that the API keeps, as far as it has come, and no row of it was left out."""
    found, gone, window = store.get(query), store.not_kept(query), query.window
    told = found.keys() | gone
    if not told or store.unnamed(query) or any(bucket.left_out for bucket in found.values()):
        return False
    is_growing = window.running and window.width is not Width.DAY
    newest = max(told) if is_growing else window.end
    return all(start in told for start in window.starts() if start <= newest)


def project_and_model(state: State, line: Line) -> tuple[str, str] | None:
    """Return the project and the model that a line of today is about, if it is about one of each.

    A line that names no project is of one all the same where only one used its model today.
    """
    pool_inputs = state.snapshot.pool_inputs
    names = dict(zip(state.view.grouping.dimensions, line.names, strict=False))
    model = names.get("model")
    is_today = pool_inputs is not None and midnight(line.start) == pool_inputs.today.start
    if pool_inputs is None or not is_today or model is None or state.view.kind is not Kind.COMPLETIONS:
        return None
    projects = pool_inputs.today.projects.get(model, frozenset())
    project = names.get("project") or (next(iter(projects)) if len(projects) == 1 else None)
    return (project, model) if project in projects else None


def pools_of_today(state: State, now: datetime) -> tuple[PoolStatus, ...]:
    """Return how today's pools stand; none where those that are known are another day's."""
    found = state.snapshot.pool_inputs
    return state.snapshot.pools if found is not None and found.today.start == midnight(now) else ()


def billings(state: State, now: datetime) -> Billings:
    """Return how projects are billed after one more reading of the day."""
    today = state.store.get(Query(recent(now), BY_PROJECT)).get(midnight(now))
    return {} if today is None else billings_after(state.billings, today, state.catalogue, now)


def alert_inputs(state: State, now: datetime) -> AlertInputs:
    """Return what is known at a reading of the pools, from which it follows what is told of usage."""
    found = state.snapshot.pool_inputs
    if found is None:
        return AlertInputs(now, (), state.catalogue)
    return AlertInputs(
        now,
        pools_of_today(state, now),
        state.catalogue,
        minutes=found.minutes,
        through=found.through(now),
        days=state.store.get(Query(recent(now), BY_PROJECT)),
        history=found.history,
        billings=state.billings,
        hours=state.store.get(plan.week(now)),
        directory=state.directory,
    )


def headroom(state: State, now: datetime, line: Line | None) -> Headroom | None:
    """Return how near the project of a line came to its rate limit in the last hour, as far as that is known."""
    about = None if line is None else project_and_model(state, line)
    if about is None or state.admin_settings.rate_limit(*about) is None:
        return None
    found, known = state.store.get(plan.minutes(now, by_project=True)), state.store.get(plan.minutes(now))
    is_of_now = bool(found) and max(found) == max(known)  # else they were read while another line was looked at
    return headroom_of(state.admin_settings, *about, found.values()) if is_of_now else None


def burn_ups(state: State, now: datetime) -> tuple[BurnUp, ...]:
    """Return how each of today's pools has filled, as far as the day's hours are known, and how it goes on."""
    pool_inputs = state.snapshot.pool_inputs
    if pool_inputs is None or pool_inputs.today.start != midnight(now):
        return ()
    hours = state.store.get(plan.hours(pool_inputs.today.start, now))
    return tuple(burn_up(status, hours, state.catalogue, now) for status in state.snapshot.pools)


def today(state: State, now: datetime) -> Today | None:
    """Return what the verdict is about, or None where nothing of today is known."""
    pool_inputs = state.snapshot.pool_inputs
    if pool_inputs is None or pool_inputs.today.start != midnight(now):
        return None
    lines = state.costs.of(pool_inputs.today.start)
    return Today(
        pool_inputs.today.sums,
        None if lines is None else total(lines),
        state.snapshot.pools,
        now.replace(second=0, microsecond=0),
        nothing_free(state),
    )


def nothing_free(state: State) -> tuple[datetime, ...]:
    """Return the days of the window before today on which models of pools were used and nothing was free."""
    if state.view.kind is not Kind.COMPLETIONS or state.view.only:
        return ()
    days = state.days.report
    has_models = "model" in state.view.fields  # else what was read by model before, or for the pools, has to tell
    buckets = days.buckets if has_models else state.store.get(Query(days.window, BY_MODEL))
    return tuple(
        start
        for start, bucket in sorted(buckets.items())
        if start < state.day
        and start not in state.days.coarse
        and bucket.sums.billed
        and not bucket.sums.free
        and any(state.catalogue.pool_of(model) for model in bucket.models)
    )


def month_of(state: State, now: datetime, budget: Decimal | None) -> Month | None:
    """Return the month's money beside the user's own budget, or else beside the limit that the API knows."""
    return month(state.costs, now, month_limit(state, budget))


def month_limit(state: State, budget: Decimal | None) -> Decimal | None:
    """Return the user's own budget, or else the limit that the API knows."""
    limit = state.admin_settings.spend_limit
    return limit.amount if budget is None and limit is not None else budget


def month_usage(state: State, first: datetime, now: datetime) -> tuple[Report, TuiError | None] | None:
    """Return the usage of the month that begins with this day, and why a part is missing; None before it was read."""
    query = plan.month(first, now)
    answer = state.buckets_read.get(query)
    return None if answer is None else (state.store.fine(query), answer.problem)


def required(found: PoolInputs | None, store: Store, day: datetime) -> PoolInputs:
    """Return the evidence of a day that was asked for.

    Raises:
        NotKept: where the API keeps the day no longer.
        BucketMissing: where it leaves the day out, and nothing is known of it.
    """
    if found is not None:
        return found
    if day in store.not_kept(Query(Window(day, day + DAY), BY_MODEL)):
        raise NotKept(
            f"The API does not keep the usage of {day:%Y-%m-%d} any more, and the archive does not have it."
        )
    raise BucketMissing(f"The usage of {day:%Y-%m-%d} could not be read: the answer does not hold it.")
