"""The demo's API: an ASGI application with the documented paths, parameters, limits, paging and error bodies.

Shapes are OpenAI's OpenAPI document of 2026-08-21; the texts of 400 answers are not documented and are our own, but
for the one about page tokens (community.openai.com, thread 1369109).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tui.sources.demo import admin_settings, directory, parameters
from tui.sources.demo.answers import ENDPOINTS
from tui.sources.demo.costs import costs
from tui.sources.demo.organization import Organization
from tui.sources.demo.parameters import BadRequest

NAME = "org-acme"
KEY = "sk-admin-demo"
_WIDTHS = {
    "1d": (timedelta(days=1), 7, 31),
    "1h": (timedelta(hours=1), 24, 168),
    "1m": (timedelta(minutes=1), 60, 1440),
}
_FILTERS = {"project_ids": "project_id", "user_ids": "user_id", "api_key_ids": "api_key_id", "models": "model"}


Document = dict[str, object]
Answer = Callable[[Request, Organization, datetime], Document]


def application(organization: Organization, clock: Callable[[], datetime]) -> Starlette:
    """Return the API of `organization`; `clock` says what time it is, in UTC."""

    def answering(answer: Answer) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
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
                return JSONResponse(answer(request, organization, now), headers=headers)
            except admin_settings.Missing as error:
                return JSONResponse(_error(str(error)), 404, headers)
            except BadRequest as error:
                return JSONResponse(_error(str(error), param=error.param), 400, headers)

        return endpoint

    async def not_found(request: Request, _: Exception) -> Response:
        return JSONResponse(_error(f"Invalid URL ({request.method} {request.url.path})"), 404)

    paths: dict[str, Answer] = {
        **{f"usage/{name}": _usage for name in ENDPOINTS},
        "costs": costs,
        "projects": directory.projects,
        "users": directory.users,
        "projects/{project}": directory.project,
        "projects/{project}/api_keys": directory.keys,
        "spend_limit": admin_settings.spend_limit,
        "spend_alerts": admin_settings.spend_alerts,
        "data_retention": admin_settings.data_retention,
        "projects/{project}/spend_limit": admin_settings.spend_limit,
        "projects/{project}/rate_limits": admin_settings.rate_limits,
        "projects/{project}/data_retention": admin_settings.data_retention,
        "projects/{project}/hosted_tool_permissions": admin_settings.hosted_tool_permissions,
        "projects/{project}/service_tier_settings": admin_settings.service_tier_settings,
    }
    return Starlette(
        routes=[
            Route(f"/v1/organization/{path}", answering(answer), methods=["GET"]) for path, answer in paths.items()
        ],
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


def _usage(request: Request, organization: Organization, now: datetime) -> Document:
    """Return one page of the usage endpoint that was asked."""
    answers = ENDPOINTS[request.url.path.rpartition("/")[2]]
    span, default, maximum = parameters.one_of(request, "bucket_width", _WIDTHS, "1d")
    most = parameters.limit(request, default, maximum, " for this bucket_width")
    group_by = parameters.grouping(request, answers.fields)
    wanted = {
        field: {value.lower() for value in values}
        for name, field in _FILTERS.items()
        if field in answers.fields and (values := parameters.values(request, name))
    }
    batch = request.query_params.get("batch")
    if batch is not None and "batch" in answers.fields:
        wanted["batch"] = {batch.lower()}

    def results(begin: datetime, end: datetime) -> list[object]:
        return list(answers.results(organization.records(begin, end, now), group_by, wanted))

    return parameters.page(request, now, span, most, results)
