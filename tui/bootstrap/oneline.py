"""The pools in one line, for bars and prompts: it is kept for a while, so that most of them ask nobody."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable

from tui.bootstrap import sources
from tui.bootstrap.engines import engine_of
from tui.bootstrap.sources import utc_now
from tui.commands import oneline, pools
from tui.config import paths
from tui.config.settings import Settings


def run(settings: Settings, check: Callable[[], None]) -> int:
    """Print the line, and return the exit status.

    What is kept of it was found with these very settings, so it is only when it asks that they are checked.
    """
    source, max_age, form = settings.source, settings.options.max_age, settings.options.form
    if form is not None:
        from tui.output import pool_format

        pool_format.check(form, tuple(settings.catalogue.pools))

    async def brief() -> oneline.Brief:
        check()
        async with sources.opened(source, quick=True) as opened:
            return await pools.brief(engine_of(settings, opened), form)

    folder = None if source.demo or source.offline else paths.cache_path()
    kept_in = None if folder is None else folder / f"pools-{_fingerprint(settings)}.json"
    age = oneline.MAX_AGE if max_age is None else max_age
    return oneline.line(lambda: asyncio.run(brief()), kept_in, utc_now, age)


def _fingerprint(settings: Settings) -> str:
    """Return a name for whose pools these are and how they are counted, from which no key can be had back."""
    source, lists = settings.source, settings.catalogue
    key = source.key_command if source.key is None else source.key.reveal()
    projects = None if lists.sharing_projects is None else sorted(lists.sharing_projects)
    counted = (source.profile, lists.as_of, sorted(lists.own.items()), sorted(lists.limits.items()), projects)
    return hashlib.sha256(repr((source.base_url, key, counted, settings.options.form)).encode()).hexdigest()[:16]
