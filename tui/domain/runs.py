"""A run: a span of time that the user measures, of a command or from a mark on, and what was used in it.

The API counts whole minutes. The first and the last minute of a run are shared with what else ran in them, and what
came before the run in its first minute cannot be told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, Protocol

from tui.domain.catalogue import Catalogue
from tui.domain.rows import Row, Sums, add_up
from tui.domain.time import Width, Window
from tui.domain.usage import Bucket

LATEST = timedelta(minutes=30)
"""What is read so long after the end of a run holds all of it, as far as others measured (September 2026)."""

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """What a model used in a run. `cost` is in dollars, est. at list prices, None where a price is not known."""

    model: str
    sums: Sums
    cost: Decimal | None = _NOTHING


@dataclass(frozen=True, slots=True)
class RunUsage:
    """What was used in a run, as read at `read_at`.

    The API has counted `through` this moment, None where it has counted nothing of it yet; it is `complete` once that
    is past the end, or so late that nothing more comes. `pools` are the free tokens of each pool. `unread` is how
    much of the time was not read, `not_kept` what of that nobody can read any more.
    """

    models: tuple[ModelUsage, ...] = ()
    pools: Mapping[str, int] = field(default_factory=dict)
    read_at: datetime | None = None
    through: datetime | None = None
    complete: bool = False
    unread: timedelta = timedelta()
    not_kept: timedelta = timedelta()

    @property
    def sums(self) -> Sums:
        """Return the sums of all models."""
        return sum((each.sums for each in self.models), Sums())

    @property
    def cost(self) -> Decimal:
        """Return the dollars of the models whose price is known, est. at list prices."""
        return sum((each.cost for each in self.models if each.cost is not None), _NOTHING)

    @property
    def unpriced(self) -> tuple[str, ...]:
        """Return the models that were billed and whose price is not known."""
        return tuple(each.model for each in self.models if each.cost is None)


@dataclass(frozen=True, slots=True)
class Run:
    """One run. It goes on while neither `ended` nor `last_seen` is known.

    `only` are pairs of a dimension and an id: without any, it is all of the organization in that time. `status` is
    the exit status of a command. `last_seen` is known of a command whose end nobody noted, since we were killed
    before it: so long it ran at least, and so long it is measured.
    """

    id: str
    name: str
    kind: Literal["command", "mark"]
    started: datetime
    ended: datetime | None = None
    only: tuple[tuple[str, str], ...] = ()
    status: int | None = None
    usage: RunUsage | None = None
    last_seen: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Return whether it goes on no longer, as far as anybody can tell."""
        return self.ended is not None or self.last_seen is not None

    @property
    def is_end_unknown(self) -> bool:
        """Return whether nobody noted when it ended."""
        return self.ended is None and self.last_seen is not None

    @property
    def is_running(self) -> bool:
        """Return whether this is a command that runs."""
        return self.kind == "command" and not self.is_over

    @property
    def is_complete(self) -> bool:
        """Return whether all is known of it that will ever be."""
        return self.is_over and self.usage is not None and self.usage.complete

    @property
    def is_open_mark(self) -> bool:
        """Return whether this is from a mark that is set still."""
        return self.kind == "mark" and self.ended is None

    def until(self, now: datetime) -> datetime:
        """Return its end as far as it is known, or now where it is not over."""
        return self.ended or self.last_seen or now

    def minutes(self, now: datetime) -> Window:
        """Return the whole minutes that it touches."""
        return whole_minutes(self.started, self.until(now))

    def is_read(self, now: datetime) -> bool:
        """Return whether anything of it was read, be it that nothing is counted yet."""
        window = self.minutes(now)
        return self.usage is not None and self.usage.unread < window.end - window.start

    def joined(self, stored: Run) -> Run:
        """Return the run with what another process may have stored of it: an end, or a later or complete answer."""
        found = self if self.ended is not None and stored.ended is None else stored
        usages = [each for each in (self.usage, stored.usage) if each is not None]
        usages.sort(key=lambda each: (each.complete, each.read_at is not None and each.read_at.timestamp()))
        return replace(found, usage=usages[-1] if usages else None)

    def measured(self, usage: RunUsage) -> Run:
        """Return the run with what was read of it: less than was known takes nothing away."""
        known = self.usage
        is_less = known is not None and usage.sums.total < known.sums.total and usage.unread > known.unread
        return self if is_less else replace(self, usage=usage)


