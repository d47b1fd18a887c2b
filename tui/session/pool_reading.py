"""Reads what is needed to know of the pools: queries of their own, which no filter and no grouping changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from tui.domain import humanize
from tui.domain.catalogue import Catalogue
from tui.domain.diagnosis import Diagnosis, diagnose
from tui.domain.forecast import BACK, LAG
from tui.domain.kinds import HOSTED_TOOLS, Kind
from tui.domain.pools import limits, needs_hours, pool_days
from tui.domain.reading import Evidence
from tui.domain.source import BY_MODEL, BY_PROJECT, Page, Query, Source
from tui.domain.usage import Bucket
from tui.domain.window import DAY, Width, Window, inside, midnight, recent
from tui.errors import ApiError, BucketMissing, NotKept, RequestRefused, TuiError, Unreadable
from tui.session.clock import of_today
from tui.session.fetch import read, side_by_side

HISTORY_DAYS = 31
_BY_BATCH = (*BY_PROJECT, "batch")

Arrival = Callable[[Page, tuple[str, ...]], None]


class _Read:
    """The buckets of one query, and whether all of them came. They are handed to `arrived` as they come.

    Only where `coarse` ones are as good, buckets count that are broken down by less than was asked for.
    """

    def __init__(self, source: Source, query: Query, arrived: Arrival | None = None, *, coarse: bool = False) -> None:
        self._source, self._query, self._arrived, self._coarse = source, query, arrived, coarse
        self.found: dict[datetime, Bucket] = {}
        self.missing: set[datetime] = set()
        self.not_kept: set[datetime] = set()
        """What the API keeps no longer; it is not missing, since nobody can read it."""
        self.notes: tuple[str, ...] = ()

    @property
    def window(self) -> Window:
        return self._query.window

    async def run(self) -> None:
        await read(self._source, self._query, self._take)

    async def run_somehow(self) -> None:
        """Read, and where the API does not break it down by project, do without: the sums are the same."""
        try:
            await self.run()
        except RequestRefused:
            self._query = replace(self._query, group_by=BY_MODEL)
            await self.run()

    async def try_to_run(self) -> None:
        """Read what is nice to have: without it, less is known, and nothing is wrong."""
        with suppress(ApiError):
            await self.run()

    def _take(self, page: Page) -> None:
        if page.is_another:
            self.found.clear()
        if page.group_by is None or self._coarse:
            self.found.update({bucket.start: bucket for bucket in page.buckets})
        self.missing.update(page.missing)
        self.not_kept = self.not_kept.union(page.not_kept).difference(self.found)
        self.notes += tuple(words for words in (page.warning, page.note) if words is not None)
        if self._arrived is not None:
            self._arrived(page, self._query.group_by)

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        return tuple(self.found[start] for start in self.window.starts() if start in self.found)

    @property
    def complete(self) -> bool:
        """Whether every bucket came that is kept, as far as the API has come."""
        if not self.found and not self.not_kept:
            return False
        told = self.found.keys() | self.not_kept
        return all(start in told for start in self._due()) and not self.missing

    def _due(self) -> Iterator[datetime]:
        """Yield the starts of the buckets that should have come: the newest hours and minutes may take a while."""
        is_growing = self.window.running and self.window.width is not Width.DAY
        newest = max(self.found, default=self.window.end)
        return (start for start in self.window.starts() if not is_growing or start <= newest)

    @property
    def has_gaps(self) -> bool:
        """Whether rows of what came could not be read."""
        return any(bucket.left_out for bucket in self.buckets)

    @property
    def whole(self) -> bool:
        return self.complete and not self.not_kept and not self.has_gaps


@dataclass(frozen=True, slots=True)
class Beside:
    """What to read beside today: the last hour's minutes, the hours where they decide, the days before."""

    minutes: bool = True
    hours: bool = True
    history: bool = True


