"""The demo's API on a real port, at a moment that the test chooses, which counts what it is asked."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from urllib.parse import parse_qsl

import uvicorn

from tests.support.builders import NOW
from tests.support.loopback import Asked
from tui.sources.demo import server
from tui.sources.demo.organization import Organization

LOOKBACK = "Usage and cost data are available for a limited time. Earliest supported start date: {} (UTC)."
"""The API's own words, nearly (seen live by other clients, October 2026)."""


def afternoon() -> datetime:
    """Now, or later today: much has been used, and what the program asks for by its own clock is there."""
    now = datetime.now(UTC)
    return now.replace(hour=max(now.hour, 14))


async def _answer(send: Callable[..., Any], status: int, body: object) -> None:
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


class Served:
    """`with Served() as api`: `api.now` is the time over there, `api.asked` every request, `api.fails` a status.

    `api.refuses` are statuses by the end of a path. `api.keeps` are the days before today from which on a start is
    answered, by the end of a path, or with its width before it ("1h usage/completions"); `api.words` is how the API
    says so, with the day in the place of `{}`.
    """

    def __init__(self, now: datetime = NOW, seed: int = 1) -> None:
        self.now = now
        self.asked: list[Asked] = []
        self.fails: int | None = None
        self.refuses: dict[str, int] = {}
        self.keeps: dict[str, float] = {}
        self.words = LOOKBACK
        self.refused: list[Asked] = []
        self._demo = server.application(Organization(seed), lambda: self.now)

    async def _application(
        self, scope: dict[str, Any], receive: Callable[..., Any], send: Callable[..., Any]
    ) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        self.asked.append(Asked(scope["path"], parse_qsl(scope["query_string"].decode()), headers))
        if too_old := self._too_old(self.asked[-1]):
            self.refused.append(self.asked[-1])
            await _answer(send, 400, {"error": {"code": "reporting_lookback_exceeded", "message": too_old}})
            return
        refused = next((status for end, status in self.refuses.items() if scope["path"].endswith(end)), self.fails)
        if refused is None:
            await self._demo(scope, receive, send)
            return
        await _answer(send, refused, {})

    def _too_old(self, asked: Asked) -> str | None:
        """Return what is said of a start before what is kept."""
        place = f"{asked.one('bucket_width')} {asked.path}"
        days = next((days for end, days in self.keeps.items() if place.endswith(end)), None)
        if days is None or asked.one("start_time") is None:
            return None
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        first = midnight - timedelta(days=days)
        is_old = int(asked.one("start_time") or 0) < first.timestamp()
        return self.words.format(f"{first:%Y-%m-%d}") if is_old else None

    def __enter__(self) -> Self:
        listener = socket.create_server(("127.0.0.1", 0))
        self.port = listener.getsockname()[1]
        self.base_url = f"http://127.0.0.1:{self.port}/v1"
        config = uvicorn.Config(
            self._application,
            log_level="error",
            interface="asgi3",
            lifespan="off",
            date_header=False,
            server_header=False,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)

    def take(self) -> list[Asked]:
        """Everything asked since the last time."""
        taken, self.asked = self.asked, []
        return taken

    def days_asked(self, asked: Asked) -> int:
        """How many daily buckets a request is about."""
        start = int(asked.one("start_time"))
        end = asked.one("end_time")
        last = int((self.now + timedelta(days=1)).timestamp()) // 86_400 * 86_400 if end is None else int(end)
        return (last - start) // 86_400
