"""Where the data come from: the API, the archive in front of it or alone, the demo, a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from tui.config import paths
from tui.config.settings import SourceSettings
from tui.domain import sanitize
from tui.domain.admin_settings import AdminSettingsSource
from tui.domain.base_url import BaseUrl, Origin
from tui.domain.directory import DirectorySource
from tui.domain.runs import RunStore
from tui.domain.time import midnight
from tui.engine.clock import Clock
from tui.errors import BadSettings, KeyMissing
from tui.sources.base import BucketCache, CostSource, Source

if TYPE_CHECKING:
    from tui.sources.archive.buckets import Archive
    from tui.sources.archive.owners import Identity
    from tui.sources.openai.client import Client
    from tui.sources.openai.endpoint import Endpoint
    from tui.sources.openai.long_wait import OnLongWait


def utc_now() -> datetime:
    """Return the time: the program's one clock."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class DataSource:
    """A source, by whose time it goes, and what to call the place that it asks when that is not OpenAI.

    `async with` closes the client behind it at the end.
    """

    source: Source
    clock: Clock
    place: str | None = None
    client: Client | None = None
    closing: Callable[[], Awaitable[None]] | None = None
    memory: BucketCache | None = None
    offline: bool = False
    identity: Identity | None = None
    directory_source: DirectorySource | None = None
    cost_source: CostSource | None = None
    settings_source: AdminSettingsSource | None = None
    run_store: RunStore | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.closing is not None:
            await self.closing()


def opened(
    settings: SourceSettings, *, quick: bool = False, later: bool = False, on_long_wait: OnLongWait | None = None
) -> DataSource:
    """Return what to read from. Nothing is asked yet, and no event loop needs to run.

    A command that prints the key may ask for a passphrase, and ctrl+c ends it as it should. A `quick` source gives up
    soon, for somebody who waits for a prompt. With `later`, the client is made when it is first asked. `on_long_wait`
    is told the host where an answer is long in coming.

    Raises:
        KeyMissing: where a key is needed and there is none.
        BadSettings: where a flag, a variable or the config file cannot be used.
    """
    if settings.offline:
        return _offline(settings)
    direct = asked(settings, quick=quick, later=later, on_long_wait=on_long_wait)
    kept_in = None if direct.identity is None else archive(settings, direct.clock)
    if direct.identity is None or kept_in is None:
        return direct
    from tui.sources.archive.admin_settings import CachedAdminSettings
    from tui.sources.archive.directory import CachedDirectory
    from tui.sources.archive.read_through import ReadThrough
    from tui.sources.archive.runs import KeptRuns

    through = ReadThrough(direct.source, kept_in, direct.identity, direct.clock)
    names = CachedDirectory(direct.directory_source, kept_in, direct.identity, direct.clock)
    limits = CachedAdminSettings(direct.settings_source, kept_in, direct.identity, direct.clock)
    runs = KeptRuns(kept_in, direct.identity)
    return replace(
        direct, source=through, memory=through, directory_source=names, settings_source=limits, run_store=runs
    )


def asked(
    settings: SourceSettings, *, quick: bool = False, later: bool = False, on_long_wait: OnLongWait | None = None
) -> DataSource:
    """Return the API itself, with nothing in front of it; see `opened` for the errors.

    The demo has no identity: nothing of it is worth keeping.
    """
    clock = Clock(utc_now)
    if settings.demo:
        clock = Clock(demo_clock(at_once=settings.demo_now))
        from tui.sources.demo.runs import DemoRuns

        demo = _answering(lambda: demo_client(clock, busy=not settings.demo_now), clock, "demo", later=later)
        return replace(demo, run_store=DemoRuns(clock()))

    from tui.config import key
    from tui.sources.archive.owners import Identity

    address, place = _checked(settings.base_url)
    admin_key = key.find(
        settings.key, settings.key_command, paths.config_path(), settings.profile, settings.environment or None
    )

    def client() -> Client:
        from tui.sources.openai.api import Api
        from tui.sources.openai.client import Client
        from tui.sources.openai.retry import RetryPolicy

        retry_policy = RetryPolicy(attempts=2, total=5.0) if quick else RetryPolicy()
        return Client(
            Api(
                target(settings.base_url),
                admin_key,
                retry_policy=retry_policy,
                on_date=clock.on_date,
                on_long_wait=on_long_wait,
            ),
            asked=clock.later,
        )

    return _answering(client, clock, place, Identity(address, admin_key), later=later)


