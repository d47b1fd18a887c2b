"""What follows from an event beside the new state: from what the user did, from time, and from what was read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from tui.domain.alerts import Alert, Crossing, month_alerts
from tui.domain.costs import month_of
from tui.domain.outlook import Outlook
from tui.domain.pool_status import PoolStatus
from tui.domain.time import Width, midnight
from tui.domain.what import What
from tui.domain.windows import CalendarWindow, LastDays, WindowSpec
from tui.engine import select
from tui.engine.effects import (
    Effect,
    FindUnmatched,
    ForgetCosts,
    ForgetRun,
    KeepRun,
    Load,
    LoadCosts,
    LoadExtras,
    LoadNames,
    LoadRuns,
    LoadSettings,
    Notify,
    PoolTurned,
    Remember,
    Ring,
    StopLoading,
    Tell,
)
from tui.engine.events import (
    NOTHING_EXTRA,
    Arrived,
    BucketsWanted,
    CacheLoaded,
    CostsRead,
    CostsWanted,
    Entered,
    Event,
    Failed,
    Finished,
    Left,
    Marked,
    Named,
    NamesWanted,
    NothingFound,
    PeriodChosen,
    PoolsRead,
    RefreshAsked,
    RunForgotten,
    RunMeasured,
    SettingRead,
    SettingsWanted,
    StopAsked,
    Ticked,
    Viewed,
    WindowChosen,
)
from tui.engine.state import State

_JUST_NOW = timedelta(minutes=1)
"""What was refused so lately is told; else it was told at another start."""


def effects_of(before: State, event: Event, after: State) -> tuple[Effect, ...]:
    """Return what follows from an event that turned the state before into the one after."""
    return (
        *_of_the_user(before, event, after),
        *_of_a_reading(before, event, after),
        *_of_what_is_wanted(event),
        *_of_runs(before, event, after),
    )


def _of_what_is_wanted(event: Event) -> Iterator[Effect]:
    """Yield what follows from what is looked at beside the view."""
    match event:
        case SettingsWanted():
            yield LoadSettings()
        case BucketsWanted():
            yield LoadExtras()
        case NamesWanted() | CostsWanted():
            yield from (LoadNames(), LoadCosts())
        case _:
            pass


def _of_runs(before: State, event: Event, after: State) -> Iterator[Effect]:
    """Yield what follows for the runs that are measured."""
    match event:
        case Marked() | RunMeasured():
            yield from (KeepRun(run) for run in after.runs if run not in before.runs)
        case RunForgotten(run):
            yield ForgetRun(run)
        case Finished() | CacheLoaded():
            yield LoadRuns()
        case _:
            pass


def _of_the_user(before: State, event: Event, after: State) -> Iterator[Effect]:
    """Yield what follows from what the user did, or from time."""
    match event:
        case Viewed():
            yield from _of_another_view(before, after)
        case Entered(window):
            if window.width is not Width.DAY:  # days inside of a month are read already
                yield Load(window.width)
        case Left():
            yield from _of_leaving(before, after)
        case RefreshAsked():
            yield from (*_reload(after), LoadCosts(), LoadExtras())
        case StopAsked():
            loading = [level.width for level in before.levels if level.is_loading_visibly]
            yield from (StopLoading(width) for width in loading[-1:])  # Esc ends one at a time, the innermost first
        case WindowChosen(spec):
            yield Load(Width.DAY)
            yield from _remembering(spec)
            yield LoadCosts()
        case PeriodChosen() if after.period_wanted is not before.period_wanted:
            chosen = after.period_wanted
            yield Remember("period", None if chosen is None else chosen.value)
        case Ticked():
            yield from _of_time(before, event, after)
        case _:
            pass


def _remembering(spec: WindowSpec) -> Iterator[Effect]:
    """Yield what keeps a window for the next start; from one date to another is about this time only."""
    match spec:
        case LastDays(days):
            yield from (Remember("days", days), Remember("window", None))
        case CalendarWindow():
            yield Remember("window", spec.value)
        case _:
            pass


def _of_a_reading(before: State, event: Event, after: State) -> Iterator[Effect]:
    """Yield what follows from what was read."""
    match event:
        case Arrived():
            if event.page.is_another:  # another organization answers: nothing of the one before is left
                yield from (ForgetCosts(), LoadNames(), *_reload(after), LoadCosts())
        case PoolsRead():
            yield from _of_pools(before, after)
        case Finished() | Failed() if after.key_problem is None or after.has_data:
            yield from (
                LoadNames(),
                LoadCosts(),
                LoadSettings(),
                FindUnmatched(),
            )  # what can wait begins when what matters is there
        case CacheLoaded():
            yield from (LoadNames(), LoadSettings(kept=True))
        case Named() | CostsRead() | SettingRead():
            yield from _of_learning(before, event, after)
        case NothingFound(sentences):
            yield from (Notify("Nothing found", sentence) for sentence in sentences)
        case _:
            pass


def due_of_month(before: State, after: State) -> tuple[tuple[Alert, ...], frozenset[Crossing]]:
    """Return what to tell of the month's money after its costs were read, and what counts as told from then on."""
    read_at = after.costs.read_at
    if read_at is None:
        return (), before.told
    found = select.month_of(after, read_at, after.budget)
    return month_alerts(found, month_of(read_at).start, before.thresholds, before.told)


