"""What it costs, from `/organization/costs`: daily, by line item and project.

Costs are read as usage is: a line, a bucket or a page that cannot be read costs only itself, pages may repeat and
overlap each other, and what was read stays when a later page fails. The API can go on handing out a next page after
the last one (a public connector's comments, met live; read 2026-11-25).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

import httpx

from tui.domain import formatting
from tui.domain.cost_lines import About, Cost, CostLines, CostsTogether
from tui.domain.costs import Costs
from tui.domain.time import DAY, Width, Window
from tui.errors import HOPELESS, ApiError, NotKept, RequestRefused, TimedOut, Unreachable, Unreadable
from tui.sources.openai.api import PageTooLarge, Params, TooMuch
from tui.sources.openai.client import Client
from tui.sources.openai.cost_lines import CostBucket, CostPage, decode
from tui.sources.openai.merge import moment
from tui.sources.openai.pages import Chain, ChainBroken
from tui.sources.openai.wire import Malformed

LIMIT = 180
"""The API's maximum of days on a page (OpenAPI document of 2026-08-21)."""

_MAY_BE_REFUSED = ("user_id", "api_source", "api_key_id")
"""What costs are broken down by beside line item and project, the least certain last."""

_MOST_PAGES = 30
"""Pages of one answer beyond one a day, after which no more are asked for."""


