"""The user's own commands for what happens: which are run, and by one process only."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from tui.config import paths
from tui.config.settings import Settings
from tui.domain.alerts import Alert
from tui.domain.what import What
from tui.system.claims import Claims

_UNDOES = {What.RUNS_OUT: What.RECOVERED, What.RECOVERED: What.RUNS_OUT}
"""Of these two, one makes the other worth telling again on the same day."""


def hook(settings: Settings) -> Callable[[Alert], Awaitable[str | None]] | None:
    """Return what runs the user's commands for an alert, and what went wrong; None where there are none.

    Each happening is told once for each profile and address, whichever process sees it first, also after a restart.
    The demo's are told each time.
    """
    chosen = settings.alerts
    path = None if settings.source.demo else paths.claims_path(settings.source.profile)
    claims = None if path is None else Claims(path)
    if chosen.command is None and chosen.on_event is None:
        return None

    async def run(alert: Alert) -> str | None:
        from tui.commands import on_event
        from tui.output import alerts

        commands = [chosen.on_event, chosen.command if alert.what is What.THRESHOLD else None]
        wanted = [command for command in commands if command is not None]
        if not wanted:
            return None
        facts = alerts.facts(alert, settings.source.profile)
        names = [_name(settings, alert, what) for what in (alert.what, _UNDOES.get(alert.what)) if what]
        problems = []
        for command in wanted:
            claimed = [f"{name}|{'on_threshold' if command is chosen.command else 'on_event'}" for name in names]
            async with _claimed(claims, claimed) as is_ours:
                if is_ours:
                    problems.append(await on_event.run(command, facts, chosen.environment))
        return next(filter(None, problems), None)

    return run


@asynccontextmanager
async def _claimed(claims: Claims | None, names: Sequence[str]) -> AsyncIterator[bool]:
    """Claim the first of the names, and yield whether nobody did before.

    Where we are ended before what is done for it has ended, it may be claimed again: the next one tells it.
    """
    if claims is None:
        yield True
        return
    claiming = asyncio.ensure_future(asyncio.to_thread(claims.claim, *names))
    try:
        yield await asyncio.shield(claiming)
    except asyncio.CancelledError:
        if await claiming:
            await asyncio.to_thread(claims.release, names[0])
        raise


def _name(settings: Settings, alert: Alert, what: What) -> str:
    at = alert.crossing
    address = hashlib.sha256(settings.source.base_url.address.encode()).hexdigest()[
        :12
    ]  # it may hold what is private
    when = f"{at.day:%Y-%m-%dT%H}" if what is What.SPIKE else f"{at.day:%Y-%m-%d}"
    return f"{address}|{what.value}|{when}|{at.pool}|{at.project or at.threshold}"
