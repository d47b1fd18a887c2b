"""The demo's lists of projects, users and API keys: who is called what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from starlette.requests import Request

from tui.sources.demo import parameters
from tui.sources.demo.organization import FOUNDED, Organization

Entry = dict[str, object]
_SINCE = int(FOUNDED.timestamp())


def projects(request: Request, organization: Organization, _: datetime) -> Entry:
    """Return a page of projects; archived ones only where they are asked for."""
    whole = request.query_params.get("include_archived", "false").lower() == "true"
    people = organization.people
    return _page(
        request,
        (
            {
                "id": id_,
                "object": "organization.project",
                "name": name,
                "created_at": _SINCE,
                "archived_at": _SINCE if id_ in people.archived else None,
                "status": "archived" if id_ in people.archived else "active",
            }
            for id_, name in people.projects.items()
            if whole or id_ not in people.archived
        ),
    )


def users(request: Request, organization: Organization, _: datetime) -> Entry:
    """Return a page of users."""
    return _page(
        request,
        (
            {
                "id": id_,
                "object": "organization.user",
                "name": name,
                "email": f"{name.split()[0].lower()}@acme.example",
                "role": "reader",
                "added_at": _SINCE,
            }
            for id_, name in organization.people.users.items()
        ),
    )


def keys(request: Request, organization: Organization, _: datetime) -> Entry:
    """Return a page of a project's API keys."""
    project = request.path_params["project"]
    if project not in organization.people.projects:
        raise parameters.BadRequest(f"No project found with id '{project}'.", "project_id")
    return _page(
        request,
        (
            {
                "id": id_,
                "object": "organization.project.api_key",
                "name": name,
                "redacted_value": f"sk-...{id_[-3:]}",
                "created_at": _SINCE,
                "last_used_at": _SINCE,
                "owner_project_access": "active",
                "owner": {"type": "service_account", "service_account": _robot(id_, name)},
            }
            for id_, (name, of) in organization.people.keys.items()
            if of == project
        ),
    )


def _page(request: Request, entries: Iterable[Entry]) -> Entry:
    """Return the entries after the one that the request names, as many as it wants."""
    limit, after = parameters.limit(request, 20, 100), request.query_params.get("after")
    all_of_them = list(entries)
    ids = [entry["id"] for entry in all_of_them]
    if after is not None and after not in ids:
        raise parameters.BadRequest(f"No entry found with id '{after}'.", "after")
    rest = all_of_them if after is None else all_of_them[ids.index(after) + 1 :]
    shown = rest[:limit]
    return {
        "object": "list",
        "data": shown,
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
        "has_more": len(rest) > limit,
    }


def _robot(key: str, name: str) -> Entry:
    """Return the service account that a key is of."""
    return {"id": f"svc_acct_{key}", "name": name, "created_at": _SINCE, "role": "member"}
