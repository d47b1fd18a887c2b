"""Whether the API can be reached, what the key may read there, and what time it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.bootstrap import sources
from tui.bootstrap.sources import utc_now
from tui.commands.doctor import Finding, State, failed
from tui.commands.messages import of_long_waits
from tui.doctor.settings import Found
from tui.domain import formatting
from tui.engine.clock import Clock
from tui.errors import ApiError, ScopeMissing, TuiError

if TYPE_CHECKING:
    from tui.sources.openai.client import Client
    from tui.sources.openai.endpoint import Endpoint

PROXY, BASE_URL, USAGE, NAMES, CLOCK = "proxy", "base URL", "usage", "names", "clock"
_TROUBLE, _ELSEWHERE = 500, range(300, 400)
WRONG = timedelta(seconds=60)
"""How far this machine's clock may be off until that is worth a word; the dashboard's bound as well."""


async def findings(found: Found) -> list[Finding]:
    """Return the proxy, the base URL, the usage, the names and the clock, in this order."""
    clock = Clock(utc_now)
    if found.settings.source.demo:
        is_now = found.settings.source.demo_now
        async with sources.demo_client(sources.demo_clock(at_once=is_now), busy=not is_now) as client:
            read = await _read(client, clock)
        unasked = "not asked: the demo answers within the program"
        skipped = (Finding(name, State.SKIP, unasked) for name in (PROXY, BASE_URL))
        return [*skipped, *read, Finding(CLOCK, State.SKIP, "the demo has a time of its own")]
    if not found.knows_profile:
        return [
            Finding(name, State.SKIP, "not asked: see the config") for name in (PROXY, BASE_URL, USAGE, NAMES, CLOCK)
        ]
    proxy = Finding(PROXY, State.SKIP, "not looked for: see the base URL")
    try:
        target = sources.target(found.settings.source.base_url)
        proxy = _proxy(target)
        reached, date = await _reach(target)
    except TuiError as error:
        words = "not asked: see the base URL"
        skipped = (Finding(name, State.SKIP, words) for name in (USAGE, NAMES, CLOCK))
        return [proxy, failed(BASE_URL, error), *skipped]
    if date is not None:
        clock.on_date(date)
    return [proxy, reached, *await _readable(found, target, clock), _clock(clock, date)]


def _proxy(target: Endpoint) -> Finding:
    """Return what stands between, and which exceptions in NO_PROXY are not understood.

    Raises:
        BadSettings: where it cannot be used.
    """
    from tui.sources.openai.proxy import route

    found = route(target)
    words = f"none for {target.host}"
    if found.proxy is not None:
        words = f"{found.proxy.name}, from {found.proxy.variable}"
    elif found.exception:
        words = f"not used for {target.host}: NO_PROXY says {found.exception}"
    if not found.passed_over:
        return Finding(PROXY, State.OK, words)
    words += f"; not understood in NO_PROXY, and passed over: {', '.join(found.passed_over)}"
    advice = "It takes names, addresses, networks like 10.0.0.0/8, and *, with commas between."
    return Finding(PROXY, State.WARN, words, advice)


async def _reach(target: Endpoint) -> tuple[Finding, datetime | None]:
    from tui.sources.openai import health

    answer = await health.reach(target, of_long_waits())
    words = f"{target.host} answers (with {answer.status}, asked without the key)"
    if answer.status >= _TROUBLE or answer.status in _ELSEWHERE:
        advice = "The API answers 401 to that: look at the base URL, and at what stands between."
        return Finding(BASE_URL, State.WARN, words, advice), answer.date
    return Finding(BASE_URL, State.OK, words), answer.date


async def _readable(found: Found, target: Endpoint, clock: Clock) -> tuple[Finding, Finding]:
    if found.key is None:
        return _unasked("not asked: there is no key")
    if not found.knows_host:
        # It may name another host, for which the key is meant.
        return _unasked("not asked: which host the key is for, the config file says")
    from tui.sources.openai.api import Api
    from tui.sources.openai.client import Client
    from tui.sources.openai.retry import RetryPolicy

    retry_policy = RetryPolicy(attempts=1, total=15.0, attempt=15.0)
    async with Client(Api(target, found.key, retry_policy=retry_policy, on_long_wait=of_long_waits())) as client:
        return await _read(client, clock)


def _unasked(words: str) -> tuple[Finding, Finding]:
    return Finding(USAGE, State.SKIP, words), Finding(NAMES, State.SKIP, words)


async def _read(client: Client, clock: Clock) -> tuple[Finding, Finding]:
    from tui.sources.openai import health

    try:
        await health.read_usage(client, clock())
    except ApiError as error:
        usage = failed(USAGE, error)
        if not isinstance(error, ScopeMissing):
            return usage, Finding(NAMES, State.SKIP, "not asked: see the usage")
    else:
        usage = Finding(USAGE, State.OK, "the key may read it")
    return usage, await _names(client)


async def _names(client: Client) -> Finding:
    from tui.sources.openai import health

    try:
        await health.read_names(client)
    except ScopeMissing as error:
        advice = (
            "It needs api.management.read as well, which an owner of the organization sets where the key was made. "
            "All else works without."
        )
        return Finding(NAMES, State.WARN, f"names stay ids: the key may not read them ({error.status})", advice)
    except ApiError as error:
        return Finding(NAMES, State.WARN, f"names stay ids: {error.problem}", error.advice)
    return Finding(NAMES, State.OK, "the key may read those of projects")


def _clock(clock: Clock, date: datetime | None) -> Finding:
    if date is None:
        return Finding(CLOCK, State.SKIP, "the API did not say what time it is")
    off = abs(clock.ahead)
    side = "ahead of" if clock.ahead > timedelta(0) else "behind"
    if off >= WRONG:
        more = f" ({formatting.duration(off)})" if off >= 2 * WRONG else ""
        words = f"this machine's clock is {off.total_seconds():.0f} s{more} {side} the API's"
        return Finding(CLOCK, State.WARN, words, "Set it, or let NTP do it. Until then the API's time is used.")
    if not off:
        return Finding(CLOCK, State.OK, "as the API's, within 5 s")
    return Finding(CLOCK, State.OK, f"{off.total_seconds():.0f} s {side} the API's")
