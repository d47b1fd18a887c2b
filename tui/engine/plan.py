"""What is to be asked for, as values: the questions of the view, of the pools, and of one day's bill.

The pools' questions are never changed by the view; days that they answer as finely are not asked for twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from msgspec import Struct

from tui.domain.catalogue import Catalogue
from tui.domain.costs import month_of
from tui.domain.dimensions import filters
from tui.domain.forecast import BACK
from tui.domain.kinds import HOSTED_TOOLS, Kind
from tui.domain.runs import LATEST, Run, spans, whole_minutes
from tui.domain.standouts import DAYS_BEFORE as DAYS_OF_USUAL
from tui.domain.time import DAY, LAG, Width, Window, inside, midnight, next_month, recent
from tui.domain.usage_alerts import DAYS_BEFORE
from tui.domain.year import year_of
from tui.engine.events import BucketsRead, BucketsWanted
from tui.engine.store import Store
from tui.sources.base import BY_MODEL, BY_PROJECT, Query, is_as_fine

HISTORY_DAYS = 31
"""Days, today among them, from which the pools' sizes are inferred."""

BY_BATCH = (*BY_PROJECT, "batch")
"""How hours are broken down that show why tokens were billed, and when a pool was spent."""


BY_RUN = (*BY_MODEL, "batch")
"""How a run is broken down: by what changes the price of a token."""

_ASKED_AGAIN = timedelta(minutes=1)
_BESIDE_ASKED_AGAIN = timedelta(hours=1)
"""After so long, what could not be read beside the view is asked for again: what is usual, and what was before."""


class Request(Struct, frozen=True):
    """One question. Where the API refuses how it is broken down, it is asked `otherwise`.

    Without the answer to an `optional` one less is known, and nothing is wrong.
    """

    query: Query
    otherwise: tuple[str, ...] | None = None
    optional: bool = False


class PoolParts(Struct, frozen=True):
    """What to read beside today: the last hour's minutes, perhaps `by_project`, deciding hours, the days before."""

    minutes: bool = True
    hours: bool = True
    history: bool = True
    by_project: bool = False


ALL = PoolParts()


def pools(
    store: Store, catalogue: Catalogue, now: datetime, day: datetime | None = None, parts: PoolParts = ALL
) -> tuple[Request, ...]:
    """Return what is to be asked for the pools of a day, the day itself first.

    With today, the days that are not settled are asked for, in one request. The days before do not change within a
    day, and are asked for once, and only where the limits are not all set.
    """
    is_today = day is None or day == midnight(now)
    window = recent(now) if day is None or is_today else Window(day, day + DAY)
    requests = [Request(Query(window, BY_PROJECT), otherwise=BY_MODEL)]
    if parts.history and needs_history(store, catalogue, now):
        history = history_window(now)
        end = min(history.end, window.start) if is_today else history.end
        requests.append(Request(Query(replace(history, end=end), BY_MODEL)))
    if parts.minutes and is_today:
        requests.append(Request(minutes(now, by_project=parts.by_project), optional=True))
    return tuple(requests)


def minutes(now: datetime, *, by_project: bool = False) -> Query:
    """Return the question about the minutes that hold an hour of data, however late the API counts."""
    end = Width.MINUTE.floor(now) + Width.MINUTE.span
    window = Window(end - BACK - LAG - Width.MINUTE.span, end, Width.MINUTE, running=True)
    return Query(window, BY_PROJECT if by_project else BY_MODEL, keep=False)


def hours(day: datetime, now: datetime) -> Query:
    """Return the question about the hours of a day, as far as time has come."""
    return Query(inside(day, Width.HOUR, now), BY_BATCH)


def week(now: datetime) -> Query:
    """Return the question about the hours of the days before today, which say what is usual: one page, once a day.

    Where it fails, nothing that is looked at is missing, so it is asked again an hour later.
    """
    today = midnight(now)
    return Query(Window(today - DAYS_BEFORE * DAY, today, Width.HOUR), ())


def is_of_week(query: Query) -> bool:
    """Return whether this asks for the hours of a week before some day."""
    return query.window.width is Width.HOUR and query == week(query.window.end)


def month(first: datetime, now: datetime) -> Query:
    """Return the question about the usage of the month that begins with this day, as far as time has come."""
    if first == month_of(now).start:
        return Query(month_of(now), BY_MODEL)
    return Query(Window(first, next_month(first)), BY_MODEL)


def year(now: datetime) -> Query:
    """Return the question about the days of the calendar."""
    return Query(year_of(now), BY_MODEL)


def windows_of(run: Run, now: datetime) -> tuple[Window, ...]:
    """Return the windows in which a run is read.

    From a mark that is set still, the last minutes are those that each poll reads, and what is before them changes
    once an hour.
    """
    window = run.minutes(now)
    cut = Width.HOUR.floor(now - LAG)
    if not run.is_open_mark or cut <= window.start:
        return spans(window)
    return (*spans(replace(window, end=cut)), replace(window, start=cut))


def fields_of(run: Run) -> tuple[str, ...]:
    """Return how a run is broken down: from a mark as polls are, so that nothing more is asked for."""
    return BY_MODEL if run.kind == "mark" else BY_RUN