def _answering(
    make: Callable[[], Client], clock: Clock, place: str | None, identity: Identity | None = None, *, later: bool
) -> DataSource:
    """Return a source that the client answers, and what the same one knows beside usage."""
    if later:
        from tui.bootstrap.lazy_client import LazyClient

        client = LazyClient(make, clock)
        return DataSource(
            client,
            clock,
            place,
            identity=identity,
            directory_source=client,
            cost_source=client,
            settings_source=client,
            closing=client.aclose,
        )
    from tui.sources.openai.admin_settings import AdminSettingsClient
    from tui.sources.openai.costs import CostClient
    from tui.sources.openai.names import DirectoryClient

    made = make()
    directory_source, cost_source = DirectoryClient(made, clock), CostClient(made)
    return DataSource(
        made,
        clock,
        place,
        made,
        identity=identity,
        directory_source=directory_source,
        cost_source=cost_source,
        settings_source=AdminSettingsClient(made, clock),
        closing=made.aclose,
    )


def _checked(base_url: BaseUrl) -> tuple[str, str | None]:
    """Return the address that is asked, and what to call it where it is not OpenAI's; see `opened` for the errors."""
    if base_url.origin is Origin.DEFAULT:  # no need to load the rules
        return base_url.address, None
    found = target(base_url)
    return found.url, None if found.is_openai else found.host


def target(base_url: BaseUrl) -> Endpoint:
    """Return where the API is asked; see `opened` for the errors."""
    from tui.sources.openai.endpoint import endpoint

    return endpoint(base_url.address, base_url.origin, confirmed=base_url.confirmed)


_DEMO_BEGINS = timedelta(hours=14)


def demo_clock(*, at_once: bool = False) -> Callable[[], datetime]:
    """Return the demo's time: it begins at 14:00 of today's UTC date, when there is most to see, and goes on.

    With `at_once` it is the real time.
    """
    if at_once:
        return utc_now
    started = utc_now()
    ahead = midnight(started) + _DEMO_BEGINS - started
    return lambda: utc_now() + ahead


def demo_client(clock: Callable[[], datetime], *, busy: bool = True) -> Client:
    """Return the real client over an in-process transport to the demo's API, whose time is that of `clock`.

    On a `busy` one today's large pool runs out before the reset.
    """
    from tui.sources.demo import server
    from tui.sources.demo.organization import Organization
    from tui.sources.openai import transport
    from tui.sources.openai.api import Api
    from tui.sources.openai.client import Client
    from tui.sources.openai.endpoint import endpoint

    network = transport.in_process(server.application(Organization(busy=midnight(clock()) if busy else None), clock))
    return Client(Api(endpoint("http://127.0.0.1/v1", Origin.DEFAULT), server.KEY, in_process=network))


def archive(settings: SourceSettings, clock: Callable[[], datetime]) -> Archive | None:
    """Return where buckets are kept, or None where nothing is to be kept.

    Raises:
        BadSettings: where the place that was named begins with the home folder of somebody unknown.
    """
    path = settings.archive
    if path is False:
        return None
    from tui.sources.archive.buckets import Archive
    from tui.sources.archive.database import File, Nowhere

    if isinstance(path, Path):
        try:
            return Archive(File(path.expanduser(), clock, is_own_place=False))
        except RuntimeError as error:
            raise BadSettings(
                f"The archive {sanitize.clean(str(path))}: nobody knows where that home folder is."
            ) from error
    place = paths.archive_path(settings.profile)
    if place is None:
        return Archive(Nowhere(f"{paths.NO_HOME} So there is no configuration, and no place for the archive.", clock))
    return Archive(File(place, clock, is_own_place=True))


def _offline(settings: SourceSettings) -> DataSource:
    """Return what is on disk: of the key in the environment, or of the organization that was asked last.

    No command is run for a key: nothing will be asked.
    """
    from tui.config import key
    from tui.sources.archive.admin_settings import CachedAdminSettings
    from tui.sources.archive.directory import CachedDirectory
    from tui.sources.archive.offline import Offline
    from tui.sources.archive.owners import Identity
    from tui.sources.archive.runs import KeptRuns

    clock = Clock(utc_now)
    kept_in = archive(settings, clock)
    if kept_in is None:
        raise BadSettings("The archive is switched off in config.toml, so there is nothing to show offline.")
    try:
        admin_key = key.find(settings.key, None, paths.config_path(), settings.profile)
    except KeyMissing:
        owner, whose = kept_in.last_owner(), ""
    else:
        owner = kept_in.owner(Identity(target(settings.base_url).url, admin_key))
        whose = " of this key's organization"
    if owner is None:
        words = " ".join(
            [*kept_in.file.take_notices(), f"There is nothing{whose} in the archive {kept_in.file.name} yet."]
        )
        raise BadSettings(words, "Start once without --offline, so that something is read.")
    alone = Offline(kept_in, owner)
    names = CachedDirectory(None, kept_in, owner, clock)
    limits = CachedAdminSettings(None, kept_in, owner, clock)
    runs = KeptRuns(kept_in, owner)
    return DataSource(
        alone,
        clock,
        "offline",
        memory=alone,
        offline=True,
        directory_source=names,
        settings_source=limits,
        run_store=runs,
    )
