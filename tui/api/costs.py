"""What it costs, from `/organization/costs`: daily, by line item and project.

Amounts are documented as numbers and come as strings too, long and with exponents (seen 2026-05 to 2026-07 by several
clients); both are read as they are written, into Decimal.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from decimal import Decimal
from sys import intern

import msgspec

from tui.api import failures
from tui.api.client import Client, PageTooLarge, Params
from tui.api.paging import moment
from tui.domain.money import Cost
from tui.domain.window import DAY, Width, Window
from tui.errors import Unreadable

LIMIT = 180
"""The API's maximum of days on a page (OpenAPI document of 2026-08-21)."""

_MOST_PAGES = 100
_MOST_DOLLARS = 10**15


class _Amount(msgspec.Struct):
    value: Decimal | None = None
    currency: str | None = None


class _Result(msgspec.Struct):
    amount: _Amount | None = None
    line_item: str | None = None
    project_id: str | None = None

    def cost(self) -> Cost:
        amount = self.amount or _Amount()
        value = amount.value or Decimal(0)
        if not value.is_finite() or abs(value) > _MOST_DOLLARS:
            raise Unreadable("an amount is no number of dollars")
        return Cost(
            value,
            None if self.line_item is None else intern(self.line_item),
            None if self.project_id is None else intern(self.project_id),
            intern((amount.currency or "usd").lower()),
        )


class _Bucket(msgspec.Struct):
    start_time: int
    results: list[_Result] | None = None
    result: list[_Result] | None = None


class _Page(msgspec.Struct):
    data: list[_Bucket]
    has_more: bool | None = None
    next_page: str | None = None


_DECODER = msgspec.json.Decoder(_Page)


class CostsOf:
    """The costs of one organization."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def costs(self, window: Window) -> dict[datetime, tuple[Cost, ...]]:
        """Return the costs of each day; see `domain.source.Costing`. Days that the API does not name cost nothing."""
        found: dict[datetime, dict[int, tuple[Cost, ...]]] = {}
        cursor, limit = None, min(LIMIT, max(1, (window.end - window.start) // DAY))
        for _ in range(_MOST_PAGES):
            try:
                body, response = await self._client.get("costs", _params(window, limit, cursor), can_shrink=limit > 1)
            except PageTooLarge as large:  # the same parameters go with each page of a chain, so it begins anew
                found, cursor, limit = {}, None, max(1, min(large.buckets, limit - 1))
                continue
            try:
                page, costs = await asyncio.to_thread(_decoded, body)
            except Unreadable as error:
                raise failures.unreadable(response, body, error, "costs") from error
            for start, lines in costs.items():
                found.setdefault(Width.DAY.floor(moment(start)), {})[start] = lines
            more = page.next_page if page.has_more is not False else None
            if more is None and not page.has_more:
                break
            if more in {None, cursor}:
                lost = Unreadable("it says that more follows, and not where")
                raise failures.unreadable(response, body, lost, "costs")
            cursor = more
        else:
            raise Unreadable(f"The API sent more than {_MOST_PAGES} pages of costs.")
        days = {start: tuple(cost for part in parts.values() for cost in part) for start, parts in found.items()}
        return {start: days.get(start, ()) for start in window.starts()}


def _params(window: Window, limit: int, cursor: str | None) -> Params:
    """Return the query string's fields; the end is the next midnight, since costs refuse one within the same day."""
    params: Params = [("start_time", int(window.start.timestamp()))]
    if not window.running:
        params.append(("end_time", int(window.end.timestamp())))
    params += [("bucket_width", "1d"), ("group_by", "line_item"), ("group_by", "project_id")]
    params.append(("limit", limit))
    if cursor is not None:
        params.append(("page", cursor))
    return params


def _decoded(body: bytes) -> tuple[_Page, dict[int, tuple[Cost, ...]]]:
    """Return the page, and its costs by the start of their interval."""
    try:
        page = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(f"{error}.") from error
    costs: dict[int, tuple[Cost, ...]] = {}
    for bucket in page.data:
        lines = tuple(result.cost() for result in bucket.results or bucket.result or ())
        costs[bucket.start_time] = (*costs.get(bucket.start_time, ()), *lines)
    return page, costs