class CostClient:
    """The costs of one organization."""

    def __init__(self, client: Client) -> None:
        self._api = client.api

    async def costs(self, window: Window, by: Collection[str] = ()) -> Costs:
        """Return the costs of the days that the API names; see `sources.base.CostSource`.

        Grouping by API key is documented, and has been refused with a 400 (public code, 2026-08): it is left out
        first where a request is refused.
        """
        fields = sorted(by, key=_MAY_BE_REFUSED.index)
        while True:
            try:
                return await self._costs(window, tuple(fields))
            except NotKept:
                raise
            except RequestRefused:
                if not fields:
                    raise
            fields.pop()

    async def _costs(self, window: Window, by: tuple[str, ...]) -> Costs:
        found = _Days(window, by)
        for piece in window.pieces(LIMIT):
            try:
                await self._piece(piece, found)
            except NotKept:
                raise  # the window begins too early: whoever asked finds out where to begin
            except ApiError as error:
                found.errors.append(error)
                if isinstance(error, (*HOPELESS, TimedOut, Unreachable)):
                    break
        if found.errors and not found.parts:
            raise found.errors[0]
        return found.costs()

    async def _piece(self, piece: Window, found: _Days) -> None:
        """Read one window. Where a chain of pages breaks, another one begins behind what has come.

        The same parameters go with each page of a chain, so a smaller limit needs a chain of its own too.
        """
        rest: Window | None = piece
        limit = (piece.end - piece.start) // DAY
        while rest is not None:
            begun, limit = rest.start, min(limit, (rest.end - rest.start) // DAY)
            try:
                await self._chain(rest, limit, found)
            except PageTooLarge as large:
                limit = max(1, min(large.buckets, limit - 1))
                rest = rest.without(found.parts)
            except TooMuch:
                raise  # no other page would be the API's either
            except Unreadable as error:
                found.errors.append(error)
                rest = _after(rest.without(found.parts), limit)
            except ChainBroken as broken:
                rest = rest.without(found.parts)
                if rest is None or rest.start == begun:
                    raise broken.error from broken
            else:
                return

    async def _chain(self, window: Window, limit: int, found: _Days) -> None:
        """Follow one chain of pages to its end: a page without buckets, or the last bucket of the window."""
        chain = Chain(sum(1 for _ in window.starts()) + _MOST_PAGES, "costs")

        async def get(cursor: str | None) -> tuple[bytes, httpx.Response]:
            return await self._api.get("costs", _params(window, limit, cursor, found.by), can_shrink=limit > 1)

        async with aclosing(chain.pages(get, lambda body: asyncio.to_thread(decode, body))) as pages:
            async for _, _, page in pages:
                chain.is_new = found.take(page)
                if not page.names_buckets or window.without(found.parts) is None:
                    return


_Group = tuple[str | None, ...]


@dataclass(slots=True)
class _Interval:
    """The lines of one interval, and how many could not be read."""

    lines: CostLines
    left_out: int


class _Days:
    """The days of a window as pages arrive: nothing lost, nothing counted twice, as with usage.

    An interval that comes again (same start) replaces the groups that it names and keeps the others. Intervals with
    different starts in one day are parts of it: the first one may be clipped to the request.
    """

    def __init__(self, window: Window, by: tuple[str, ...] = ()) -> None:
        self._window, self.by = window, by
        self.parts: dict[datetime, dict[int, _Interval]] = {}
        self.errors: list[ApiError] = []
        self._lost_buckets = 0
        self._abouts: dict[About, About] = {}

    def take(self, page: CostPage) -> bool:
        """Take in a page, and return whether it named anything new."""
        self._lost_buckets += page.lost_buckets
        is_new = [self._take(bucket) for bucket in page.buckets]
        return any(is_new)

    def _take(self, bucket: CostBucket) -> bool:
        try:
            start = Width.DAY.floor(moment(bucket.start))
        except Malformed:
            self._lost_buckets += 1
            return False
        if start not in self._window:
            return False
        parts = self.parts.setdefault(start, {})
        known, lines = parts.get(bucket.start), bucket.lines
        if known is not None:
            groups = {**self._by_group(known.lines), **self._by_group(lines)}
            lines = tuple(chain.from_iterable(groups.values()))
        fresh = _Interval(CostLines(lines, self._abouts), bucket.left_out)
        parts[bucket.start] = fresh
        return fresh != known

    def _by_group(self, lines: Iterable[Cost]) -> dict[_Group, list[Cost]]:
        """Return lines by what tells them apart; two lines of one group in one delivery both count."""
        groups: dict[_Group, list[Cost]] = {}
        for cost in lines:
            group = (cost.line_item, cost.project_id, cost.currency, *(getattr(cost, field) for field in self.by))
            groups.setdefault(group, []).append(cost)
        return groups

    def costs(self) -> Costs:
        """Return all that came, and say what did not."""
        days = {start: _together([part.lines for part in parts.values()]) for start, parts in self.parts.items()}
        left_out = {start: sum(part.left_out for part in parts.values()) for start, parts in self.parts.items()}
        incomplete = frozenset(start for start, count in left_out.items() if count)
        return Costs(
            days,
            problem=" ".join(self._problems(left_out)) or None,
            incomplete=incomplete,
            by=dict.fromkeys(days, frozenset(self.by)),
        )

    def _problems(self, left_out: dict[datetime, int]) -> list[str]:
        said: list[str] = []
        missing = tuple(start for start in self._window.starts() if start not in self.parts)
        if self.errors and missing:
            said.append(f"Costs of {formatting.days_named(missing)} could not be read. {self.errors[0].sentence}")
        if self._lost_buckets:
            said.append(f"{formatting.count(self._lost_buckets, 'day')} of costs without a date could not be read.")
        bad = tuple(sorted(start for start, count in left_out.items() if count))
        if bad:
            lines = formatting.count(sum(left_out.values()), "line")
            said.append(f"Missing in the sums, since unreadable: {lines} of costs ({formatting.days_named(bad)}).")
        return said


def _together(parts: Sequence[CostLines]) -> Sequence[Cost]:
    return parts[0] if len(parts) == 1 else CostsTogether(parts)


def _after(window: Window | None, days: int) -> Window | None:
    """Return what follows the first days of a window, if anything does."""
    if window is None or window.start + days * DAY >= window.end:
        return None
    return replace(window, start=window.start + days * DAY)


def _params(window: Window, limit: int, cursor: str | None, by: Collection[str]) -> Params:
    """Return the query string's fields; the end is the next midnight, since costs refuse one within the same day."""
    params: Params = [("start_time", int(window.start.timestamp()))]
    if not window.running:
        params.append(("end_time", int(window.end.timestamp())))
    params += [("bucket_width", "1d"), *(("group_by", field) for field in ("line_item", "project_id", *by))]
    params.append(("limit", limit))
    if cursor is not None:
        params.append(("page", cursor))
    return params
