"""What an export is asked for: which lines and columns, in which form, and what of that cannot be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tui.domain import sanitize
from tui.domain.aggregate import COSTS_ARE_KNOWN_BY, COSTS_BY
from tui.domain.compare import Against
from tui.domain.kinds import Kind
from tui.domain.metrics import DELTA, NEED_COSTS, NEED_TIERS, Metric, metrics, usual_metrics
from tui.domain.periods import Period
from tui.domain.time import Width
from tui.domain.view import USUAL, View, are_costs_known
from tui.engine.resolve_names import Only
from tui.errors import BadSettings
from tui.output import markdown
from tui.output.openmetrics import counters

OPENMETRICS = "openmetrics"
"""The format that is about today only."""


@dataclass(frozen=True, slots=True)
class Export:
    """What to print, and how. `output` None is stdout.

    Of the view's `only`, those that are `unverified` may be typing errors: nobody knew whether there is such a model
    or id. Days are put together to `period`. With `names`, ids are printed as what they are called. `excel` marks CSV
    as UTF-8.
    """

    view: View = USUAL
    format: str = "markdown"
    max_model_length: int = markdown.DEFAULT_MODEL_LENGTH
    unverified: Only = ()
    output: Path | None = None
    excel: bool = False
    names: bool = False
    width: Width = Width.DAY
    period: Period = Period.DAY
    against: Against = Against.DAY

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """Return the columns of numbers.

        Raises:
            BadSettings: where one of them is not counted.
        """
        view, known = self.view, metrics(self.view.kind)
        wanted = view.columns
        if wanted is None and self.format == "markdown" and view.kind is Kind.COMPLETIONS:
            wanted = markdown.COLUMNS + (("free", "billed") if "pool" in view.grouping.dimensions else ())
        for name in wanted or ():
            if name not in known:
                raise BadSettings(
                    f"There is no column {sanitize.clean(name)} of {view.kind.value}.",
                    f"There are: {', '.join(known)}.",
                )
        return {name: known[name] for name in wanted} if wanted else usual_metrics(view.kind)

    @property
    def needs_costs(self) -> bool:
        """Return whether a column tells of costs."""
        return bool(NEED_COSTS & self.metrics.keys())

    @property
    def needs_changes(self) -> bool:
        """Return whether a column tells how much more it is than before."""
        return DELTA in self.metrics

    @property
    def has_gauges(self) -> bool:
        """Return whether the pools and the money go along: beside all usage that the pools are a part of."""
        view = self.view
        is_all = view.kind is Kind.COMPLETIONS and not view.only and view.columns is None
        return self.format == OPENMETRICS and is_all

    def check(self) -> None:
        """Refuse what cannot be asked for, before anything is.

        Raises:
            BadSettings: where a column or a breakdown does not exist, or the output is no file.
        """
        _ = self.group_by, self.view.filters
        if self.needs_costs:
            self._check_costs()
        if self.needs_changes and self.width is Width.MINUTE:
            raise BadSettings("Minutes are compared with nothing: leave out --width 1m, or the column delta.")
        if self.format == OPENMETRICS:
            known = counters(self.view.kind, self.metrics)
            no_counters = [name for name in self.metrics if name not in known]
            if self.view.columns is not None and no_counters:
                raise BadSettings(
                    f"openmetrics holds what only grows in the course of a day: leave out {', '.join(no_counters)}."
                )
        if self.output is not None and (self.output.is_dir() or not self.output.name):
            raise BadSettings(f"{sanitize.clean(str(self.output))} is a folder, and --output needs a file.")

    def _check_costs(self) -> None:
        if self.width is not Width.DAY:
            raise BadSettings("Costs are known by the day: leave out --width, or the columns of costs.")
        if self.view.only:
            raise BadSettings("Costs cannot be asked for by one model, project, user or key: leave the filter out.")
        if not set(self.view.grouping.dimensions) <= {*COSTS_ARE_KNOWN_BY, *COSTS_BY}:
            names = ", ".join(sorted({*COSTS_ARE_KNOWN_BY, *COSTS_BY}))
            raise BadSettings(f"Costs are known by {names} only: say so with --by, or leave their columns out.")
        if not are_costs_known(self.view):
            words = self.view.kind.description.words
            raise BadSettings(
                f"Costs of {words} are known by model only: say --by model, or leave their columns out."
            )

    @property
    def group_by(self) -> tuple[str, ...]:
        """Return the fields that the API is asked to break its answer down by.

        Raises:
            BadSettings: where it cannot be broken down so.
        """
        grouping = self.view.grouping
        need_tiers = bool(grouping.dimensions) or bool(NEED_TIERS & self.metrics.keys())
        return grouping.fields(self.view.kind, tiers=need_tiers)
