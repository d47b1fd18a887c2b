"""What ids are called, from the lists of projects, users and API keys.

They need the scope `api.management.read`; a key that only reads usage is refused, and ids stay ids.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import suppress
from datetime import datetime
from urllib.parse import quote

import msgspec

from tui.api import failures
from tui.api.client import Client, Params
from tui.domain.names import Directory
from tui.errors import ApiError, NotFound, ScopeMissing, Unreadable

_LIMIT = 100
"""The API's maximum of entries on a page (OpenAPI document of 2026-08-21)."""

_MOST_PAGES = 200
_AT_ONCE = 4


class _Entry(msgspec.Struct):
    id: str
    name: str | None = None
    email: str | None = None

    @property
    def called(self) -> str | None:
        return self.name or self.email


class _List(msgspec.Struct):
    data: list[_Entry]
    has_more: bool | None = None
    last_id: str | None = None


_DECODER = msgspec.json.Decoder(_List)


class NamesOf:
    """The names in one organization, as of the time that `clock` says."""

    def __init__(self, client: Client, clock: Callable[[], datetime]) -> None:
        self._client, self._clock = client, clock

    async def directory(self, dimensions: Collection[str]) -> Directory:
        """Return the names of these dimensions' ids; see `domain.names.Naming`.

        There is no list of all API keys: each project, archived ones too, has its own.
        """
        names: dict[str, dict[str, str]] = {}
        try:
            if {"project", "key"} & set(dimensions):
                names["project"] = await self._of("projects", [("include_archived", "true")])
            if "user" in dimensions:
                names["user"] = await self._of("users", [])
            if "key" in dimensions:
                names["key"] = await self._keys(names["project"])
        except ScopeMissing as error:
            return Directory(names, self._clock(), f"Ids are shown instead of names. {_scope(error)}")
        except ApiError as error:
            return Directory(names, None, f"Ids are shown instead of names. {error.sentence}")
        return Directory(names, self._clock())

    async def _keys(self, projects: Iterable[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        places = asyncio.Semaphore(_AT_ONCE)

        async def of(project: str) -> None:
            path = f"projects/{quote(project, safe='')}/api_keys"
            async with places:
                with suppress(NotFound):  # one that is gone since the list was made
                    found.update(await self._of(path, [("owner_project_access", "any")]))

        try:
            async with asyncio.TaskGroup() as group:  # where one is refused, no other is asked
                for project in projects:
                    group.create_task(of(project))
        except* ApiError as errors:
            raise errors.exceptions[0] from None
        return found

    async def _of(self, path: str, params: Params) -> dict[str, str]:
        return {entry.id: entry.called async for entry in self._entries(path, params) if entry.called}

    async def _entries(self, path: str, params: Params) -> AsyncIterator[_Entry]:
        after: str | None = None
        for _ in range(_MOST_PAGES):
            place: Params = [] if after is None else [("after", after)]
            body, response = await self._client.get(path, [*params, ("limit", _LIMIT), *place])
            try:
                page = _DECODER.decode(body)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise failures.unreadable(response, body, Unreadable(f"{error}."), "names") from error
            for entry in page.data:
                yield entry
            last = page.last_id or (page.data[-1].id if page.data else None)
            if not page.has_more or last is None or last == after:
                return
            after = last


def _scope(error: ScopeMissing) -> str:
    return (
        f"The key may not read them ({error.status}): it needs the scope api.management.read, which an owner of the "
        f"organization sets at {failures.KEYS_PAGE}."
    )
