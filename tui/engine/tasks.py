"""Work in the background whose faults are never lost: whatever it raises is handed over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress


async def run_guarded(work: Awaitable[None], failed: Callable[[BaseException], None]) -> None:
    """Do the work, and hand over what it raises. It may be cancelled from outside, but not from inside of it."""
    try:
        await work
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        failed(error)  # a part of it was cancelled by somebody else: the work is not done, and nobody wanted that
    except Exception as error:  # noqa: BLE001  whatever it is, the data stay, and it is said
        failed(error)


class Tasks:
    """Tasks by name, of which one at a time is known for each name. A fault of our own goes to `report`."""

    def __init__(self, report: Callable[[BaseException], None]) -> None:
        self._report = report
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def begin(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work in a task of this name."""

        async def reported() -> None:
            await run_guarded(work(), self._report)

        task = asyncio.create_task(reported(), name=name)
        if not task.done():
            self._tasks[name] = task

    def is_busy(self, name: str) -> bool:
        """Return whether the task of this name is under way."""
        task = self._tasks.get(name)
        return task is not None and not task.done()

    def done(self, name: str) -> None:
        """Let another task of this name begin while this one tells of its end."""
        self._tasks.pop(name, None)

    def cancel(self, name: str) -> None:
        """Cancel the task of this name, whose place another one takes."""
        task = self._tasks.get(name)
        if task is not None:
            task.cancel()

    def end(self, name: str) -> bool:
        """Cancel the task of this name and know it no longer. Return whether it was under way."""
        is_busy = self.is_busy(name)
        self.cancel(name)
        self.done(name)
        return is_busy

    async def wait(self, name: str) -> None:
        """Wait until the task of this name is over."""
        if self.is_busy(name):
            await asyncio.wait([self._tasks[name]])

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while tasks := [task for task in self._tasks.values() if not task.done()]:
            await asyncio.wait(tasks)

    async def close(self) -> None:
        """End all that is under way."""
        tasks = [task for task in self._tasks.values() if not task.done()]
        self._tasks.clear()
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
