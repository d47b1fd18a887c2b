"""The demo's runs: a few that were measured today, and what is measured while it lasts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from tui.domain.runs import Run
from tui.domain.time import midnight


class DemoRuns:
    """Runs in memory, see `domain.runs.RunStore`; nothing of the demo is kept."""

    def __init__(self, now: datetime) -> None:
        day = midnight(now)
        known = (
            ("python eval.py --suite nightly", 2, 5, 41, 0),
            ("make summaries", 9, 30, 12, 0),
            ("python label.py --batch 7", 12, 50, 4, 1),
        )
        self._runs: dict[str, Run] = {}
        for name, hour, minute, lasted, status in known:
            started = day + timedelta(hours=hour, minutes=minute)
            ended = started + timedelta(minutes=lasted)
            if ended < now:
                self.keep(Run(f"demo-{hour}", name, "command", started, ended, status=status))

    def going_on(self, *_: object) -> AbstractContextManager[Callable[[], None]]:
        """Do nothing: nobody else sees the runs of the demo."""
        return nullcontext(lambda: None)

    def keep(self, run: Run) -> None:
        """Keep a run, in the place of what was known of it."""
        self._runs[run.id] = run

    def runs(self) -> tuple[Run, ...]:
        """Return them, the newest first."""
        return tuple(sorted(self._runs.values(), key=lambda run: run.started, reverse=True))

    def forget(self, run: Run) -> None:
        """Forget a run."""
        self._runs.pop(run.id, None)
