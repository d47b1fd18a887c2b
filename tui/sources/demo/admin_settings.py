"""The demo's limits and settings, as the endpoints that the official client 3.57.0 (2026-11-20) reads tell them.

How the API answers where no limit is set is not documented: the demo answers with 404.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from starlette.requests import Request

from tui.sources.demo import parameters
from tui.sources.demo.organization import Organization

Entry = dict[str, object]

_ORGANIZATION_LIMIT, _ALERTS = 250_00, (100_00, 200_00)
_PROJECT_LIMITS = {"Research": (200_00, False), "Assistant": (150_00, False)}
"""Cents a month, by the project's name, and whether requests beyond them are refused now."""

_RATES = {
    "gpt-6-astra": (5_000, 1_000_000),
    "gpt-6-sol": (5_000, 1_000_000),
    "gpt-6.1-sol": (5_000, 1_000_000),
    "gpt-5.6-terra": (5_000, 1_000_000),
    "gpt-5.4": (500, 500_000),
    "gpt-5.4-pro": (10_000, 30_000_000),
    "gpt-5.4-mini": (500, 500_000),
    "gpt-5-nano": (500, 200_000),
    "gpt-4o-mini": (500, 200_000),
}
"""Requests and tokens a minute: the usage tier Build, and a `-pro` that is above it all the same."""

_NO_DATA, _FAST, _IN_EUROPE, _WITHOUT_TOOLS = "Contracts", "Contracts", "Contracts", "Assistant"


class Missing(Exception):
    """Nothing is set: answered with 404."""


def spend_limit(request: Request, organization: Organization, _: datetime) -> Entry:
    """Return the limit of the organization, or of a project."""
    if "project" not in request.path_params:
        return _limit("organization.spend_limit", _ORGANIZATION_LIMIT, enforcing=False)
    name = _project(request, organization)
    if name not in _PROJECT_LIMITS:
        raise Missing("No spend limit is set.")
    amount, enforcing = _PROJECT_LIMITS[name]
    return _limit("project.spend_limit", amount, enforcing=enforcing)


def spend_alerts(request: Request, _: Organization, __: datetime) -> Entry:
    """Return a page of the organization's alerts."""
    return parameters.listed(
        request,
        [
            {
                "id": f"spalert_{amount}",
                "object": "organization.spend_alert",
                "currency": "USD",
                "interval": "month",
                "notification_channel": {"type": "email", "recipients": ["owner@acme.example"]},
                "threshold_amount": amount,
            }
            for amount in _ALERTS
        ],
    )


def rate_limits(request: Request, organization: Organization, _: datetime) -> Entry:
    """Return a page of a project's limits a minute."""
    _project(request, organization)
    return parameters.listed(
        request,
        [
            {
                "id": f"rl-{model}",
                "object": "project.rate_limit",
                "model": model,
                "max_requests_per_1_minute": requests,
                "max_tokens_per_1_minute": tokens,
            }
            for model, (requests, tokens) in _RATES.items()
        ],
    )


def data_retention(request: Request, organization: Organization, _: datetime) -> Entry:
    """Return how long data are kept, of the organization or of a project."""
    if "project" not in request.path_params:
        return {"object": "organization.data_retention", "type": "modified_abuse_monitoring"}
    is_none = _project(request, organization) == _NO_DATA
    return {
        "object": "project.data_retention",
        "type": "zero_data_retention" if is_none else "organization_default",
    }


def hosted_tool_permissions(request: Request, organization: Organization, _: datetime) -> Entry:
    """Return which hosted tools a project may use."""
    is_on = _project(request, organization) != _WITHOUT_TOOLS
    names = ("code_interpreter", "file_search", "image_generation", "mcp", "web_search")
    return {name: {"enabled": is_on} for name in names}


def service_tier_settings(request: Request, organization: Organization, _: datetime) -> Entry:
    """Return the service tier of a project's requests that name none."""
    is_fast = _project(request, organization) == _FAST
    return {
        "object": "project.service_tier_settings",
        "default": "fast" if is_fast else "standard",
        "enabled_tiers": "all",
    }


def residency(name: str) -> str:
    """Return where a project's data are kept and processed."""
    return "EU_STORAGE_PROCESSING" if name == _IN_EUROPE else "GLOBAL"


def _limit(object_: str, amount: int, *, enforcing: bool) -> Entry:
    return {
        "object": object_,
        "threshold_amount": amount,
        "currency": "USD",
        "interval": "month",
        "enforcement": {"status": "enforcing" if enforcing else "inactive"},
    }


def _project(request: Request, organization: Organization) -> str:
    """Return the name of the project that is asked about.

    Raises:
        BadRequest: for one that is not there.
    """
    project: str = request.path_params["project"]
    known: Iterable[str] = organization.people.projects
    if project not in known:
        raise parameters.BadRequest(f"No project found with id '{project}'.", "project_id")
    return organization.people.projects[project]
