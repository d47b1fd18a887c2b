"""What a request to the demo's API says: its parameters, checked as the real one checks them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from starlette.requests import Request

_BAD_TOKEN = "The page token is invalid, have you modified the query parameters?"  # noqa: S105
_END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC)


class BadRequest(Exception):
    """A request that is answered with 400, about one of its parameters."""

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


def values(request: Request, name: str) -> list[str]:
    """Return an array parameter, written either way: repeated, or with brackets."""
    query = request.query_params
    return [*query.getlist(name), *query.getlist(f"{name}[]")]


def one_of(
    request: Request, name: str, table: dict[str, tuple[timedelta, int, int]], default: str
) -> tuple[timedelta, int, int]:
    """Return what the parameter stands for in a table."""
    value = request.query_params.get(name, default)
    if value not in table:
        raise BadRequest(f"Invalid value: '{value}'. Supported values are: {', '.join(table)}.", name)
    return table[value]


def number(request: Request, name: str, default: int | None = None) -> int | None:
    """Return a whole number."""
    value = request.query_params.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        raise BadRequest(f"Invalid type for '{name}': expected an integer.", name) from None


def asked_range(request: Request, now: datetime) -> tuple[datetime, datetime]:
    """Return the first and the last moment that are asked for."""
    start, end = number(request, "start_time"), number(request, "end_time")
    if start is None:
        raise BadRequest("Missing required parameter: 'start_time'.", "start_time")
    try:
        first = datetime.fromtimestamp(start, UTC)
        last = now if end is None else datetime.fromtimestamp(end, UTC)
    except (OverflowError, ValueError, OSError):
        raise BadRequest("Invalid 'start_time' or 'end_time': not a time.", "start_time") from None
    if max(first, last) > _END_OF_TIME:
        raise BadRequest("Invalid 'start_time' or 'end_time': not a time.", "start_time")
    if end is not None and last <= first:
        raise BadRequest("Invalid 'end_time': must be after 'start_time'.", "end_time")
    return first, last


def limit(request: Request, default: int, maximum: int, whose: str = "") -> int:
    """Return how many entries or buckets a page may hold."""
    found = number(request, "limit", default)
    if found is None or not 1 <= found <= maximum:
        raise BadRequest(f"Invalid 'limit': must be between 1 and {maximum}{whose}.", "limit")
    return found


def grouping(request: Request, fields: Sequence[str]) -> list[str]:
    """Return the fields to group by."""
    group_by = values(request, "group_by")
    for field in group_by:
        if field not in fields:
            supported = ", ".join(fields)
            raise BadRequest(f"Invalid value: '{field}'. Supported values are: {supported}.", "group_by")
    return group_by


def listed(request: Request, entries: Iterable[dict[str, object]]) -> dict[str, object]:
    """Return the entries after the one that the request names, as many as it wants."""
    most, after = limit(request, 20, 100), request.query_params.get("after")
    all_of_them = list(entries)
    ids = [entry["id"] for entry in all_of_them]
    if after is not None and after not in ids:
        raise BadRequest(f"No entry found with id '{after}'.", "after")
    rest = all_of_them if after is None else all_of_them[ids.index(after) + 1 :]
    shown = rest[:most]
    return {
        "object": "list",
        "data": shown,
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
        "has_more": len(rest) > most,
    }


def floor(moment: datetime, span: timedelta) -> datetime:
    """Return the start of the interval that a moment is in."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + ((moment - epoch) // span) * span


def _digest(request: Request) -> str:
    others = sorted((name, value) for name, value in request.query_params.multi_items() if name != "page")
    return hashlib.sha256(json.dumps(others).encode()).hexdigest()[:12]


def cursor(request: Request, edge: datetime) -> str:
    """Return a page token: an edge, for these parameters only."""
    return "page_" + base64.urlsafe_b64encode(f"{int(edge.timestamp())}.{_digest(request)}".encode()).decode()


def position(request: Request) -> datetime | None:
    """Return where the page token points to.

    Raises:
        BadRequest: for one that was not made for these parameters.

    """
    token = request.query_params.get("page")
    if token is None:
        return None
    try:
        edge, _, digest = base64.urlsafe_b64decode(token.removeprefix("page_")).decode().partition(".")
        moment = datetime.fromtimestamp(int(edge), UTC)
    except (ValueError, OverflowError, OSError):
        raise BadRequest(_BAD_TOKEN, "page") from None
    if digest != _digest(request):
        raise BadRequest(_BAD_TOKEN, "page")
    return moment


def page(
    request: Request, now: datetime, span: timedelta, most: int, results: Callable[[datetime, datetime], list[object]]
) -> dict[str, object]:
    """Return a page of at most so many buckets, whose `results` are those of the interval between two moments."""
    start, end = asked_range(request, now)
    edge = floor(position(request) or start, span)
    buckets: list[dict[str, object]] = []
    while edge < end and len(buckets) < most:
        begin, finish = max(edge, start), edge + span
        buckets.append(
            {
                "object": "bucket",
                "start_time": int(begin.timestamp()),
                "end_time": int(finish.timestamp()),
                "results": results(begin, min(finish, end)),
            }
        )
        edge = finish
    more = edge < end
    return {
        "object": "page",
        "data": buckets,
        "has_more": more,
        "next_page": cursor(request, edge) if more else None,
    }
