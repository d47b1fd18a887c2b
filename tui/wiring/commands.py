"""One function for each subcommand, and for the dashboard."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from tui.cli.flags import STDOUT
from tui.cli.help import ARCHIVE, CHECK, DEMO_SERVER, DOCTOR, EXPORT, POOLS, WHY
from tui.commands.narration import tell
from tui.config import lists, load, paths
from tui.config.schema import Config
from tui.domain.grouping import FILTERS
from tui.domain.kinds import Kind
from tui.domain.window import DAY, MAX_DAYS, Window, last_days, midnight
from tui.errors import BadSettings
from tui.session.engine import Engine
from tui.session.only import resolved
from tui.session.run import Run
from tui.wiring import screen_settings, sources
from tui.wiring.sources import Opened, Said, utc_now

if TYPE_CHECKING:
    from tui.api.client import Client
    from tui.api.replay import Replay
    from tui.archive.buckets import Archive

DEFAULT_PORT = 8765


def run(said: Said) -> int:
    """Do what the command line said and return the exit status.

    Raises:
        TuiError: with a sentence for the user.
    """
    if said["command"] == DEMO_SERVER:
        return _demo_server(said)
    if said["command"] == DOCTOR:  # which tells what is wrong with the configuration, and goes on
        from tui.wiring import doctor

        return doctor.run(said)
    # The demo shows the program as it comes, on any machine: no file is read.
    config = Config() if "demo" in said else load.load(paths.config_path())
    if "oneline" not in said:  # which checks when it asks: what it keeps was found with this very configuration
        screen_settings.check(said, config)
    known = {EXPORT: _export, POOLS: _pools, CHECK: _check, WHY: _why, ARCHIVE: _archive}
    if said["command"] in known:
        return known[said["command"]](said, config)
    from tui.wiring import dashboard

    return dashboard.run(said, config)


def _export(said: Said, config: Config) -> int:
    from tui.commands import export

    what = export.Export(
        kind=Kind(said.get("kind", Kind.COMPLETIONS.value)),
        only=tuple((name, value) for name in FILTERS for value in said.get(name, ())),
        output=Path(said["output"]) if said.get("output", STDOUT[0]) not in STDOUT else None,
        **{name: said[name] for name in ("by", "columns", "format", "max_model_length", "excel") if name in said},
    )
    what.check()
    if what.format == export.OPENMETRICS and ("since" in said or "replay" in said):
        raise BadSettings("openmetrics is about today, as it grows: leave out --since, --until and --replay.")
    days = said.get("days", config.days)

    async def asked_for(source: Opened) -> export.Export:
        only = await resolved(what.only, source.naming)
        return replace(what, only=only, unverified=tuple(each for each in only if each in what.only))

    async def raw(source: Opened) -> int:
        async with source:
            client = cast("Client", source.client)
            return await export.raw(client, _window(said, source.clock(), days), await asked_for(source))

    async def table(source: Opened) -> int:
        async with source:
            asked = await asked_for(source)
            engine = Engine(Run(source.source, source.clock, days, lists.catalogue(config)))
            return await export.table(engine, lambda: _window(said, source.clock(), days), asked)

    async def replay(pages: Replay) -> int:
        window = last_days(pages.now, min(days if "days" in said else pages.days, pages.days))
        engine = Engine(Run(pages, lambda: pages.now, days, lists.catalogue(config)))
        return await export.table(engine, lambda: window, what)

    if "raw" in said:
        return asyncio.run(raw(sources.asked(said, config)))
    if "replay" in said:
        return asyncio.run(replay(sources.replayed(said)))
    return asyncio.run(table(sources.opened(said, config)))


def _window(said: Said, now: datetime, days: int) -> Window:
    """Return the days that were asked for: from one to another, or the last so many."""
    if said.get("format") == "openmetrics":
        return last_days(now, 0)
    if "since" not in said:
        return last_days(now, days)
    today = midnight(now)
    end = min(said.get("until", today), today) + DAY
    if end <= said["since"]:
        raise BadSettings(f"{said['since']:%Y-%m-%d} has not begun yet: days are UTC days, and now is {now:%F %R}.")
    if end - said["since"] > (MAX_DAYS + 1) * DAY:
        raise BadSettings(f"From {said['since']:%Y-%m-%d} on there are more than {MAX_DAYS + 1} days: say --until.")
    return Window(said["since"], end, running=end > today)


def _pools(said: Said, config: Config) -> int:
    from tui.commands import oneline, pools

    catalogue = lists.catalogue(config)

    async def whole(source: Opened) -> int:
        async with source:
            return await pools.pools(
                source.source, catalogue, source.clock, day=said.get("date"), as_json="json" in said
            )

    async def brief() -> oneline.Brief:
        screen_settings.check(said, config)
        async with sources.opened(said, config, quick=True) as source:
            return await pools.brief(source.source, catalogue, source.clock)

    _refuse_the_future(said)
    if "oneline" not in said:
        return asyncio.run(whole(sources.opened(said, config)))
    folder = None if {"demo", "offline"} & said.keys() else paths.cache_path()
    kept_in = None if folder is None else folder / f"pools-{_fingerprint(said, config)}.json"
    return oneline.line(lambda: asyncio.run(brief()), kept_in, utc_now, said.get("max_age", oneline.MAX_AGE))


def _refuse_the_future(said: Said) -> None:
    if "date" in said and said["date"] > utc_now():
        raise BadSettings(
            f"{said['date']:%Y-%m-%d} has not begun yet: days are UTC days, and now is {utc_now():%F %R}."
        )


def _fingerprint(said: Said, config: Config) -> str:
    """Return a name for whose pools these are and how they are counted, from which no key can be had back."""
    import hashlib

    key = os.environ.get("OPENAI_ADMIN_KEY") or config.admin_key_command
    parts = (said.get("base_url"), os.environ.get("OPENAI_BASE_URL"), key, config)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _check(said: Said, config: Config) -> int:
    from tui.commands import check

    bound = check.Bound(said["pool"], said.get("max_percent"), said.get("min_left"))

    async def checked(source: Opened) -> int:
        async with source:
            one = check.Check(source.source, lists.catalogue(config), bound, source.clock, asyncio.sleep)
            return await (check.wait(one) if "wait" in said else check.check(one))

    return asyncio.run(checked(sources.opened(said, config)))


def _why(said: Said, config: Config) -> int:
    from tui.commands import why

    _refuse_the_future(said)
    models = said.get("model", [None])
    if len(models) > 1:
        raise BadSettings("why explains one model, or all of a day: say --model once.")

    async def explained(source: Opened) -> int:
        async with source:
            return await why.why(
                source.source,
                lists.catalogue(config),
                source.clock,
                day=said.get("date"),
                model=models[0],
                as_json="json" in said,
                memory=source.memory,
                costing=source.costing,
            )

    return asyncio.run(explained(sources.opened(said, config)))


def _archive(said: Said, config: Config) -> int:
    from tui.commands import archive

    kept_in = sources.archive(said, config, utc_now)
    if kept_in is None:
        raise BadSettings("The archive is switched off in config.toml.")
    path = kept_in.file.path
    if "since" in said and said["action"] != "refresh":
        raise BadSettings("--since belongs to archive refresh.")
    contents = kept_in.contents()  # or what is in the way of that
    status = {
        "refresh": lambda: _refresh(said, config, kept_in),
        "info": lambda: archive.info(path, contents),
        "clear": lambda: archive.clear(path, kept_in.clear, sure="yes" in said),
        "vacuum": lambda: archive.vacuum(path, kept_in.file.vacuum),
    }[said["action"]]()
    for words in kept_in.file.told():
        tell(words)
    return status


def _refresh(said: Said, config: Config, kept_in: Archive) -> int:
    from tui.archive.refresh import refresh
    from tui.commands import archive

    async def refreshed() -> int:
        async with sources.asked(said, config) as source:
            assert source.identity is not None  # noqa: S101  only the demo has none, and it keeps nothing
            found = refresh(kept_in, source.identity, source.source, source.clock, said.get("since"))
            return await archive.refresh(found)

    return asyncio.run(refreshed())


def _demo_server(said: Said) -> int:
    try:
        import uvicorn
    except ImportError as error:
        raise BadSettings("demo-server needs one more package: pip install 'oai-usage-tui[server]'") from error
    from tui.commands import demo_server
    from tui.demo import large, server
    from tui.demo.organization import Organization

    seed, sizes = said.get("seed", 1), {name: said[name] for name in ("projects", "models", "keys") if name in said}
    if sizes:
        organization = large.organization(seed, **{"projects": 20, "models": 10, "keys": 2, **sizes})
    else:
        organization = Organization(seed)
    api = server.application(organization, utc_now)
    # The API's own headers name the time; the server's name is nobody's business.
    settings = uvicorn.Config(api, log_level="warning", access_log=False, date_header=False, server_header=False)
    return demo_server.serve(
        lambda listener: uvicorn.Server(settings).run([listener]), said.get("port", DEFAULT_PORT), server.KEY
    )