def of_run(run: Run, now: datetime) -> tuple[Query, ...]:
    """Return the questions about what was used in a run, and in the minutes after it, which tell that it is whole."""
    window, only = run.minutes(now), filters(Kind.COMPLETIONS, run.only)
    parts = [Query(part, fields_of(run), filters=only) for part in spans(window)]
    end = min(Width.MINUTE.floor(now) + Width.MINUTE.span, window.end + LATEST)
    if end <= window.end:
        return tuple(parts)
    last = parts[-1]
    if last.window.width is Width.MINUTE and not only:
        whole = replace(last.window, end=end, running=True)
        return (*parts[:-1], replace(last, window=whole))
    after = Window(window.end - Width.MINUTE.span, end, Width.MINUTE, running=True)
    return (*parts, Query(after, BY_MODEL, keep=False))


def extras(wanted: BucketsWanted, now: datetime) -> Iterator[Query]:
    """Yield the questions about what is wanted beside the view: hours as far as the API has come to them."""
    if wanted.hours:
        yield hours(midnight(now), max(midnight(now), now - LAG))
    if wanted.week:
        yield week(now)
    if wanted.month is not None:
        yield month(wanted.month, now)
    yield from wanted.compared
    cut = Width.HOUR.floor(now - LAG)
    if wanted.since is not None and Width.MINUTE.floor(wanted.since) < cut:
        for part in spans(whole_minutes(wanted.since, cut)):
            yield Query(part, BY_MODEL)
    if wanted.year:
        yield year(now)


def due_extras(wanted: BucketsWanted, read: Mapping[Query, BucketsRead], now: datetime) -> tuple[Query, ...]:
    """Return those of these questions that were not asked yet, or failed a while ago."""

    def is_due(query: Query) -> bool:
        is_beside = query == week(now) or query in wanted.compared
        answer, pause = read.get(query), _BESIDE_ASKED_AGAIN if is_beside else _ASKED_AGAIN
        return answer is None or (answer.problem is not None and not answer.at <= now < answer.at + pause)

    return tuple(query for query in extras(wanted, now) if is_due(query))


def history_window(now: datetime) -> Window:
    """Return the days before today from which the pools' sizes are inferred."""
    today = midnight(now)
    return Window(today - (HISTORY_DAYS - 1) * DAY, today)


def history_is_complete(store: Store, catalogue: Catalogue, now: datetime) -> bool:
    """Return whether all is known of the days before today that the limits rest on, as far as they are kept."""
    if catalogue.knows_limits:
        return True
    query = Query(history_window(now), BY_MODEL)
    whole = {start for start, bucket in store.get(query).items() if not bucket.left_out}
    told = (whole | store.not_kept(query)) - store.unnamed(query)
    return all(start in told for start in query.window.starts())


def needs_history(store: Store, catalogue: Catalogue, now: datetime) -> bool:
    """Return whether the days before today are to be read: what was read before a day was settled may have grown."""
    if catalogue.knows_limits:
        return False
    query = Query(replace(history_window(now), end=recent(now).start), BY_MODEL)
    final = {
        start
        for start, bucket in store.get(query).items()
        if not bucket.left_out and (bucket.read_at is None or Width.DAY.is_settled(start, bucket.read_at))
    }
    told = (final | store.not_kept(query)) - store.unnamed(query)
    return any(start not in told for start in query.window.starts())


def why(store: Store, catalogue: Catalogue, now: datetime, day: datetime) -> tuple[Request, ...]:
    """Return what is to be asked to say why tokens of a day were billed: its hours first."""
    window = Window(day, day + DAY, running=day == midnight(now))
    requests = [Request(hours(day, now))]
    if needs_history(store, catalogue, now):
        requests.append(Request(Query(history_window(now), BY_MODEL)))
    usual = Query(Window(day - DAYS_OF_USUAL * DAY, day), BY_MODEL)
    if store.get(usual).keys() != set(usual.window.starts()):
        requests.append(Request(usual, optional=True))
    requests += [Request(Query(window, ("project_id",), kind), optional=True) for kind in HOSTED_TOOLS]
    return tuple(requests)


def beside_pools(query: Query, requests: Sequence[Request]) -> Iterator[Request]:
    """Yield what a view of days still needs where these requests of the pools are answered."""
    start, end = query.window.start, query.window.end
    for request in requests:  # today first, then the days before it
        other = request.query
        if other.window.width is Width.DAY and other.tells(query) and other.window.end >= end:
            end = min(end, other.window.start)
    if start < end:
        window = query.window if end == query.window.end else replace(query.window, end=end, running=False)
        yield Request(replace(query, window=window))


def poll(query: Query, now: datetime, requests: Sequence[Request]) -> Iterator[Request]:
    """Yield what a view of days still needs of those that are not settled: nothing, where the window ended before."""
    start = max(query.window.start, recent(now).start)
    if start < query.window.end and not any(request.query.tells(query) for request in requests[:1]):
        yield Request(replace(query, window=replace(query.window, start=start)))


def tells_pools(query: Query) -> bool:
    """Return whether the answer to a query also tells how the pools stand: all usage, by model and service tier."""
    return query.kind is Kind.COMPLETIONS and not query.filters and is_as_fine(query.group_by, BY_MODEL)
