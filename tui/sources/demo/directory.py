"""The demo's lists of projects, users and API keys: who is called what."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request

from tui.sources.demo import admin_settings, parameters
from tui.sources.demo.organization import FOUNDED, Organization
from tui.sources.demo.workloads import People

Entry = dict[str, object]
_SINCE = int(FOUNDED.timestamp())


def projects(request: Request, organization: Organization, _: datetime) -> Entry:
    """Return a page of projects; archived ones only where they are asked for."""
    whole = request.query_params.get("include_archived", "false").lower() == "true"
    people = organization.people
    return parameters.listed(
        request,
        (_project(id_, people) for id_ in people.projects if whole or id_ not in people.archived),
    )


def project(request: Request, organization: Organization, _: datetime) -> Entry:
    """Return one project."""
    id_, people = request.path_params["project"], organization.people
    if id_ not in people.projects:
        raise parameters.BadRequest(f"No project found with id '{id_}'.", "project_id")
    return _project(id_, people)


def _project(id_: str, people: People) -> Entry:
    is_archived = id_ in people.archived
    return {
        "id": id_,
        "object": "organization.project",
        "name": people.projects[id_],
        "created_at": _SINCE,
        "archived_at": _SINCE if is_archived else None,
        "status": "archived" if is_archived else "active",
        "residency": admin_settings.residency(people.projects[id_]),
    }


def users(request: Request, organization: Organization, _: datetime) -> Entry:
    """Return a page of users."""
    return parameters.listed(
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
    return parameters.listed(
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


def _robot(key: str, name: str) -> Entry:
    """Return the service account that a key is of."""
    return {"id": f"svc_acct_{key}", "name": name, "created_at": _SINCE, "role": "member"}
