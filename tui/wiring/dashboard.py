"""The dashboard: what it needs of the terminal, and the run that it shows."""

from __future__ import annotations

import asyncio
import errno
import gc
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui import files, user_command
from tui.config import lists, paths, preferences, prices
from tui.config.schema import THEMES, Config, Preferences
from tui.domain import text
from tui.domain.grouping import FILTERS, Grouping, dimensions_of, usual
from tui.domain.kinds import Kind
from tui.domain.measures import measures
from tui.domain.view import COST, View
from tui.domain.window import Width
from tui.errors import BadSettings, KeyMissing
from tui.session.only import resolved
from tui.session.recall import recall
from tui.session.run import Run
from tui.wiring import screen_settings, sources
from tui.wiring.sources import Opened, Said

if TYPE_CHECKING:
    from tui.ui.app import Appearance

_MORE = ("", *(f"-{number}" for number in range(2, 1_000)))
"""What is put behind a name that is taken."""


_OF_AN_ORGANIZATION = {"base_url", "archive", "no_archive", "offline", "theme", *FILTERS}
"""What is said that the demo has nothing to do with, or was told already."""

_A_TURN = 0.001
"""Seconds that a thread may compute while another waits, as the keys do; decoding a page takes longer at a time."""


def run(said: Said, config: Config) -> int:
    """Show the dashboard until it is left, and return the exit status.

    Raises:
        TuiError: where it cannot be shown.
    """
    gc.disable()  # until the first frame, see ui/garbage.py
    sys.setswitchinterval(_A_TURN)
    if os.environ.get("TERM") == "dumb" or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadSettings(
            "The dashboard needs a terminal for input, output and messages, and TERM must not be dumb.",
            "To print the data instead: oai-usage-tui export",
        )
    _measure_the_terminal()
    is_ascii = config.ascii or "ascii" in said
    if not os.environ.get("NO_COLOR"):
        os.environ.pop("NO_COLOR", None)  # https://no-color.org: an empty one says nothing, for Textual too
    if not is_ascii and sys.stdout.encoding.lower().replace("-", "") != "utf8":
        raise BadSettings(
            f"The dashboard draws with characters that {sys.stdout.encoding} does not have.",
            "Set a UTF-8 locale (LANG=C.UTF-8), draw without them (--ascii), or print the data instead: "
            "oai-usage-tui export",
        )
    shown = partial(_shown, said=said, config=config, own_keys=screen_settings.own_keys(config))
    if "replay" in said:
        return asyncio.run(shown(_replay(said, config)))[0]

    def demo() -> int:
        """Show the demo instead, looking as this one was to look."""
        look = Config(
            keys=config.keys, ascii=config.ascii, excel=config.excel, mouse=config.mouse, theme=theme_of(said, config)
        )
        kept = {name: value for name, value in said.items() if name not in _OF_AN_ORGANIZATION}
        return run({**kept, "demo": True}, look)

    try:
        source = sources.opened(said, config, later=True)
    except KeyMissing as error:
        status, wanted = asyncio.run(shown(None, error.problem))
        return demo() if wanted == "demo" else status or error.exit_status

    async def show() -> tuple[int, str | None]:
        async with source:
            run = _run(said, config, source)
            only = await resolved(_only(said), source.naming)
            run = replace(run, view=replace(run.view, only=only))
            return await shown(_remembering(run))

    status, wanted = asyncio.run(show())
    return demo() if wanted == "demo" else status


def _measure_the_terminal() -> None:
    """Let the terminal's own size hold where it has one, and not what was exported once, as by `resize`."""
    with suppress(OSError, ValueError):
        columns, lines = os.get_terminal_size(sys.stderr.fileno())
        if columns and lines:
            os.environ.pop("COLUMNS", None)
            os.environ.pop("LINES", None)


async def _shown(
    this: Run | None, problem: str = "", *, said: Said, config: Config, own_keys: dict[str, Any]
) -> tuple[int, str | None]:
    """Show a run, or what is missing for one, and return the exit status, and what the user asked for instead."""
    from tui.ui.app import UsageApp
    from tui.ui.signals import ended_by_signals

    save = saved(sources.utc_now)
    place = paths.shown(paths.config_path())
    app = UsageApp(this, problem, place, _appearance(said, config), save=save, **own_keys)
    with ended_by_signals(app, user_command.end_all):
        await asyncio.sleep(0)  # ctrl+c, pressed while all this was loaded, ends it here: nothing is taken yet
        wanted = await app.run_async(mouse=config.mouse and "no_mouse" not in said)
    return app.return_code or 0, wanted


def theme_of(said: Said, config: Config) -> str | None:
    """Return the name of the theme: the flag's, the one that was chosen last, the configuration's.

    One that was chosen with another version of the program, and is gone, is passed over.
    """
    last = _chosen(said).theme
    if last is not None and last not in THEMES:  # no need to load what knows the others
        from tui.ui import theme

        last = last if last in theme.NAMES else None
    return said.get("theme") or last or config.theme


