"""What lines are broken down by: model, pool, project and so on, alone or one within the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tui.domain.catalogue import Catalogue
from tui.domain.kinds import Kind
from tui.domain.usage import Row
from tui.errors import BadSettings

NO_POOL = "none"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing to break down by: its title, and the API's field that it needs."""

    title: str
    field: str


DIMENSIONS = {
    "model": Dimension("Model", "model"),
    "pool": Dimension("Pool", "model"),
    "project": Dimension("Project", "project_id"),
    "user": Dimension("User", "user_id"),
    "key": Dimension("API key", "api_key_id"),
    "tier": Dimension("Service tier", "service_tier"),
    "batch": Dimension("Batch", "batch"),
}
"""By the name that is said on the command line."""

MOST = 2
"""How many dimensions at once."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """The dimensions of a view, the outer one first; none: one line a bucket."""

    dimensions: tuple[str, ...] = ("model",)

    @property
    def titles(self) -> tuple[str, ...]:
        """Return what stands over the names."""
        return tuple(DIMENSIONS[name].title for name in self.dimensions)

    def fields(self, kind: Kind, *, tiers: bool = True) -> tuple[str, ...]:
        """Return the fields that the API has to break its answer down by; with its `tiers`, free use is known.

        Raises:
            BadSettings: where this kind of usage is not broken down so.
        """
        wanted = dict.fromkeys(DIMENSIONS[name].field for name in self.dimensions)
        for name in self.dimensions:
            if DIMENSIONS[name].field not in kind.description.fields:
                known = ", ".join(one for one, each in DIMENSIONS.items() if each.field in kind.description.fields)
                raise BadSettings(f"There is no breakdown of {kind.description.words} by {name}. There is: {known}.")
        if tiers and "service_tier" in kind.description.fields:
            wanted["service_tier"] = None
        return tuple(wanted)

    def names(self, catalogue: Catalogue) -> Callable[[Row], tuple[str, ...]]:
        """Return what tells to which line a row belongs: a name a dimension."""

        def names(row: Row) -> tuple[str, ...]:
            return tuple(_name(row, dimension, catalogue) for dimension in self.dimensions)

        return names


def usual(kind: Kind) -> Grouping:
    """Return how a kind of usage is broken down when nothing is said: by model, or where it has none by project."""
    return Grouping(("model",) if "model" in kind.description.fields else ("project",))


def _name(row: Row, dimension: str, catalogue: Catalogue) -> str:
    if dimension == "model":
        return row.name
    if dimension == "pool":
        return catalogue.pool_of(row.model) or NO_POOL
    value = getattr(row, DIMENSIONS[dimension].field)
    if dimension == "batch" and value is not None:
        return "batch" if value else "no batch"
    return value or f"(unknown {dimension})"
