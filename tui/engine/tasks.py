"""Work in the background whose faults are never lost: whatever it raises is handed over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable


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
