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
_MOST_CLIENTS = 64
"""So many are connected at most."""

_MOST_WAITING = 16
"""So many wait to be accepted at most, and are accepted before any of them can be left."""

_REFUSED = "This address serves 127.0.0.1, [::1] and localhost only: ask for one of these.\n"


@dataclass(frozen=True, slots=True)
class Page:
    """Where the page is, of what type, and what makes its text anew at each request."""

    path: str
    content_type: str
    text: Callable[[], str]


@asynccontextmanager
async def serving(
    page: Page, host: str, port: int, patience: float = _PATIENCE, most: int = _MOST_CLIENTS
) -> AsyncIterator[int]:
    """Serve the page while the context lasts, and yield the port.

    At a loopback address only a request that names such an address as its host is answered. A web page in a browser
    here, whose own name was made to lead to this machine (DNS rebinding), would read the numbers else.

    Raises:
        BadSettings: where there can be no server at this address.
    """
    clients = _Clients(page, is_loopback if is_loopback(host) else lambda _: True, patience, most)
    try:
        server = await asyncio.start_server(clients.accept, host, port, limit=_MOST_BYTES, backlog=_MOST_WAITING)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise BadSettings(f"Nothing can be served at {host}:{port} ({reason}).", "Name another address.") from error
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await clients.end()


def is_loopback(host: str) -> bool:
    """Return whether a host, as an address or by name, can be reached from this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Clients:
    """Who is connected: so many at most, since each takes a file descriptor of those that reading needs as well."""

    def __init__(self, page: Page, may_name: Callable[[str], bool], patience: float, most: int) -> None:
        self._page, self._may_name, self._patience, self._most = page, may_name, patience, most
        self._tasks: set[asyncio.Task[None]] = set()
        self._silent: dict[asyncio.WriteTransport, None] = {}
        """Those who have not asked yet, the oldest first."""
        self._asked: dict[asyncio.WriteTransport, None] = {}

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve who has connected. In the place of one too many goes the oldest who is silent, or does not read."""
        if len(self._silent) + len(self._asked) >= self._most:
            waiting = self._silent or self._asked
            oldest = next(iter(waiting))
            del waiting[oldest]
            oldest.abort()  # its task finds that out by itself
        self._silent[writer.transport] = None
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self) -> None:
        """Leave all of them."""
        for transport in (*self._silent, *self._asked):
            transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        transport = writer.transport
        try:
            with suppress(OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
                async with asyncio.timeout(self._patience):
                    request = await reader.readuntil(b"\r\n\r\n")
                    if transport in self._silent:
                        del self._silent[transport]
                        self._asked[transport] = None
                    writer.write(self._answer(request.decode("latin-1")))
                    await writer.drain()
                    writer.close()
                    await writer.wait_closed()
        finally:
            self._silent.pop(transport, None)
            self._asked.pop(transport, None)
            transport.abort()  # nothing, where it is closed already

    def _answer(self, request: str) -> bytes:
        line, *fields = request.split("\r\n")
        if not all(map(self._may_name, _hosts(fields))):
            return _response("403 Forbidden", "text/plain", _REFUSED)
        return _answer(self._page, line)


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
    if path != page.path:
        status, kind, text = "404 Not Found", "text/plain", f"There is {page.path} only.\n"
    else:
        try:
            status, kind, text = "200 OK", page.content_type, page.text()
        except Exception:  # noqa: BLE001  whose page it is tells of it
            status, kind, text = "500 Internal Server Error", "text/plain", "The page could not be made.\n"
    return _response(status, kind, text, has_body=method == "GET")


def _response(status: str, kind: str, text: str, more: str = "", *, has_body: bool = True) -> bytes:
    body = text.encode("utf-8", "replace")
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}Connection: close\r\n\r\n"
    )
    return head.encode("latin-1") + (body if has_body else b"")
