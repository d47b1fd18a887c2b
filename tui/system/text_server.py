"""One page of text over HTTP, for programs that ask for it again and again."""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from tui.errors import BadSettings

_PATIENCE = 5.0
"""Seconds after which a client that does not ask, or does not read, is left."""

_MOST_BYTES = 16_384
"""A request may be so long; nothing of it but its first line and the host that it names is looked at."""

_REFUSED = "This address serves 127.0.0.1, [::1] and localhost only: ask for one of these.\n"


@dataclass(frozen=True, slots=True)
class Page:
    """Where the page is, of what type, and what makes its text anew at each request."""

    path: str
    content_type: str
    text: Callable[[], str]


@asynccontextmanager
async def serving(page: Page, host: str, port: int, patience: float = _PATIENCE) -> AsyncIterator[int]:
    """Serve the page while the context lasts, and yield the port.

    At a loopback address only a request that names such an address as its host is answered. A web page in a browser
    here, whose own name was made to lead to this machine (DNS rebinding), would read the numbers else.

    Raises:
        BadSettings: where there can be no server at this address.
    """
    may_name = is_loopback if is_loopback(host) else lambda _: True
    open_now: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(_served(page, may_name, reader, writer, patience))
        open_now.add(task)
        task.add_done_callback(open_now.discard)

    try:
        server = await asyncio.start_server(accept, host, port, limit=_MOST_BYTES)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise BadSettings(f"Nothing can be served at {host}:{port} ({reason}).", "Name another address.") from error
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in open_now:
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)


def is_loopback(host: str) -> bool:
    """Return whether a host, as an address or by name, can be reached from this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _served(
    page: Page,
    may_name: Callable[[str], bool],
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    patience: float,
) -> None:
    try:
        with suppress(OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            async with asyncio.timeout(patience):
                request = await reader.readuntil(b"\r\n\r\n")
                line, *fields = request.decode("latin-1").split("\r\n")
                is_for_us = all(map(may_name, _hosts(fields)))
                writer.write(_answer(page, line) if is_for_us else _response("403 Forbidden", "text/plain", _REFUSED))
                await writer.drain()
                writer.close()
                await writer.wait_closed()
    finally:
        writer.transport.abort()  # nothing, where it is closed already


def _hosts(fields: Iterable[str]) -> Iterator[str]:
    """Yield the host that a request names, without its port; HTTP/1.0 names none, and browsers always do."""
    for name, _, value in (field.partition(":") for field in fields):
        if name.strip().lower() == "host":
            yield re.sub(r":\d*$", "", value.strip()).strip("[]")


def _answer(page: Page, line: str) -> bytes:
    method, _, rest = line.partition(" ")
    path = rest.partition(" ")[0].partition("?")[0]
    if method not in {"GET", "HEAD"}:
        return _response("405 Method Not Allowed", "text/plain", "Only GET and HEAD.\n", "Allow: GET, HEAD\r\n")
    status, kind, text = "404 Not Found", "text/plain", f"There is {page.path} only.\n"
    if path == page.path:
        status, kind, text = "200 OK", page.content_type, page.text()
    return _response(status, kind, text, has_body=method == "GET")


def _response(status: str, kind: str, text: str, more: str = "", *, has_body: bool = True) -> bytes:
    body = text.encode("utf-8", "replace")
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}Connection: close\r\n\r\n"
    )
    return head.encode("latin-1") + (body if has_body else b"")