async def read_pools(
    source: Source,
    catalogue: Catalogue,
    now: datetime,
    *,
    day: datetime | None = None,
    known: Evidence | None = None,
    beside: Beside = Beside(),
    arrived: Arrival | None = None,
) -> Evidence:
    """Return the evidence about the pools on the UTC day of `now`, or on a past `day`.

    `known` is what an earlier call found: where the API leaves the day out, that stays. The days before today do not
    change within a day, and are asked for once, and only where the limits are not all set. With today, the days that
    are not settled are asked for, in one request. Days are handed to `arrived` as they come, with the fields that
    they are broken down by.

    Raises:
        BucketMissing: where the API leaves the day out, and nothing is known of it.
        TuiError: where it cannot be read.
    """
    today = midnight(now)
    day = today if day is None else day
    known = None if known is None or known.today.start != day else known
    window = recent(now) if day == today else Window(day, day + DAY)
    days = _Read(source, Query(window, BY_PROJECT), arrived, coarse=True)
    beside_it = days if day == today else None
    before = _History(source, catalogue, now, known, beside_it, asked=beside.history, arrived=arrived)
    minutes = _Read(source, Query(_last_minutes(now), BY_MODEL, keep=False))
    work = [days.run_somehow(), before.run()]
    if beside.minutes and day == today:
        work.append(minutes.try_to_run())
    await side_by_side(*work)
    if day in days.not_kept:
        raise NotKept(
            f"The API does not keep the usage of {day:%Y-%m-%d} any more, and the archive does not have it."
        )
    whole_day = _day(day, days, known)
    evidence = Evidence(
        today=whole_day,
        hours=() if known is None else known.hours,
        minutes=minutes.buckets if minutes.whole else None if known is None or beside.minutes else known.minutes,
        history=before.buckets,
        history_complete=before.complete,
        stale=day not in days.found or day in days.missing,
        notes=tuple(dict.fromkeys(days.notes + before.notes)),
        problem=before.problem,
    )
    evidence = replace(evidence, complete=evidence.knows_limits(catalogue) and not evidence.stale)
    if not needs_hours(evidence.pools(catalogue)):
        return replace(evidence, hours=())
    if not beside.hours:
        return evidence
    hours = _Read(source, Query(inside(day, Width.HOUR, now), _BY_BATCH))
    await hours.try_to_run()
    notes = evidence.notes
    if hours.not_kept:
        notes += (f"The API does not keep the hours of {day:%Y-%m-%d} any more, which show when a pool was spent.",)
    is_complete = evidence.complete and hours.complete and not hours.has_gaps
    return replace(evidence, hours=hours.buckets, complete=is_complete, notes=notes)


def _day(day: datetime, days: _Read, known: Evidence | None) -> Bucket:
    """Return the bucket of the day: as it came, or where it was left out, as it was known.

    Raises:
        BucketMissing: where nothing is known of it.
        Unreadable: where not a single one of several days came.
    """
    named = days.found.keys() - days.missing
    sentence = f"The usage of {day:%Y-%m-%d} could not be read: the answer does not hold it."
    if not named and days.window.days_before_last:
        raise Unreadable(sentence)
    found = days.found.get(day)
    before = None if known is None else known.today
    if before is not None:
        return before if found is None else before.updated(found)
    if found is None:
        raise BucketMissing(sentence)
    return found


async def read_today(
    source: Source,
    catalogue: Catalogue,
    clock: Callable[[], datetime],
    *,
    known: Evidence | None = None,
    beside: Beside = Beside(),
) -> tuple[Evidence, datetime]:
    """Return the evidence about today's pools, and the time; see `read_pools`."""
    return await of_today(clock, lambda now: read_pools(source, catalogue, now, known=known, beside=beside))


async def why(
    source: Source,
    catalogue: Catalogue,
    now: datetime,
    day: datetime,
    model: str | None = None,
    known: Evidence | None = None,
) -> Diagnosis:
    """Read the day by the hour and return why tokens were billed.

    Raises:
        TuiError: where the hours cannot be read. Hosted tools that cannot be read are only said to be unknown.
    """
    hours = _Read(source, Query(inside(day, Width.HOUR, now), _BY_BATCH))
    before = _History(source, catalogue, now, known)
    window = Window(day, day + DAY, running=day == midnight(now))
    tools = {kind: _Read(source, Query(window, ("project_id",), kind)) for kind in HOSTED_TOOLS}
    await side_by_side(hours.run(), before.run(), *(tool.try_to_run() for tool in tools.values()))
    if hours.not_kept and not hours.buckets:
        raise NotKept(
            f"The API does not keep the hours of {day:%Y-%m-%d} any more, and the archive does not have them. "
            "Why tokens of that day were billed cannot be told."
        )
    if not hours.buckets:
        raise Unreadable(f"The hours of {day:%Y-%m-%d} could not be read: the answer does not hold them.")
    rows = tuple(row for hour in hours.buckets for row in hour.rows)
    limit = limits(catalogue, (*before.buckets, Bucket(day, rows)))
    pools = pool_days(rows, catalogue, limit, hours.buckets, partial=not hours.whole)
    calls = {HOSTED_TOOLS[kind]: _calls(tool.buckets) for kind, tool in tools.items()}
    return replace(
        diagnose(hours.buckets, pools, catalogue, day, model, calls),
        tools_known=all(tool.complete and not tool.has_gaps for tool in tools.values()),
        tools_kept=not any(tool.not_kept for tool in tools.values()),
        hours_not_kept=len(hours.not_kept),
        complete=hours.complete
        and not hours.has_gaps
        and (before.complete or all(each.source != "assumed" for each in limit.values())),
        notes=tuple(dict.fromkeys(sum((tool.notes for tool in tools.values()), hours.notes + before.notes))),
    )