def _of_learning(before: State, event: Named | CostsRead | SettingRead, after: State) -> Iterator[Effect]:
    """Yield what is said of what was learned beside usage."""
    match event:
        case Named(directory):
            if directory.notice is not None:
                yield Notify("No names", directory.notice)
            yield LoadNames()  # others may have been wanted meanwhile
        case CostsRead(costs):
            if costs.problem is not None and costs.problem != before.costs.problem:
                yield Notify("Costs" if costs.days else "No costs", costs.problem)
            yield from _telling(due_of_month(before, after)[0])
        case SettingRead(_, answer, at):
            is_known = any(each.lacks_scope for each in before.admin_settings.answers.values())
            if answer.lacks_scope and answer.refused and not is_known and at - answer.read_at < _JUST_NOW:
                yield Notify("No limits", answer.refused)


def _of_another_view(before: State, after: State) -> Iterator[Effect]:
    view, previous = after.view, before.view
    is_other = (view.kind, view.only) != (previous.kind, previous.only)
    loading = [level.report.window for level in before.levels if level.loading is not None]
    is_asked = all(before.query(window).tells(after.query(window)) for window in loading)
    if is_other or not is_asked or any(level.coarse for level in after.levels):
        for level in after.levels:
            if level.width not in {after.seen.width, Width.DAY}:
                yield StopLoading(level.width)  # it is read again when the user comes back to it
        yield from _reload(after)
    yield LoadNames()
    if view.costs_by - previous.costs_by:
        yield LoadCosts()
    if view.kind is previous.kind:
        for name, old, new in (
            ("by", previous.grouping.dimensions, view.grouping.dimensions),
            ("columns", previous.columns, view.columns),
            ("merged", previous.merged, view.merged),
        ):
            if new != old:
                yield Remember(name, new)


def _reload(state: State) -> Iterator[Effect]:
    yield Load(Width.DAY)
    if state.seen.width is not Width.DAY:
        yield Load(state.seen.width)


def _of_leaving(before: State, after: State) -> Iterator[Effect]:
    for level in before.levels[len(after.levels) :]:
        if level.width is not Width.DAY:
            yield StopLoading(level.width)
    seen = after.seen
    is_behind = not seen.fresh or bool(seen.coarse)
    if len(after.levels) < len(before.levels) and seen.width is not Width.DAY and is_behind:
        yield Load(seen.width)  # it was left out while another view was read further inside


def _of_time(before: State, event: Ticked, after: State) -> Iterator[Effect]:
    yield from _of_leaving(before, after)
    days, timer = after.days, after.timer
    if midnight(event.at) != after.day:
        yield Load(Width.DAY)  # a new UTC day; where nobody may be asked now, the state has turned to it already
    elif timer is not None and timer.is_due(event.at) and days.loading is None:
        yield Load(Width.DAY, poll=not days.is_due_whole(event.at))
        if after.seen.width is not Width.DAY:
            yield Load(after.seen.width, quiet=True)
    is_live = timer is not None and timer.on and not timer.asleep and days.fetched_at is not None
    if is_live and after.buckets_wanted != NOTHING_EXTRA and days.failure is None:
        yield LoadExtras()
    if after.has_data and is_live:
        yield LoadCosts()


def _of_pools(before: State, after: State) -> Iterator[Effect]:
    yield from _telling(after.due)
    if before.snapshot.pools_are_read:  # else the verdict has just begun to say it
        yield from (PoolTurned(each) for each in _turned(before.told_to_run_out, after.snapshot.pools))


_GOOD_NEWS = {What.RESET, What.RECOVERED}


def _telling(due: Sequence[Alert]) -> Iterator[Effect]:
    """Yield what tells of these, with one bell for all, unless they are good news."""
    if not _GOOD_NEWS.issuperset(alert.what for alert in due):
        yield Ring()
    yield from (Tell(alert) for alert in due)


def _turned(known: frozenset[str], pools: Sequence[PoolStatus]) -> Iterator[PoolStatus]:
    """Yield the pools that run out and of which that is not known, and those that last again."""
    for status in pools:
        is_known = status.pool.name in known
        if status.outlook is (Outlook.LASTS if is_known else Outlook.RUNS_OUT):
            yield status


def running_out(state: State) -> frozenset[str]:
    """Return the pools that run out, as far as the user knows after this reading: until they last again."""
    pools = state.snapshot.pools
    begun = {each.pool.name for each in pools if each.outlook is Outlook.RUNS_OUT}
    ended = {each.pool.name for each in pools if each.outlook is Outlook.LASTS}
    return (state.told_to_run_out | begun) - ended
