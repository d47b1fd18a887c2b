"""The dashboard: the runs that it shows, one after another, and what it is handed for each."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui.bootstrap import last_screen, screen_settings, sources, terminal, windows
from tui.bootstrap.alerts import hook
from tui.bootstrap.engines import prices_of, session_of
from tui.bootstrap.saving import saved
from tui.bootstrap.sources import DataSource
from tui.commands.messages import tell
from tui.config import paths
from tui.config.paths import DEFAULT_PROFILE
from tui.config.settings import Settings, SourceSettings
from tui.domain.secret import Secret
from tui.domain.time import Width
from tui.domain.view import USUAL
from tui.domain.windows import LastDays
from tui.engine.load_cached import load_cached
from tui.engine.organizations import Organizations
from tui.engine.resolve_names import resolved
from tui.engine.session import Session
from tui.engine.state import NOTHING_TOLD, Told
from tui.errors import KeyCommandFailed, KeyMissing, TuiError
from tui.facts.shutdowns import shutdowns
from tui.system import tmux, user_command

if TYPE_CHECKING:
    from tui.ui.actions.profiles import ShowInstead

_A_TURN = 0.001
"""Seconds that a thread may compute while another waits, as the keys do; decoding a page takes longer at a time."""


OfProfile = Callable[[str | None], Settings]
"""Returns the settings of another profile, or (None) of the demo."""


def run(settings: Settings, of_profile: OfProfile, profiles: Sequence[str]) -> int:
    """Show the dashboard, and what is wanted in its place, until it is left, and return the exit status.

    Raises:
        TuiError: where it cannot be shown.
    """
    kept, before = _Kept(), None
    while True:
        try:
            status, wanted = _run_once(settings, of_profile, profiles, kept)
        except (TuiError, KeyboardInterrupt) as error:
            if before is None:
                raise
            why = error.sentence if isinstance(error, TuiError) else "Ctrl+C ended the command that gives its key."
            kept.notice = f"{settings.source.profile}: {why}"
            settings, before = before, None
            continue
        if wanted is None:
            return status
        gc.unfreeze()  # what the one before was made of, see ui/gc_tuning.py
        gc.collect()
        if wanted.profile is None:
            settings, profiles, before = of_profile(None), (), None
        else:
            settings, before = of_profile(wanted.profile), settings


@dataclass
class _Kept:
    """What one dashboard of this process leaves to the next: what was told, and keys, by profile; and a notice."""

    told: dict[str, Told] = field(default_factory=dict)
    keys: dict[str, Secret] = field(default_factory=dict, repr=False)
    notice: str = ""

    def opened(self, settings: SourceSettings) -> DataSource:
        """Return what to read from. A command that gave a key once is not run again: it may have asked for something.

        Raises:
            TuiError: see `sources.opened`.
        """
        known = self.keys.get(settings.profile)
        if known is not None and settings.key is None:
            settings = replace(settings, key=known, key_command=None)
        source = sources.opened(settings, later=True)
        if source.identity is not None:
            self.keys[settings.profile] = Secret(source.identity.key)
        return source

    def runs_command(self, settings: SourceSettings) -> bool:
        """Return whether a command will be run for the key."""
        is_known = settings.offline or settings.key is not None or settings.profile in self.keys
        return settings.key_command is not None and not is_known


def _run_once(
    settings: Settings, of_profile: OfProfile, profiles: Sequence[str], kept: _Kept
) -> tuple[int, ShowInstead | None]:
    """Show it once."""
    sys.setswitchinterval(_A_TURN)
    terminal.prepare(settings.screen)
    _ = settings.view.fields, settings.view.filters  # or why there is no such view
    notice, kept.notice = kept.notice, ""
    shown, replay = partial(_shown, settings=settings, notice=notice), settings.source.replay
    if replay is not None:
        return asyncio.run(shown(_replay(settings, replay)))
    others = AsyncExitStack()
    organizations = _organizations(settings, of_profile, profiles, others, kept)
    try:
        source = kept.opened(settings.source)
    except KeyMissing as error:
        # How a key is made stands there anyway; what to do about a command does not.
        problem = error.sentence if isinstance(error, KeyCommandFailed) else error.problem
        status, wanted = asyncio.run(shown(None, problem, organizations=organizations))
        return status or error.exit_status, wanted

    async def show() -> tuple[int, ShowInstead | None]:
        async with source, others:
            windows.days_of(settings.window, source.clock())  # or why there are none
            run = _run(settings, source, kept.told)
            only = await resolved(settings.view.only, source.directory_source)
            run = replace(run, view=replace(run.view, only=only))
            return await shown(_remembering(run), organizations=organizations)

    return asyncio.run(show())


def _organizations(
    settings: Settings,
    of_profile: OfProfile,
    profiles: Sequence[str],
    sources_of_others: AsyncExitStack,
    kept: _Kept,
) -> Organizations | None:
    """Return all profiles, where there are two or more."""
    if len(profiles) < 2:
        return None

    def session(name: str) -> Session:
        theirs = of_profile(name)
        if kept.runs_command(theirs.source):
            tell(f"{name}: its admin_key_command is run.")  # which may ask for a passphrase
        source = kept.opened(theirs.source)
        sources_of_others.push_async_exit(source)
        return replace(_run(theirs, source, kept.told), view=USUAL, width=Width.DAY)

    return Organizations(settings.source.profile, {name: partial(session, name) for name in profiles})


async def _shown(
    this: Session | None,
    problem: str = "",
    *,
    settings: Settings,
    organizations: Organizations | None = None,
    notice: str = "",
) -> tuple[int, ShowInstead | None]:
    """Show a run, or what is missing for one, and return the exit status, and what the user asked for instead."""
    from tui.ui import theme
    from tui.ui.actions import ACTIONS
    from tui.ui.app import Appearance, UsageApp
    from tui.ui.terminal.notification import Notifications
    from tui.ui.terminal.signals import ended_by_signals

    screen, keep = settings.screen, last_screen.keeper(settings)
    app = UsageApp(
        this,
        problem,
        paths.shown(paths.config_path()),
        Appearance(screen.theme or theme.DARK.name, screen.ascii, screen.colours, screen.plain_driver),
        actions=screen_settings.own_actions(screen.keys) or ACTIONS,
        save=saved(sources.utc_now),
        organizations=organizations,
        profile=_name(settings),
        notice=notice,
        notifications=Notifications(settings.alerts.notify, settings.alerts.environment, tmux.outer_terminal),
        standing=last_screen.standing(),
        keep=keep,
    )
    with ended_by_signals(app, user_command.end_all):
        await asyncio.sleep(0)  # ctrl+c, pressed while all this was loaded, ends it here: nothing is taken yet
        wanted = await app.run_async(mouse=terminal.takes_mouse(screen))
        if keep is not None and app.last is not None:
            keep(app.last)
    return app.return_code or 0, wanted


def _remembering(run: Session) -> Session:
    """Return the run, with the lookup of what is known of it begun: there is time until the screen is loaded."""
    if run.memory is None:
        return run
    state, now = run.initial(), run.clock()
    query = state.query(run.window(run.first_wanted))
    begun = asyncio.get_running_loop().run_in_executor(None, load_cached, run.memory, query, now)
    return replace(run, first=begun)


def _name(settings: Settings) -> str:
    """Return what the profile is called, where it has a name."""
    return "" if settings.source.profile == DEFAULT_PROFILE else settings.source.profile


def _run(settings: Settings, source: DataSource, told: dict[str, Told]) -> Session:
    is_demo, state, alerts = settings.source.demo, paths.state_path(settings.source.profile), settings.alerts
    return replace(
        session_of(settings, source, prices_of(settings)),
        profile=_name(settings),
        place=" · ".join(filter(None, (_name(settings), source.place))) or None,
        thresholds=alerts.thresholds,
        spike_floor=alerts.spike_floor,
        told=told.get(settings.source.profile, NOTHING_TOLD),
        keep_told=partial(told.__setitem__, settings.source.profile),
        bell=alerts.bell,
        on_alert=hook(settings),
        live=settings.live,
        pause_unfocused=settings.pause_unfocused,
        width=settings.width,
        period=settings.period,
        ahead=lambda: source.clock.ahead,
        save=saved(source.clock),
        excel=settings.excel,
        view=settings.view,
        remember=None if is_demo or state is None else last_screen.remembering(state),
    )


def _replay(settings: Settings, path: Path) -> Session:
    from tui.sources.openai import replay

    pages = replay.load(path)
    windows.days_of_replay(settings.window, pages)  # or why there are none
    return Session(
        pages,
        lambda: pages.now,
        min(settings.days, pages.days),
        settings.catalogue,
        f"replay of {path.name}",
        is_static=True,
        most_days=pages.days,
        window_wanted=None if isinstance(settings.window, LastDays) else settings.window,
        save=saved(sources.utc_now),
        excel=settings.excel,
        view=settings.view,
        period=settings.period,
        against=settings.against,
        shutdowns=shutdowns(),
    )
