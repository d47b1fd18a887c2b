"""A line that is slow: a relay that holds every byte back, lets few of them through a second, stops and drops."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress

_PIECE = 512


class SlowLine:
    """A port of this machine that leads to another one, `delay` seconds each way, at `rate` bytes a second."""

    def __init__(self, target: int, delay: float, rate: float) -> None:
        self._target, self._delay, self._rate = target, delay, rate
        self._writers: set[asyncio.StreamWriter] = set()
        self.loop = asyncio.new_event_loop()
        self._flows: asyncio.Event
        self.port = 0

    async def begin(self) -> None:
        self._flows = asyncio.Event()
        self._flows.set()
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, here = await asyncio.open_connection("127.0.0.1", self._target)
        self._writers |= {writer, here}
        try:
            with suppress(asyncio.CancelledError):  # the line is taken away
                await asyncio.gather(self._carry(reader, here), self._carry(there, writer))
        finally:
            for each in (writer, here):
                self._writers.discard(each)
                each.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on one direction: what is read leaves at the line's rate, and arrives by its delay later."""
        loop = asyncio.get_running_loop()
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(maxsize=64)

        async def arrive() -> None:
            while True:
                due, piece = await under_way.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                await self._flows.wait()
                if not piece:
                    writer.close()
                    return
                writer.write(piece)
                await writer.drain()

        arriving = asyncio.create_task(arrive())
        with suppress(OSError):
            while piece := await reader.read(_PIECE):
                await asyncio.sleep(len(piece) / self._rate)
                await under_way.put((loop.time() + self._delay, piece))
        await under_way.put((loop.time(), b""))
        with suppress(OSError):
            await arriving

    def call(self, what: Coroutine[None, None, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self.loop).result(10)

    def stop(self) -> None:
        """Let nothing through, and tell nobody."""
        self.loop.call_soon_threadsafe(self._flows.clear)

    def go_on(self) -> None:
        """Let all through that was held back."""
        self.loop.call_soon_threadsafe(self._flows.set)

    def drop(self) -> None:
        """Break all connections."""

        def abort() -> None:
            for each in list(self._writers):
                each.transport.abort()

        self.loop.call_soon_threadsafe(abort)

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    async def end(self) -> None:
        self._server.close()
        mine = asyncio.current_task()
        tasks = [each for each in asyncio.all_tasks() if each is not mine]
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextmanager
def slow_line(target: int, *, round_trip: float = 0.2, rate: float = 20_000) -> Iterator[SlowLine]:
    line = SlowLine(target, round_trip / 2, rate)
    thread = threading.Thread(target=line.run, daemon=True)
    thread.start()
    line.call(line.begin())
    try:
        yield line
    finally:
        line.call(line.end())
        line.loop.call_soon_threadsafe(line.loop.stop)
        thread.join(10)
        line.loop.close()
