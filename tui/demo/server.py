"""The demo's API: an ASGI application with the documented paths, parameters, limits, paging and error bodies.

Shapes are OpenAI's OpenAPI document of 2026-08-21; the texts of 400 answers are not documented and are our own, but
for the one about page tokens (community.openai.com, thread 1369109).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tui.demo.answers import ENDPOINTS
from tui.demo.organization import Organization

NAME = "org-acme"
KEY = "sk-admin-demo"
_WIDTHS = {
    "1d": (timedelta(days=1), 7, 31),
    "1h": (timedelta(hours=1), 24, 168),
    "1m": (timedelta(minutes=1), 60, 1440),
}
_FILTERS = {"project_ids": "project_id", "user_ids": "user_id", "api_key_ids": "api_key_id", "models": "model"}


_BAD_TOKEN = "The page token is invalid, have you modified the query parameters?"  # noqa: S105
_END_OF_TIME = datetime(9000, 1, 1, tzinfo=UTC)


class _BadRequest(Exception):
    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


def application(organization: Organization, clock: Callable[[], datetime]) -> Starlette:
    """Return the API of `organization`; `clock` says what time it is, in UTC."""

    def usage(request: Request) -> Response:
        now = clock()
        headers = {
            "date": format_datetime(now.astimezone(UTC), usegmt=True),
            "openai-organization": NAME,
            "openai-version": "2020-10-01",
            "x-request-id": "req_" + hashlib.sha256(str(request.url).encode()).hexdigest()[:32],
        }
        refusal = _refused(request)
        if refusal is not None:
            return JSONResponse(refusal, 401, headers)
        try:
            return JSONResponse(_page(request, organization, now), headers=headers)
        except _BadRequest as error:
            return JSONResponse(_error(str(error), param=error.param), 400, headers)

    async def not_found(request: Request, _: Exception) -> Response:
        return JSONResponse(_error(f"Invalid URL ({request.method} {request.url.path})"), 404)

    return Starlette(
        routes=[Route(f"/v1/organization/usage/{name}", usage, methods=["GET"]) for name in ENDPOINTS],
        exception_handlers={404: not_found},
    )


def _error(message: str, param: str | None = None, code: str | None = None) -> dict[str, object]:
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


def _refused(request: Request) -> dict[str, object] | None:
    """Return the body of a 401, or None for a key that looks like an admin key."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.startswith("sk-admin-"):
        return None
    if not key:
        return _error("Missing bearer authentication in header")
    masked = f"{key[:8]}{'*' * 8}{key[-4:]}" if len(key) > 16 else "*" * len(key)
    return _error(
        f"Incorrect API key provided: {masked}. You can find your API key at "
        "https://platform.openai.com/account/api-keys.",
        code="invalid_api_key",
    )


def _page(request: Request, organization: Organization, now: datetime) -> dict[str, object]:
    """Return one page of the endpoint that was asked."""
    answers = ENDPOINTS[request.url.path.rpartition("/")[2]]
    span, default, maximum = _one_of(request, "bucket_width", _WIDTHS, "1d")
    limit = _number(request, "limit", default)
    if limit is None or not 1 <= limit <= maximum:
        raise _BadRequest(f"Invalid 'limit': must be between 1 and {maximum} for this bucket_width.", "limit")
    start, end = _range(request, now)
    group_by = _values(request, "group_by")
    for field in group_by:
        if field not in answers.fields:
            supported = ", ".join(answers.fields)
            raise _BadRequest(f"Invalid value: '{field}'. Supported values are: {supported}.", "group_by")
    wanted = {
        field: {value.lower() for value in values}
        for name, field in _FILTERS.items()
        if field in answers.fields and (values := _values(request, name))
    }
    batch = request.query_params.get("batch")
    if batch is not None and "batch" in answers.fields:
        wanted["batch"] = {batch.lower()}

    first = _position(request) or start
    buckets: list[dict[str, object]] = []
    edge = _floor(first, span)
    while edge < end and len(buckets) < limit:
        begin, finish = max(edge, start), edge + span
        records = organization.records(begin, min(finish, end), now)
        buckets.append(
            {
                "object": "bucket",
                "start_time": int(begin.timestamp()),
                "end_time": int(finish.timestamp()),
                "results": list(answers.results(records, group_by, wanted)),
            }
        )
        edge = finish
    more = edge < end
    return {
        "object": "page",
        "data": buckets,
        "has_more": more,
        "next_page": _cursor(request, edge) if more else None,
    }


def _values(request: Request, name: str) -> list[str]:
    """Return an array parameter, written either way: repeated, or with brackets."""
    query = request.query_params
    return [*query.getlist(name), *query.getlist(f"{name}[]")]


def _one_of(
    request: Request, name: str, table: dict[str, tuple[timedelta, int, int]], default: str
) -> tuple[timedelta, int, int]:
    value = request.query_params.get(name, default)
    if value not in table:
        raise _BadRequest(f"Invalid value: '{value}'. Supported values are: {', '.join(table)}.", name)
    return table[value]


def _number(request: Request, name: str, default: int | None = None) -> int | None:
    value = request.query_params.get(name)
    if value is None:
        return default
    try:
        return int(value)
    except ValueError:
        raise _BadRequest(f"Invalid type for '{name}': expected an integer.", name) from None


def _range(request: Request, now: datetime) -> tuple[datetime, datetime]:
    start, end = _number(request, "start_time"), _number(request, "end_time")
    if start is None:
        raise _BadRequest("Missing required parameter: 'start_time'.", "start_time")
    try:
        first = datetime.fromtimestamp(start, UTC)
        last = now if end is None else datetime.fromtimestamp(end, UTC)
    except (OverflowError, ValueError, OSError):
        raise _BadRequest("Invalid 'start_time' or 'end_time': not a time.", "start_time") from None
    if max(first, last) > _END_OF_TIME:
        raise _BadRequest("Invalid 'start_time' or 'end_time': not a time.", "start_time")
    if end is not None and last <= first:
        raise _BadRequest("Invalid 'end_time': must be after 'start_time'.", "end_time")
    return first, last


def _floor(moment: datetime, span: timedelta) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + ((moment - epoch) // span) * span


def _digest(request: Request) -> str:
    others = sorted((name, value) for name, value in request.query_params.multi_items() if name != "page")
    return hashlib.sha256(json.dumps(others).encode()).hexdigest()[:12]


def _cursor(request: Request, edge: datetime) -> str:
    return "page_" + base64.urlsafe_b64encode(f"{int(edge.timestamp())}.{_digest(request)}".encode()).decode()


def _position(request: Request) -> datetime | None:
    """Return where the page token points to.

    Raises:
        _BadRequest: for one that was not made for these parameters.

    """
    token = request.query_params.get("page")
    if token is None:
        return None
    try:
        edge, _, digest = base64.urlsafe_b64decode(token.removeprefix("page_")).decode().partition(".")
        moment = datetime.fromtimestamp(int(edge), UTC)
    except (ValueError, OverflowError, OSError):
        raise _BadRequest(_BAD_TOKEN, "page") from None
    if digest != _digest(request):
        raise _BadRequest(_BAD_TOKEN, "page")
    return moment
