"""What is archived: told of, read again, taken away."""

from __future__ import annotations

from functools import partial

from tui.bootstrap import last_screen, sources
from tui.bootstrap.engines import reading
from tui.bootstrap.sources import DataSource, utc_now
from tui.commands import archive, oneline
from tui.commands.messages import of_long_waits, tell
from tui.config import paths
from tui.config.settings import Settings
from tui.domain import sanitize
from tui.domain.windows import said
from tui.errors import BadSettings
from tui.sources.archive.buckets import Archive
from tui.sources.archive.refresh import refresh


def run(settings: Settings) -> int:
    """Do with the archive what is asked for, and return the exit status.

    Raises:
        TuiError: where there is none, or it cannot be done.
    """
    options, kept_in = settings.options, sources.archive(settings.source, utc_now)
    forget_cached = partial(_forget_cached, settings.source.profile)
    if kept_in is None:
        if options.action == "clear":  # what is left of before it was switched off
            archive.clear_cached(forget_cached)
        raise BadSettings("The archive is switched off in config.toml.")
    path = kept_in.file.path
    contents = kept_in.contents()  # or what is in the way of that
    status = {
        "refresh": lambda: _refresh(settings, kept_in),
        "info": lambda: archive.info(path, contents, kept_in.run_count()),
        "clear": lambda: archive.clear(path, kept_in.clear, forget_cached, kept_in.run_count(), sure=options.yes),
        "vacuum": lambda: archive.vacuum(path, kept_in.file.vacuum),
    }[options.action]()
    tell(*kept_in.file.take_notices())
    return status


def _forget_cached(profile: str) -> list[str]:
    """Forget what is kept in the cache, and return in words what that was. Lines for prompts are of any profile."""
    screen, had_lines = last_screen.forget(profile), oneline.forget(paths.cache_path())
    found = [] if screen is None else [f"the last screen, kept in {sanitize.clean(str(screen))}"]
    return [*found, "what pools --oneline found"] if had_lines else found


def _refresh(settings: Settings, kept_in: Archive) -> int:
    async def refreshed(opened: DataSource) -> int:
        assert opened.identity is not None  # noqa: S101  only the demo has none, and it keeps nothing
        options = settings.options
        spec = said(options.window, since=options.since, until=options.until)
        window = None if spec is None else spec.window(opened.clock())
        return await archive.refresh(refresh(kept_in, opened.identity, opened.source, opened.clock, window))

    return reading(sources.asked(settings.source, on_long_wait=of_long_waits()), refreshed)
