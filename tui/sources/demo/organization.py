"""The synthetic organization's usage, as a pure function of (seed, moment).

Each stream's requests since midnight are a function of the time of day that only rises; tokens are a function of
requests. A bucket of any width is the difference of two of its values, so minutes add up to hours, hours to days,
and a moment asked for twice gives the same answer.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from msgspec import Struct

from tui.sources.demo.workloads import PEOPLE, POOLS, STREAMS, People, Stream

FOUNDED = datetime(2025, 9, 1, tzinfo=UTC)
"""Before this day there was no organization."""

INCENTIVIZED = "incentivized-tier"
_DAY = 86_400
_DOUBLING_DAYS = 240
_SWITCHED_OFF = 2


def is_enrolled(midnight: datetime) -> bool:
    """Return whether the organization gets free tokens on this day; every other Tuesday, sharing is off."""
    return midnight.toordinal() % 14 != _SWITCHED_OFF


class Record(Struct, frozen=True):
    """What one stream did in one interval, on one service tier."""

    stream: Stream
    service_tier: str
    requests: int
    input: int
    cached: int
    output: int


class _Day(Struct, frozen=True):
    """One stream on one day: how many requests, at which hours, how long they are, and when the first one comes.

    `phase` is how far into the pause between two requests the day begins, from 0 to 1: without it the last requests
    of all streams would fall into the day's last minute together.
    """

    requests: int
    until_hour: tuple[float, ...]
    length: float
    phase: float = 0.0

    def requests_at(self, second: int) -> int:
        hour, rest = divmod(min(second, _DAY), 3_600)
        if hour == 24:
            return self.requests
        before, after = self.until_hour[hour], self.until_hour[hour + 1]
        return min(self.requests, int(self.requests * (before + (after - before) * rest / 3_600) + self.phase))


_BUSY = datetime(2026, 11, 20, tzinfo=UTC)
"""A Friday of seed 1 on which the large pool, half used in the early afternoon, runs out before the reset."""


class Organization:
    """The organization of one seed. The same seed gives the same usage, always.

    On the UTC day `busy` as much is used as on a Friday whose pools are worth looking at, whatever day that is.
    """

    def __init__(
        self,
        seed: int = 1,
        streams: Sequence[Stream] = STREAMS,
        people: People = PEOPLE,
        busy: datetime | None = None,
    ) -> None:
        self.seed, self.people, self._streams, self._busy = seed, people, tuple(streams), busy
        self._lag = {stream.project: self._make_lag(stream.project) for stream in self._streams}
        self._day = lru_cache(maxsize=None)(self._make_day)
        self._spent_at = lru_cache(maxsize=None)(self._find_spent_at)

    def records(self, start: datetime, end: datetime, now: datetime) -> Iterator[Record]:
        """Yield what is known at `now` of the interval [start, end), which lies within one UTC day.

        The last minutes arrive late, some projects' later than others', as they do in the real API.
        """
        midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
        first = int((start - midnight).total_seconds())
        last = int((end - midnight).total_seconds())
        for index, stream in enumerate(self._streams):
            known = int((now - self._lag[stream.project] - midnight).total_seconds())
            day = self._day(index, midnight)
            begin, finish = day.requests_at(min(first, max(known, 0))), day.requests_at(min(last, max(known, 0)))
            free_until = begin
            if stream.may_be_free and stream.pool is not None and is_enrolled(self._model_of(midnight)):
                spent = day.requests_at(self._spent_at(stream.pool, midnight))
                free_until = min(max(spent, begin), finish)
            if free_until > begin:
                yield _record(stream, INCENTIVIZED, day, begin, free_until)
            if finish > free_until:
                yield _record(stream, stream.tier, day, free_until, finish)

    def _model_of(self, midnight: datetime) -> datetime:
        """Return the day whose usage this one has."""
        return _BUSY if midnight == self._busy else midnight

    def _random(self, *what: object) -> random.Random:
        return random.Random(f"{self.seed}:{what}")  # noqa: S311  a synthetic organization, not a secret

    def _make_lag(self, project: str) -> timedelta:
        return timedelta(seconds=self._random("lag", project).randrange(5 * 60, 13 * 60))

    def _make_day(self, index: int, midnight: datetime) -> _Day:
        midnight = self._model_of(midnight)
        stream, chance = self._streams[index], self._random("day", index, midnight.date())
        if midnight < FOUNDED:
            return _Day(0, (0.0,) * 25, 1.0)
        growth = 2 ** ((midnight - datetime(2026, 11, 1, tzinfo=UTC)).days / _DOUBLING_DAYS)
        rhythm = stream.weekend if midnight.weekday() >= 5 else 1.0
        requests = round(stream.requests * growth * rhythm * chance.uniform(0.7, 1.3))
        weights = [_rhythm(hour + 0.5, stream.peak) * chance.uniform(0.6, 1.4) for hour in range(24)]
        total, until = sum(weights), [0.0]
        for weight in weights:
            until.append(until[-1] + weight / total)
        return _Day(requests, tuple(until), chance.uniform(0.85, 1.15), chance.random())

    def _find_spent_at(self, pool: str, midnight: datetime) -> int:
        """Return the last second of the day at which everything shared so far still fits into the pool."""
        days = [(s, self._day(i, midnight)) for i, s in enumerate(self._streams) if s.may_be_free and s.pool == pool]

        def used(second: int) -> int:
            return sum(sum(_tokens(stream, day, day.requests_at(second))) for stream, day in days)

        if used(_DAY) <= POOLS[pool]:
            return _DAY
        low, high = 0, _DAY
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if used(middle) <= POOLS[pool] else (low, middle)
        return low


def _rhythm(hour: float, peak: float) -> float:
    """Return how busy an hour is: a bell around the peak, round the clock, on a quiet floor."""
    distance = min(abs(hour - peak), 24 - abs(hour - peak))
    return 0.08 + math.exp(-(distance**2) / 18)


def _tokens(stream: Stream, day: _Day, requests: int) -> tuple[int, int]:
    return int(requests * stream.input * day.length), int(requests * stream.output * day.length)


def _record(stream: Stream, tier: str, day: _Day, begin: int, finish: int) -> Record:
    input_before, output_before = _tokens(stream, day, begin)
    input_after, output_after = _tokens(stream, day, finish)
    return Record(
        stream=stream,
        service_tier=tier,
        requests=finish - begin,
        input=input_after - input_before,
        cached=int(input_after * stream.cached) - int(input_before * stream.cached),
        output=output_after - output_before,
    )
