"""A raw HTTP server on a loopback port that does as it is told, also what no good server does."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit


@dataclass
class Asked:
    """One request as it arrived."""

    path: str
    params: list[tuple[str, str]]
    headers: dict[str, str]

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.params if key == name]

    def one(self, name: str) -> str | None:
        return next(iter(self.all(name)), None)


@dataclass
class Reply:
    """What to answer. `hang` waits that many seconds first; `cut` closes after so many bytes of the body.

    `drip` are the seconds between two bytes of the head, and `stall` those before a body that was cut is closed. With
    `reset`, the connection is not closed but reset: at once (0), or after so many bytes of the head and the body.
    """

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang: float = 0.0
    truncate: int | None = None
    drip: float = 0.0
    stall: float = 0.0
    reset: int | None = None

    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


class Loopback:
    """`async with Loopback(handler) as api`: `handler(asked)` returns a Reply, or what becomes its body."""

    def __init__(self, handler: Callable[[Asked], Any], tls: ssl.SSLContext | None = None) -> None:
        self._handler = handler
        self._tls = tls
        self.asked: list[Asked] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.split("\r\n")
            url = urlsplit(first.split(" ")[1])
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
            }
            asked = Asked(url.path, parse_qsl(url.query), headers)
            self.asked.append(asked)
            reply = self._handler(asked)
            if not isinstance(reply, Reply):
                reply = Reply(reply)
            await asyncio.sleep(reply.hang)
            await _send(writer, reply)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
            pass  # the other side is gone, or the test is over
        finally:
            writer.close()


async def _send(writer: asyncio.StreamWriter, reply: Reply) -> None:
    content = reply.content()
    sent = {"content-length": str(len(content)), "connection": "close", **reply.headers}
    lines = (f"HTTP/1.1 {reply.status} Reason", *(f"{name}: {value}" for name, value in sent.items()), "", "")
    head = "\r\n".join(lines).encode()
    if reply.reset is not None:
        writer.write((head + content)[: reply.reset])
        await writer.drain()
        reset(writer)
        return
    for at in range(len(head) if reply.drip else 0):
        writer.write(head[at : at + 1])
        await writer.drain()
        await asyncio.sleep(reply.drip)
    writer.write((b"" if reply.drip else head) + content[: reply.truncate])
    await writer.drain()
    await asyncio.sleep(reply.stall)


def reset(writer: asyncio.StreamWriter) -> None:
    """End the connection with a reset: nobody waits until what was sent has arrived."""
    at_once = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
    writer.transport.abort()


def refusal(status: int, message: object = "what the API says", **headers: str) -> Reply:
    """A refusal in the API's own form."""
    return Reply({"error": {"message": message}}, status, {"x-request-id": "req_42", **headers})
