"""What one session of the program is about: where its data come from, and what was asked for."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from tui.domain.admin_settings import AdminSettingsSource
from tui.domain.alerts import Alert
from tui.domain.bounds import MAX_DAYS
from tui.domain.catalogue import Catalogue
from tui.domain.compare import Against
from tui.domain.directory import DirectorySource
from tui.domain.periods import Period
from tui.domain.prices import Prices
from tui.domain.runs import RunStore
from tui.domain.shutdowns import NO_SHUTDOWNS, Shutdowns
from tui.domain.time import DAY, Width, Window, inside, midnight
from tui.domain.view import USUAL, View
from tui.domain.windows import LastDays, WindowSpec
from tui.engine.events import BucketsWanted, CacheLoaded
from tui.engine.state import NOTHING_TOLD, State, Told
from tui.engine.timer import STEPS, RefreshTimer
from tui.sources.base import BucketCache, CostSource, Source


@dataclass(frozen=True, slots=True)
class Session:
    """One session. `place` names where the data come from, when that is not OpenAI: "demo", a host, a file.

    `is_static` says that the clock does: the data are from a file, and nothing will reset. At `thresholds`, in
    percent, a pool is told of: by a bell, and by `on_alert`, which returns what went wrong, if anything did.
    `memory` knows what was read before; `offline`, it is all that there is. `live` are the seconds between two
    refreshes, None for none. `ahead` is how far this machine's clock is ahead of the API's. `save` writes content
    into a file that ends so (`.csv`), and returns its path; it may raise TuiError. `excel` marks CSV for it.
    `directory_source` knows what ids are called, `cost_source` what it costs, `settings_source` what limits there
    are, and `shutdowns` when models end; `budget` is in dollars a month. `run_store` keeps what is measured. Of an
    hour that is unusual, and above `spike_floor` tokens, is told; None of none. A line is a `period`, where that was
    chosen, and is compared with what was before `against` that. `profile` is whose it is, where
    that has a name. `told` is what an earlier session of the same organization told in this process, and
    `keep_told` is given what this one did. `remember` is told what the user chose, by the name of a setting.
    `first` is what the memory knows of the first view, which is looked up while the screen is being loaded. It
    begins with `window_wanted`, or else with today and the `days` before it.
    """

    source: Source
    clock: Callable[[], datetime]
    days: int
    catalogue: Catalogue
    place: str | None = None
    is_static: bool = False
    thresholds: tuple[int, ...] = (80, 95, 100)
    bell: bool = True
    on_alert: Callable[[Alert], Awaitable[str | None]] | None = None
    memory: BucketCache | None = None
    offline: bool = False
    live: int | None = None
    pause_unfocused: bool = False
    width: Width = Width.DAY
    most_days: int = MAX_DAYS
    ahead: Callable[[], timedelta] = timedelta
    save: Callable[[str, str], str] | None = None
    excel: bool = False
    view: View = USUAL
    directory_source: DirectorySource | None = None
    cost_source: CostSource | None = None
    settings_source: AdminSettingsSource | None = None
    prices: Prices | None = None
    shutdowns: Shutdowns = NO_SHUTDOWNS
    budget: Decimal | None = None
    spike_floor: int | None = None
    run_store: RunStore | None = None
    period: Period | None = None
    against: Against = Against.DAY
    profile: str = ""
    told: Told = NOTHING_TOLD
    keep_told: Callable[[Told], None] | None = None
    remember: Callable[[str, object], None] | None = None
    first: Future[CacheLoaded] | None = None
    window_wanted: WindowSpec | None = None

    @property
    def first_wanted(self) -> WindowSpec:
        """Return the window that it begins with."""
        return LastDays(self.days) if self.window_wanted is None else self.window_wanted

    def window(self, spec: WindowSpec) -> Window:
        """Return the days that are asked for, as of now."""
        return spec.window(self.clock())

    def inside(self, start: datetime, width: Width) -> Window:
        """Return the hours or minutes that begin at `start`, as far as time has come; of a file, all of them."""
        return inside(start, width, start + DAY if self.is_static else self.clock())

    def ending(self, models: Iterable[str]) -> dict[str, date]:
        """Return those of the models that end soon, with the UTC day."""
        return self.shutdowns.soon(models, self.clock().date())

    def initial(self) -> State:
        """Return the state before anything is known."""
        thresholds = () if self.is_static else self.thresholds
        state = State.initial(
            self.window(self.first_wanted),
            self.catalogue,
            self.timer(),
            self.view,
            thresholds,
            self.budget,
            self.period,
        )
        wanted = BucketsWanted(week=self.asks and self.spike_floor is not None)
        known = self.told
        return replace(
            state,
            window_wanted=self.first_wanted,
            day=midnight(self.clock()),
            buckets_wanted=wanted,
            spike_floor=self.spike_floor or 0,
            against=self.against,
            told=known.told,
            told_to_run_out=known.told_to_run_out,
            billings=known.billings,
        )

    def timer(self) -> RefreshTimer | None:
        """Return how the dashboard refreshes by itself; None where there is nobody to ask."""
        if not self.asks:
            return None
        return RefreshTimer(STEPS[2], on=False) if self.live is None else RefreshTimer(self.live)

    @property
    def asks(self) -> bool:
        """Return whether anybody is asked."""
        return not (self.offline or self.is_static)

    @property
    def why_not_asked(self) -> str:
        """Return why nobody is asked, and what is shown instead; nothing where the API is asked."""
        if self.asks:
            return ""
        if self.offline:
            return "Nobody is asked: this is what is on disk (--offline)."
        return "Nobody is asked: this is a file that was saved (--replay)."
