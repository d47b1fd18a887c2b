"""What ids are called, from the lists of projects, users and API keys.

They need the scope `api.management.read`; a key that only reads usage is refused, and ids stay ids.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from tui.domain.directory import Directory
from tui.errors import ApiError, NotFound, RequestRefused, ScopeMissing, ServerFailed, Unreadable
from tui.sources.openai import errors as failures
from tui.sources.openai.api import Params
from tui.sources.openai.client import Client
from tui.sources.openai.numbers import flag, word

_LIMIT = 100
"""The API's maximum of entries on a page (OpenAPI document of 2026-08-21)."""

_OF_THIS_LIST = (RequestRefused, ServerFailed, Unreadable)
"""Errors that say nothing of the next list."""

_MOST_PAGES = 200
_AT_ONCE = 4


class _Page(msgspec.Struct):
    data: list[Any]
    has_more: Any = None
    last_id: Any = None


_DECODER = msgspec.json.Decoder(_Page)


class DirectoryClient:
    """The names in one organization, as of the time that `clock` says."""

    def __init__(self, client: Client, clock: Callable[[], datetime]) -> None:
        self._api, self._clock = client.api, clock

    async def directory(self, dimensions: Collection[str]) -> Directory:
        """Return the names of these dimensions' ids; see `domain.directory.DirectorySource`.

        There is no list of all API keys: each project, archived ones too, has its own. A list that cannot be read, or
        a part of one, costs the names in it; where the API refuses the key or cannot be reached, no more is asked.
        """
        names: dict[str, dict[str, str]] = {}
        problems: list[str] = []
        try:
            if {"project", "key"} & set(dimensions):
                names["project"] = await self._list("projects", [("include_archived", "true")], problems)
            if "user" in dimensions:
                names["user"] = await self._list("users", [], problems)
            if "key" in dimensions:
                names["key"] = {}
                await self._keys(names["project"], names["key"], problems)
        except ScopeMissing as error:
            return Directory(names, self._clock(), failures.management_scope(error))
        except ApiError as error:
            return Directory(names, None, error.sentence)
        if problems:
            return Directory(names, None, problems[0])
        return Directory(names, self._clock())

    async def _keys(self, projects: Iterable[str], found: dict[str, str], problems: list[str]) -> None:
        places = asyncio.Semaphore(_AT_ONCE)

        async def of(project: str) -> None:
            path = f"projects/{quote(project, safe='')}/api_keys"
            async with places:
                with suppress(NotFound):  # one that is gone since the list was made
                    found.update(await self._list(path, [("owner_project_access", "any")], problems))

        try:
            async with asyncio.TaskGroup() as group:  # where one is refused for good, no other is asked
                for project in projects:
                    group.create_task(of(project))
        except* ApiError as errors:
            raise errors.exceptions[0] from None

    async def _list(self, path: str, params: Params, problems: list[str]) -> dict[str, str]:
        """Return the names of one list, as far as they can be had; what cannot is told among the problems.

        Raises:
            ApiError: where the next list would not be answered either, or there is none.
        """
        names: dict[str, str] = {}
        try:
            async for entry in self._entries(path, params):
                try:
                    id_, name = word(entry["id"]), word(entry.get("name")) or word(entry.get("email"))
                except (ValueError, KeyError, TypeError, AttributeError):
                    problems.append(f"An entry of {path} could not be read.")
                    continue
                if id_ and name:
                    names[id_] = name
        except _OF_THIS_LIST as error:
            problems.append(error.sentence)
        return names

    async def _entries(self, path: str, params: Params) -> AsyncIterator[Any]:
        after: str | None = None
        for _ in range(_MOST_PAGES):
            place: Params = [] if after is None else [("after", after)]
            body, response = await self._api.get(path, [*params, ("limit", _LIMIT), *place])
            try:
                page = _DECODER.decode(body)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise failures.unreadable(response, body, error, "names") from error
            for entry in page.data:
                yield entry
            try:
                has_more, last = flag(page.has_more), word(page.last_id) or _last_id(page.data)
            except ValueError:
                return
            if not has_more or last is None or last == after:
                return
            after = last


def _last_id(entries: Sequence[Any]) -> str | None:
    """Return the id of the last entry that has one: the list goes on behind it."""
    ids = (entry["id"] for entry in reversed(entries) if isinstance(entry, dict) and entry.get("id"))
    return word(next(ids, None))