class RunStore(Protocol):
    """Something that keeps the runs of one organization."""

    def going_on(self, run: Run, clock: Callable[[], datetime]) -> AbstractContextManager[Callable[[], None]]:
        """Let others see that a command goes on while this lasts, and for how long: call what is given now and then.

        A command that is kept without an end, and does not go on, is one whose end is unknown.
        """
        ...

    def keep(self, run: Run) -> None:
        """Keep a run, in the place of what was known of it.

        Raises:
            ArchiveFailed: where it cannot be kept.
        """
        ...

    def runs(self) -> tuple[Run, ...]:
        """Return those that are kept, the newest first.

        Raises:
            ArchiveFailed: where they cannot be read.
        """
        ...

    def forget(self, run: Run) -> None:
        """Forget a run.

        Raises:
            ArchiveFailed: where it cannot be forgotten.
        """
        ...


def whole_minutes(start: datetime, end: datetime) -> Window:
    """Return the whole minutes that hold a span, one at least."""
    first = Width.MINUTE.floor(start)
    return Window(first, max(_ceiling(end, Width.MINUTE), first + Width.MINUTE.span), Width.MINUTE)


def with_run(runs: Iterable[Run], run: Run) -> tuple[Run, ...]:
    """Return the runs with this one in the place of what was known of it, the newest first."""
    others = (each for each in runs if each.id != run.id)
    return tuple(sorted((*others, run), key=lambda each: each.started, reverse=True))


def begun_at_mark(at: datetime, id_: str) -> Run:
    """Return the run that begins with a mark."""
    return Run(id_, f"since {at:%H:%M}", "mark", at)


def spans(window: Window) -> tuple[Window, ...]:
    """Return windows that together are this one: whole days inside, hours beside them, minutes at the ends."""
    start, end = window.start, window.end
    first_hour, last_hour = _ceiling(start, Width.HOUR), Width.HOUR.floor(end)
    first_day, last_day = _ceiling(first_hour, Width.DAY), Width.DAY.floor(last_hour)
    if first_hour >= last_hour:
        parts = [(start, end, Width.MINUTE)]
    elif first_day >= last_day:
        parts = [(first_hour, last_hour, Width.HOUR)]
    else:
        parts = [
            (first_hour, first_day, Width.HOUR),
            (first_day, last_day, Width.DAY),
            (last_day, last_hour, Width.HOUR),
        ]
    if first_hour < last_hour:
        parts = [(start, first_hour, Width.MINUTE), *parts, (last_hour, end, Width.MINUTE)]
    return tuple(Window(begin, stop, width) for begin, stop, width in parts if begin < stop)


def _ceiling(moment: datetime, width: Width) -> datetime:
    floor = width.floor(moment)
    return floor if floor == moment else floor + width.span


def is_complete(end: datetime, through: datetime | None, read_at: datetime) -> bool:
    """Return whether an answer about a span that ended then holds all of it."""
    return (through is not None and through > end) or read_at >= end + LATEST


def usage_of(
    parts: Iterable[tuple[Window, Mapping[datetime, Bucket], int]],
    catalogue: Catalogue,
    cost: Callable[[Row, datetime], Decimal | None] | None = None,
) -> RunUsage:
    """Return what was used: of each window what is known of it, and how many of its buckets are not kept any more.

    `cost` tells what a row would cost on a day, in dollars; None where no prices are known at all.
    """
    rows: dict[str, list[tuple[Row, datetime]]] = {}
    pools: dict[str, int] = {}
    unread = not_kept = timedelta()
    for window, buckets, gone in parts:
        starts = list(window.starts())
        unread += window.width.span * (len(starts) - sum(start in buckets for start in starts))
        not_kept += window.width.span * gone
        for start in starts:
            for row in buckets[start].rows if start in buckets else ():
                rows.setdefault(row.name, []).append((row, start))
                pool = catalogue.pool_of(row.model) if row.is_free and row.model is not None else None
                if pool is not None:
                    pools[pool] = pools.get(pool, 0) + row.tokens
    models = [ModelUsage(model, add_up(row for row, _ in of), _cost(of, cost)) for model, of in rows.items()]
    used = sorted((each for each in models if each.sums), key=lambda each: (-each.sums.total, each.model))
    return RunUsage(tuple(used), pools, unread=unread, not_kept=not_kept)


def _cost(
    rows: Sequence[tuple[Row, datetime]], cost: Callable[[Row, datetime], Decimal | None] | None
) -> Decimal | None:
    """Return what billed rows cost, None where that is not known of one of them."""
    amount = _NOTHING
    for row, start in rows:
        if row.is_free or not row.tokens:
            continue
        found = None if cost is None else cost(row, start)
        if found is None:
            return None
        amount += found
    return amount
