"""The smallest requests that tell whether the API can be reached and read."""

from __future__ import annotations

import asyncio
from datetime import datetime

import httpx
import msgspec

from tui.domain.time import Width, midnight
from tui.sources.openai import errors, long_wait, wire
from tui.sources.openai.client import Client
from tui.sources.openai.endpoint import Endpoint
from tui.sources.openai.proxy import route
from tui.sources.openai.transport import connect

_PATIENCE = 10.0
"""Seconds: somebody waits."""


class _List(msgspec.Struct):
    data: list[object]


class Answer(msgspec.Struct, frozen=True):
    """That there was one: its HTTP status, and the time of the other side where it says one."""

    status: int
    date: datetime | None


async def reach(target: Endpoint, on_long_wait: long_wait.OnLongWait | None = None) -> Answer:
    """Return what is answered to a request without the key: any answer means that the API can be reached.

    Raises:
        ApiError: where there is no answer.
        BadSettings: where the environment asks for a proxy that cannot be used.
    """
    url = f"{target.url}/organization/usage/completions"
    proxy = route(target).proxy
    async with connect(target, None) as http:
        try:
            with long_wait.told(on_long_wait, target.host):
                async with asyncio.timeout(_PATIENCE), http.stream("GET", url) as response:
                    return Answer(response.status_code, errors.date(response))
        except (httpx.TransportError, OSError) as error:  # TimeoutError and SSLError are OSErrors
            raise errors.from_exception(error, httpx.URL(url), proxy) from error


async def read_usage(client: Client, now: datetime) -> None:
    """Read one bucket of today.

    Raises:
        ApiError: where the key may not, or no usage comes.
    """
    start = int(midnight(now).timestamp())
    body, response = await client.api.get(
        "usage/completions", [("start_time", start), ("bucket_width", Width.DAY.value), ("limit", 1)]
    )
    try:
        wire.decode(body)
    except wire.Malformed as error:
        raise errors.unreadable(response, body, error) from error


async def read_names(client: Client) -> None:
    """Read one project.

    Raises:
        ApiError: where the key may not, or nothing comes.
    """
    body, response = await client.api.get("projects", [("limit", 1)])
    try:
        msgspec.json.decode(body, type=_List)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise errors.unreadable(response, body, error, "projects") from error
