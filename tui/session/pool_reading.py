"""Reads what is needed to know of the pools: queries of their own, which no filter and no grouping changes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from tui.domain.catalogue import Catalogue
from tui.domain.diagnosis import Diagnosis, diagnose
from tui.domain.forecast import BACK, LAG
from tui.domain.kinds import HOSTED_TOOLS
from tui.domain.pools import limits, needs_hours, pool_days
from tui.domain.reading import Evidence
from tui.domain.source import BY_MODEL, BY_PROJECT, Page, Query, Source
from tui.domain.usage import Bucket
from tui.domain.window import DAY, Width, Window, midnight
from tui.errors import ApiError
from tui.session.fetch import read, side_by_side

HISTORY_DAYS = 31
_BY_BATCH = (*BY_PROJECT, "batch")


class _Read:
    """The buckets of one query, and whether all of them came."""

    def __init__(self, source: Source, query: Query) -> None:
        self._source, self._query = source, query
        self._found: dict[datetime, Bucket] = {}

    async def run(self) -> None:
        await read(self._source, self._query, self._take)

    async def try_to_run(self) -> None:
        """Read what is nice to have: without it, less is known, and nothing is wrong."""
        with suppress(ApiError):
            await self.run()

    def _take(self, page: Page) -> None:
        self._found.update({bucket.start: bucket for bucket in page.buckets})

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        return tuple(self._found[start] for start in self._query.window.starts() if start in self._found)

    @property
    def complete(self) -> bool:
        return all(start in self._found for start in self._query.window.starts())


async def read_pools(
    source: Source,
    catalogue: Catalogue,
    now: datetime,
    *,
    day: datetime | None = None,
    known: Evidence | None = None,
    pace: bool = True,
) -> Evidence:
    """Return the evidence about the pools on the UTC day of `now`, or on a past `day`.

    `known` is what an earlier call found: the days before today do not change within a day, and are asked for once,
    and only where the limits are not all set. The hours are asked for only where they decide, and the minutes only
    for today and with `pace`.

    Raises:
        TuiError: where it cannot be read.
    """
    day = midnight(now) if day is None else day
    is_today = day == midnight(now)
    whole = _Read(source, Query(Window(day, day + DAY, running=is_today), BY_PROJECT))
    minutes = _Read(source, Query(_last_minutes(now), BY_MODEL))
    before = _History(source, catalogue, now, known)
    asked = [whole.run(), before.run()]
    if pace and is_today:
        asked.append(minutes.try_to_run())
    await side_by_side(*asked)
    evidence = Evidence(
        today=next(iter(whole.buckets), Bucket(day)),
        minutes=minutes.buckets if minutes.complete else None,
        history=before.buckets,
        history_complete=before.complete,
        complete=whole.complete and before.complete,
    )
    if not needs_hours(evidence.pools(catalogue)):
        return evidence
    hours = _Read(source, Query(_hours(day, now), _BY_BATCH))
    await hours.try_to_run()
    return replace(evidence, hours=hours.buckets, complete=evidence.complete and hours.complete)


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
    hours = _Read(source, Query(_hours(day, now), _BY_BATCH))
    before = _History(source, catalogue, now, known)
    window = Window(day, day + DAY, running=day == midnight(now))
    tools = {kind: _Read(source, Query(window, ("project_id",), kind)) for kind in HOSTED_TOOLS}
    await side_by_side(hours.run(), before.run(), *(tool.try_to_run() for tool in tools.values()))
    rows = tuple(row for hour in hours.buckets for row in hour.rows)
    limit = limits(catalogue, (*before.buckets, Bucket(day, rows)))
    pools = pool_days(rows, catalogue, limit, hours.buckets)
    calls = {HOSTED_TOOLS[kind]: _calls(tool.buckets) for kind, tool in tools.items()}
    return replace(
        diagnose(hours.buckets, pools, catalogue, day, model, calls),
        tools_known=all(tool.complete for tool in tools.values()),
        complete=hours.complete and before.complete,
    )


def _calls(buckets: Sequence[Bucket]) -> dict[str, int]:
    """Return the calls of each project."""
    projects: dict[str, int] = {}
    for bucket in buckets:
        for row in bucket.rows:
            projects[row.project_id or ""] = projects.get(row.project_id or "", 0) + row.requests
    return projects


class _History:
    """The days before today, where they are needed and not known already."""

    def __init__(self, source: Source, catalogue: Catalogue, now: datetime, known: Evidence | None) -> None:
        today = midnight(now)
        self._read = _Read(source, Query(Window(today - (HISTORY_DAYS - 1) * DAY, today), BY_MODEL))
        usable = known is not None and known.history_complete and known.today.start == today
        self._known = known.history if known is not None and usable else None
        self._needed = set(catalogue.limits) != set(catalogue.pools) and self._known is None

    async def run(self) -> None:
        if self._needed:
            await self._read.run()

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        return self._read.buckets if self._known is None else self._known

    @property
    def complete(self) -> bool:
        return not self._needed or self._read.complete


def _hours(day: datetime, now: datetime) -> Window:
    running = day == midnight(now)
    end = min(day + DAY, Width.HOUR.floor(now) + Width.HOUR.span) if running else day + DAY
    return Window(day, end, Width.HOUR, running=running)


def _last_minutes(now: datetime) -> Window:
    """Return the minutes that hold an hour of data, however late the API counts."""
    end = Width.MINUTE.floor(now) + Width.MINUTE.span
    return Window(end - BACK - LAG - Width.MINUTE.span, end, Width.MINUTE, running=True)
