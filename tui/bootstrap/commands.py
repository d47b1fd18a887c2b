"""One function for each subcommand, and for the dashboard."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from msgspec import structs

from tui.bootstrap import last_screen, screen_settings, sources, windows
from tui.bootstrap.engines import engine_of, prices_of
from tui.bootstrap.sources import DataSource, utc_now
from tui.commands.messages import of_long_waits, tell
from tui.config import catalogue, load, paths, preferences, profiles
from tui.config.args import Args, Options
from tui.config.resolve import heeds_preferences, resolve
from tui.config.schema import Config, Preferences
from tui.config.settings import Settings, SourceSettings
from tui.config.subcommands import (
    ARCHIVE,
    CHECK,
    DEMO_SERVER,
    DOCTOR,
    EXPORT,
    MONEY,
    POOLS,
    RUN,
    RUNS,
    SERVE,
    WATCH,
    WHY,
)
from tui.domain.periods import Period
from tui.domain.time import Width
from tui.domain.windows import said
from tui.engine.engine import Engine
from tui.engine.resolve_names import resolved
from tui.engine.session import Session
from tui.errors import BadSettings

if TYPE_CHECKING:
    from tui.sources.archive.buckets import Archive
    from tui.sources.openai.client import Client

DEFAULT_PORT = 8765


def run(args: Args, environment: Mapping[str, str]) -> int:
    """Do what the command line said and return the exit status.

    Raises:
        TuiError: with a sentence for the user.
    """
    if args.command == DEMO_SERVER:
        return _demo_server(args)
    if args.command == DOCTOR:  # which tells what is wrong with the configuration, and goes on
        from tui import doctor

        return doctor.run(args, environment)
    # The demo shows the program as it comes, on any machine: no file is read.
    file = Config() if args.demo else load.load(paths.config_path())
    check = partial(screen_settings.check, args.theme, file)
    if args.oneline or args.form is not None:
        return _oneline(resolve(args, environment, Preferences(), file), check)
    check()
    settings = resolve(args, environment, _preferences(args, environment), file)
    known = {EXPORT: _export, POOLS: _pools, CHECK: _check, WHY: _why, MONEY: _money, ARCHIVE: _archive}
    renamed = catalogue.old_usage_tier(profiles.of(file, settings.source.profile))
    if renamed is not None and settings.command == POOLS and not settings.options.json:
        tell(renamed)
    if settings.command in {RUN, RUNS}:
        from tui.bootstrap import runs

        return runs.run(settings) if settings.command == RUN else runs.runs(settings)
    if settings.command == SERVE:
        from tui.bootstrap import serve

        return serve.run(settings)
    if settings.command == WATCH:
        from tui.bootstrap import watch

        return watch.run(settings)
    if settings.command in known:
        return known[settings.command](settings)
    from tui.bootstrap import dashboard

    def of_profile(name: str) -> Settings:
        """Return the settings of another profile: what the flags say of the first one's organization is left out."""
        flags = args if name == settings.source.profile else structs.replace(args, **_OF_ANOTHER)
        flags = structs.replace(flags, profile=name)
        return resolve(flags, environment, _preferences(flags, environment), file)

    return dashboard.run(settings, of_profile, profiles.names(file, environment, settings.source.profile))


_OF_ANOTHER: dict[str, Any] = {"base_url": None, "archive": None, "project": (), "user": (), "key": ()}


def _preferences(args: Args, environment: Mapping[str, str]) -> Preferences:
    """Return what was chosen before. A theme that was chosen with another version, and is gone, is passed over."""
    if not heeds_preferences(args):
        return Preferences()
    chosen = preferences.load(paths.state_path(profiles.chosen(args, environment)))
    return chosen if screen_settings.is_theme(chosen.theme) else structs.replace(chosen, theme=None)


def _opened(settings: SourceSettings) -> DataSource:
    """Return what a command reads from that somebody waits for."""
    return sources.opened(settings, on_long_wait=of_long_waits())


def _read(opened: DataSource, work: Callable[[DataSource], Awaitable[int]]) -> int:
    """Return the exit status of what reads from a source, which is closed at the end."""

    async def reading() -> int:
        async with opened:
            return await work(opened)

    return asyncio.run(reading())


def _export(settings: Settings) -> int:
    from tui.commands import export
    from tui.commands.export_request import OPENMETRICS, Export

    options, source = settings.options, settings.source
    what = Export(
        settings.view,
        options.format or ("csv" if settings.excel else "markdown"),
        output=options.output,
        excel=settings.excel,
        names=options.names,
        width=settings.width,
        period=settings.period or Period.DAY,
        against=settings.against,
    )
    if what.period is not Period.DAY and (settings.width is not Width.DAY or what.format == OPENMETRICS):
        raise BadSettings(
            "Weeks and months are put together from days: leave out --width, or the format openmetrics."
        )
    if options.max_model_length is not None:
        what = replace(what, max_model_length=options.max_model_length)
    what.check()
    if what.format == OPENMETRICS and (
        options.since or options.window or source.replay or settings.width is not Width.DAY
    ):
        raise BadSettings(
            "openmetrics is about today as it grows: leave out --window, --since, --until, --width and --replay."
        )

    async def asked_for(opened: DataSource) -> Export:
        asked = what.view.only
        only = await resolved(asked, opened.directory_source)
        return replace(
            what, view=replace(what.view, only=only), unverified=tuple(each for each in only if each in asked)
        )

    async def raw(opened: DataSource) -> int:
        client = cast("Client", opened.client)
        return await export.raw(client, windows.to_export(settings, opened.clock()), await asked_for(opened))

    async def table(opened: DataSource) -> int:
        asked = await asked_for(opened)
        window = partial(windows.to_export, settings)
        return await export.table(engine_of(settings, opened), lambda: window(opened.clock()), asked)

    if options.raw:
        return _read(sources.asked(source, on_long_wait=of_long_waits()), raw)
    if source.replay is not None:
        from tui.sources.openai import replay

        pages = replay.load(source.replay)
        window = windows.days_of_replay(settings.window, pages)
        engine = Engine(Session(pages, lambda: pages.now, settings.days, settings.catalogue))
        return asyncio.run(export.table(engine, lambda: window, what))
    return _read(_opened(source), table)