def _appearance(said: Said, config: Config) -> Appearance:
    """Return how it is to look."""
    from tui.ui import theme
    from tui.ui.app import Appearance

    return Appearance(
        theme_of(said, config) or theme.DARK.name,
        ascii=config.ascii or "ascii" in said,
        colours=not os.environ.get("NO_COLOR"),
        plain_driver="plain_driver" in said,
    )


def _remembering(run: Run) -> Run:
    """Return the run, with the lookup of what is known of it begun: there is time until the screen is loaded."""
    if run.memory is None:
        return run
    state, now = run.initial(), run.clock()
    query = state.query(run.window(run.days))
    begun = asyncio.get_running_loop().run_in_executor(None, recall, run.memory, query, now)
    return replace(run, first=begun)


def _run(said: Said, config: Config, source: Opened) -> Run:
    seconds, state = said.get("live", config.live), paths.state_path()
    return Run(
        source.source,
        source.clock,
        _days(said, config),
        lists.catalogue(config),
        source.place,
        thresholds=config.thresholds,
        bell=config.bell and "no_bell" not in said,
        on_alert=_alert_with(config.on_threshold) if config.on_threshold else None,
        memory=source.memory,
        offline=source.offline,
        live=None if "no_live" in said or not seconds else seconds,
        pause_unfocused="pause_unfocused" in said,
        width=Width(said.get("width", config.width)),
        ahead=lambda: source.clock.ahead,
        save=saved(source.clock),
        excel=config.excel,
        view=_view(said, config),
        naming=source.naming,
        costing=source.costing,
        prices=prices.prices(None if "demo" in said else paths.prices_path()),
        budget=None if config.monthly_budget is None else Decimal(str(config.monthly_budget)),
        remember=None if "demo" in said or state is None else partial(preferences.remember, state),
    )


def _chosen(said: Said) -> Preferences:
    """Return what the user chose in the dashboard before; it is about their own organization."""
    return Preferences() if {"demo", "replay"} & said.keys() else preferences.load(paths.state_path())


def _days(said: Said, config: Config) -> int:
    """Return how many days before today to show first."""
    chosen = _chosen(said).days
    return int(said.get("days", config.days if chosen is None else chosen))


def _view(said: Said, config: Config) -> View:
    """Return what to look at first: flags come before what the user chose last, and that before the config.

    Raises:
        BadSettings: where there is no such view.
    """
    chosen, kind = _chosen(said), Kind(said.get("kind", config.kind))
    there = set(dimensions_of(kind))
    fitting = (Grouping(by) for by in (chosen.by, config.by) if by is not None and set(by) <= there)
    grouping = said.get("by") or next(fitting, usual(kind))
    wanted = (said.get("columns"), chosen.columns, config.columns)
    columns = next(filter(None, (_known(names, kind, said) for names in wanted)), None)
    view = View(kind, grouping, merged=bool(chosen.merged), columns=columns, only=_only(said))
    _ = view.fields, view.filters
    return view


def _known(columns: tuple[str, ...] | None, kind: Kind, said: Said) -> tuple[str, ...] | None:
    """Return the columns that this kind of usage has.

    Raises:
        BadSettings: where it does not have one that was asked for now.
    """
    known = (*measures(kind), COST)
    unknown = [name for name in columns or () if name not in known]
    if unknown and "columns" in said:
        there = ", ".join(known)
        raise BadSettings(f"There is no column {text.inert(unknown[0])} of {kind.value}.", f"There are: {there}.")
    return tuple(name for name in columns or () if name in known) or None


def _only(said: Said) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name in FILTERS for value in said.get(name, ()))


def _replay(said: Said, config: Config) -> Run:
    pages = sources.replayed(said)
    days = min(said.get("days", pages.days), pages.days)
    return Run(
        pages,
        lambda: pages.now,
        days,
        lists.catalogue(config),
        f"replay of {Path(said['replay']).name}",
        stands_still=True,
        most_days=pages.days,
        save=saved(sources.utc_now),
        excel=config.excel,
        view=_view(said, config),
    )


def saved(clock: Callable[[], datetime]) -> Callable[[str, str], str]:
    """Return what writes files into the current folder, named by the UTC time, and never over another one."""

    def save(ending: str, content: str) -> str:
        name = f"oai-usage-{clock():%Y%m%dT%H%M%SZ}"
        try:
            for path in (Path.cwd() / f"{name}{more}{ending}" for more in _MORE):
                with suppress(FileExistsError):
                    files.create(path, content.encode("utf-8", "replace"))
                    return str(path)
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
        except OSError as error:
            raise BadSettings(f"{name}{ending} cannot be written here ({error.strerror or error}).") from error

    return save


def _alert_with(words: tuple[str, ...]) -> Callable[[Any], Awaitable[str | None]]:
    from tui.commands import on_threshold

    return lambda alert: on_threshold.run(words, alert, os.environ)
