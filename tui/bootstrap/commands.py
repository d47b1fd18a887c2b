"""The subcommand that was said, or the dashboard; what takes more than a few lines has a module of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from msgspec import structs

from tui.bootstrap import screen_settings
from tui.bootstrap.engines import engine_of, prices_of, reading, waited_for
from tui.bootstrap.sources import DataSource, utc_now
from tui.commands.messages import tell
from tui.config import catalogue, load, paths, preferences, profiles, subcommands
from tui.config.args import Args
from tui.config.resolve import as_demo, heeds_preferences, resolve
from tui.config.schema import Config, Preferences
from tui.config.settings import Settings
from tui.errors import BadSettings


def run(args: Args, environment: Mapping[str, str]) -> int:
    """Do what the command line said and return the exit status.

    Raises:
        TuiError: with a sentence for the user.
    """
    if args.command == subcommands.DEMO_SERVER:
        from tui.bootstrap import demo_server

        return demo_server.run(args)
    if args.command == subcommands.DOCTOR:  # which tells what is wrong with the configuration, and goes on
        from tui import doctor

        return doctor.run(args, environment)
    # The demo shows the program as it comes, on any machine: no file is read.
    file = Config() if args.demo else load.load(paths.config_path())
    check = partial(screen_settings.check, args.theme, file)
    if args.oneline or args.form is not None:
        from tui.bootstrap import oneline

        return oneline.run(resolve(args, environment, Preferences(), file), check)
    check()
    settings = resolve(args, environment, _preferences(args, environment), file)
    renamed = catalogue.old_usage_tier(profiles.of(file, settings.source.profile))
    if renamed is not None and settings.command == subcommands.POOLS and not settings.options.json:
        tell(renamed)
    command = _command(settings.command)
    return _dashboard(settings, args, environment, file) if command is None else command(settings)


def _dashboard(settings: Settings, args: Args, environment: Mapping[str, str], file: Config) -> int:
    from tui.bootstrap import dashboard

    def of_profile(name: str | None) -> Settings:
        """Return the settings of another profile: what the flags say of the first one's organization is left out.

        None is the demo.
        """
        if name is None:
            return as_demo(args, environment, settings.screen)
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


def _command(name: str | None) -> Callable[[Settings], int] | None:
    """Return what a subcommand does, None for the dashboard; what one needs is loaded for none of the others."""
    match name:
        case subcommands.EXPORT:
            from tui.bootstrap import export

            return export.run
        case subcommands.ARCHIVE:
            from tui.bootstrap import archive

            return archive.run
        case subcommands.RUN | subcommands.RUNS:
            from tui.bootstrap import runs

            return runs.run if name == subcommands.RUN else runs.runs
        case subcommands.SERVE:
            from tui.bootstrap import serve

            return serve.run
        case subcommands.WATCH:
            from tui.bootstrap import watch

            return watch.run
    few_lines = {
        subcommands.POOLS: _pools,
        subcommands.CHECK: _check,
        subcommands.WHY: _why,
        subcommands.MONEY: _money,
    }
    return few_lines.get(name or "")


def _pools(settings: Settings) -> int:
    from tui.commands import pools

    day, as_json = settings.options.date, settings.options.json
    _refuse_the_future(day)

    async def printed(opened: DataSource) -> int:
        return await pools.pools(engine_of(settings, opened), day=day, as_json=as_json)

    return reading(waited_for(settings.source), printed)


def _refuse_the_future(day: datetime | None) -> None:
    if day is not None and day > utc_now():
        raise BadSettings(f"{day:%Y-%m-%d} has not begun yet: days are UTC days, and now is {utc_now():%F %R}.")


def _check(settings: Settings) -> int:
    from tui.commands import check

    options = settings.options
    bound = check.Bound(options.pool, options.max_percent, options.min_left, options.until_reset)

    async def checked(opened: DataSource) -> int:
        if options.check_month:
            return await check.check_month(engine_of(settings, opened))
        return await (check.wait if options.wait else check.check)(engine_of(settings, opened), bound)

    return reading(waited_for(settings.source), checked)


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

    return reading(waited_for(settings.source), explained)


def _money(settings: Settings) -> int:
    from tui.commands import money

    month = settings.options.month
    if month is not None and month > utc_now():
        raise BadSettings(f"{month:%B %Y} has not begun yet in UTC.")

    prices = prices_of(settings)

    async def printed(opened: DataSource) -> int:
        return await money.money(engine_of(settings, opened, prices), month, as_json=settings.options.json)

    return reading(waited_for(settings.source), printed)