def _pools(settings: Settings) -> int:
    from tui.commands import pools

    day, as_json = settings.options.date, settings.options.json
    _refuse_the_future(day)

    async def printed(opened: DataSource) -> int:
        return await pools.pools(engine_of(settings, opened), day=day, as_json=as_json)

    return _read(_opened(settings.source), printed)


def _oneline(settings: Settings, check: Callable[[], None]) -> int:
    """Print the line; what is kept of it was found with these very settings, so they are checked when it asks."""
    from tui.commands import oneline, pools

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


def _refuse_the_future(day: datetime | None) -> None:
    if day is not None and day > utc_now():
        raise BadSettings(f"{day:%Y-%m-%d} has not begun yet: days are UTC days, and now is {utc_now():%F %R}.")


def _fingerprint(settings: Settings) -> str:
    """Return a name for whose pools these are and how they are counted, from which no key can be had back."""
    import hashlib

    source, lists = settings.source, settings.catalogue
    key = source.key_command if source.key is None else source.key.reveal()
    projects = None if lists.sharing_projects is None else sorted(lists.sharing_projects)
    counted = (source.profile, lists.as_of, sorted(lists.own.items()), sorted(lists.limits.items()), projects)
    return hashlib.sha256(repr((source.base_url, key, counted, settings.options.form)).encode()).hexdigest()[:16]


def _check(settings: Settings) -> int:
    from tui.commands import check

    options = settings.options
    bound = check.Bound(options.pool, options.max_percent, options.min_left, options.until_reset)

    async def checked(opened: DataSource) -> int:
        if options.check_month:
            return await check.check_month(engine_of(settings, opened))
        return await (check.wait if options.wait else check.check)(engine_of(settings, opened), bound)

    return _read(_opened(settings.source), checked)


def _why(settings: Settings) -> int:
    from tui.commands import why

    options = settings.options
    _refuse_the_future(options.date)
    models = [value for _, value in settings.view.only]
    if len(models) > 1:
        raise BadSettings("why explains one model, or all of a day: say --model once.")

    prices = prices_of(settings)

    async def explained(opened: DataSource) -> int:
        model = models[0] if models else None
        return await why.why(engine_of(settings, opened, prices), day=options.date, model=model, as_json=options.json)

    return _read(_opened(settings.source), explained)


def _money(settings: Settings) -> int:
    from tui.commands import money

    month = settings.options.month
    if month is not None and month > utc_now():
        raise BadSettings(f"{month:%B %Y} has not begun yet in UTC.")

    prices = prices_of(settings)

    async def printed(opened: DataSource) -> int:
        return await money.money(engine_of(settings, opened, prices), month, as_json=settings.options.json)

    return _read(_opened(settings.source), printed)


def _archive(settings: Settings) -> int:
    from tui.commands import archive

    options, kept_in = settings.options, sources.archive(settings.source, utc_now)
    if kept_in is None:
        raise BadSettings("The archive is switched off in config.toml.")
    path = kept_in.file.path
    contents = kept_in.contents()  # or what is in the way of that
    status = {
        "refresh": lambda: _refresh(settings, kept_in),
        "info": lambda: archive.info(path, contents, kept_in.run_count()),
        "clear": lambda: archive.clear(
            path,
            kept_in.clear,
            partial(last_screen.forget, settings.source.profile),
            kept_in.run_count(),
            sure=options.yes,
        ),
        "vacuum": lambda: archive.vacuum(path, kept_in.file.vacuum),
    }[options.action]()
    tell(*kept_in.file.take_notices())
    return status


def _refresh(settings: Settings, kept_in: Archive) -> int:
    from tui.commands import archive
    from tui.sources.archive.refresh import refresh

    async def refreshed(opened: DataSource) -> int:
        assert opened.identity is not None  # noqa: S101  only the demo has none, and it keeps nothing
        options = settings.options
        spec = said(options.window, since=options.since, until=options.until)
        window = None if spec is None else spec.window(opened.clock())
        return await archive.refresh(refresh(kept_in, opened.identity, opened.source, opened.clock, window))

    return _read(sources.asked(settings.source, on_long_wait=of_long_waits()), refreshed)


def _demo_server(options: Options) -> int:
    try:
        import uvicorn
    except ImportError as error:
        raise BadSettings(
            "demo-server needs one more package.", "To install it: pip install 'oai-usage-tui[server]'"
        ) from error
    from tui.commands import demo_server
    from tui.sources.demo import large_organization, server
    from tui.sources.demo.organization import Organization

    seed = 1 if options.seed is None else options.seed
    projects, models, keys = options.projects, options.models, options.keys
    if projects or models or keys:
        organization = large_organization.organization(
            seed, projects=projects or 20, models=models or 10, keys=keys or 2
        )
    else:
        organization = Organization(seed)
    api = server.application(organization, utc_now)
    # The API's own headers name the time; the server's name is nobody's business.
    settings = uvicorn.Config(api, log_level="warning", access_log=False, date_header=False, server_header=False)
    return demo_server.serve(
        lambda listener: uvicorn.Server(settings).run([listener]),
        DEFAULT_PORT if options.port is None else options.port,
        server.KEY,
    )