def tells_pools(query: Query) -> bool:
    """Return whether the answer to a query also tells how the pools stand: all usage, by model and service tier."""
    return query.kind is Kind.COMPLETIONS and not query.filters and set(BY_MODEL) <= set(query.group_by)


def _calls(buckets: Sequence[Bucket]) -> dict[str, int]:
    """Return the calls of each project."""
    projects: dict[str, int] = {}
    for bucket in buckets:
        for row in bucket.rows:
            projects[row.project_id or ""] = projects.get(row.project_id or "", 0) + row.amount
    return projects


def history_window(now: datetime) -> Window:
    """Return the days before today from which the pools' sizes are inferred."""
    today = midnight(now)
    return Window(today - (HISTORY_DAYS - 1) * DAY, today)


def needs_history(catalogue: Catalogue, now: datetime, known: Evidence | None) -> bool:
    """Return whether the days before today are to be read: the limits rest on them, and they are not known."""
    is_known = known is not None and known.history_complete and known.today.start == midnight(now)
    return set(catalogue.limits) != set(catalogue.pools) and not is_known


class _History:
    """The days before today, where they are needed and not known already.

    Those that another query reads anyway are taken from there.
    """

    def __init__(
        self,
        source: Source,
        catalogue: Catalogue,
        now: datetime,
        known: Evidence | None,
        recent: _Read | None = None,
        *,
        asked: bool = True,
        arrived: Arrival | None = None,
    ) -> None:
        self._window = history_window(now)
        end = self._window.end if recent is None else min(self._window.end, recent.window.start)
        self._read = _Read(source, Query(replace(self._window, end=end), BY_MODEL), arrived)
        self._recent = recent
        self.problem: TuiError | None = None
        self._needed = asked and needs_history(catalogue, now, known)
        self._known = known if known is not None and not self._needed and known.today.start == midnight(now) else None

    async def run(self) -> None:
        """Read, and where that fails do without: the day itself is what matters, and an error of it is told first."""
        try:
            if self._needed:
                await self._read.run()
        except ApiError as error:
            self.problem = error

    @property
    def _found(self) -> dict[datetime, Bucket]:
        return {**({} if self._recent is None else self._recent.found), **self._read.found}

    @property
    def _missing(self) -> set[datetime]:
        return self._read.missing | (set() if self._recent is None else self._recent.missing)

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        if self._known is not None:
            return self._known.history
        found = self._found
        return tuple(found[start] for start in self._window.starts() if start in found)

    @property
    def complete(self) -> bool:
        if self._known is not None:
            return self._known.history_complete
        told = (self._found.keys() | self._not_kept) - self._missing
        return not self._needed or all(start in told for start in self._window.starts())

    @property
    def _not_kept(self) -> set[datetime]:
        gone = self._read.not_kept if self._recent is None else self._read.not_kept | self._recent.not_kept
        return {start for start in gone if start in self._window}

    @property
    def notes(self) -> tuple[str, ...]:
        if not self._not_kept:
            return self._read.notes
        days = humanize.count(len(self._not_kept), "day")
        note = f"{days} of the last {HISTORY_DAYS} not kept by the API; the pools' sizes are judged by the others."
        return (*self._read.notes, note)


def _last_minutes(now: datetime) -> Window:
    """Return the minutes that hold an hour of data, however late the API counts."""
    end = Width.MINUTE.floor(now) + Width.MINUTE.span
    return Window(end - BACK - LAG - Width.MINUTE.span, end, Width.MINUTE, running=True)
