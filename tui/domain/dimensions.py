"""What lines are broken down by: model, pool, project and so on, alone or one within the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from tui.domain.kinds import Kind
from tui.errors import BadSettings

if TYPE_CHECKING:
    from tui.domain.catalogue import Catalogue
    from tui.domain.rows import Row

Names = tuple[str, ...]
"""What a line is called: a name for each dimension, the outer one first; none for all of a bucket."""


class Dimension(NamedTuple):
    """One thing to break down by: its title, the API's field that it needs, and what one of its lines is."""

    title: str
    field: str
    noun: str


DIMENSIONS = {
    "model": Dimension("Model", "model", "model"),
    "pool": Dimension("Pool", "model", "pool"),
    "project": Dimension("Project", "project_id", "project"),
    "user": Dimension("User", "user_id", "user"),
    "key": Dimension("API key", "api_key_id", "API key"),
    "tier": Dimension("Service tier", "service_tier", "service tier"),
    "batch": Dimension("Batch", "batch", "line"),
    "source": Dimension("Source", "api_source", "source"),
}
"""By the name that is said on the command line."""

MOST_DIMENSIONS = 2
"""How many of them a view is broken down by."""

FILTERS = {"model": "models", "project": "project_ids", "user": "user_ids", "key": "api_key_ids"}
"""The API's parameters, by the dimension that they look for."""


class Grouping(NamedTuple):
    """The dimensions of a view, the outer one first; none: one line a bucket."""

    dimensions: tuple[str, ...] = ("model",)

    @property
    def titles(self) -> tuple[str, ...]:
        """Return what stands over the names."""
        return tuple(DIMENSIONS[name].title for name in self.dimensions)

    @property
    def noun(self) -> str:
        """Return what one line right under a bucket is."""
        return DIMENSIONS[self.dimensions[0]].noun if self.dimensions else "line"

    @property
    def words(self) -> str:
        """Return how the view is broken down: `by project`, `by model within project`."""
        if not self.dimensions:
            return "not broken down"
        titles = (title if title[:2].isupper() else title.lower() for title in reversed(self.titles))
        return f"by {' within '.join(titles)}"

    def fields(self, kind: Kind, *, tiers: bool = True) -> tuple[str, ...]:
        """Return the fields that the API has to break its answer down by; with its `tiers`, free use is known.

        Raises:
            BadSettings: where this kind of usage is not broken down so.
        """
        wanted = dict.fromkeys(DIMENSIONS[name].field for name in self.dimensions)
        for name in self.dimensions:
            if name not in dimensions_of(kind):
                known = ", ".join(dimensions_of(kind))
                raise BadSettings(
                    f"There is no breakdown of {kind.description.words} by {name}.", f"There is: {known}."
                )
        if tiers and "service_tier" in kind.description.fields:
            wanted["service_tier"] = None
        return tuple(wanted)


BY_MODEL = Grouping()
"""How the dashboard begins."""


def usual(kind: Kind) -> Grouping:
    """Return how a kind of usage is broken down when nothing is said: by model, or where it has none by project."""
    return Grouping(("model",) if "model" in kind.description.fields else ("project",))


def dimensions_of(kind: Kind) -> tuple[str, ...]:
    """Return the dimensions that a kind of usage can be broken down by."""
    return tuple(name for name, each in DIMENSIONS.items() if each.field in kind.description.fields)


def filters(kind: Kind, only: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return in the API's words what it is asked to look for: pairs of a dimension and a value.

    Raises:
        BadSettings: where it cannot look for that.
    """
    only = tuple(only)
    for name, _ in only:
        if name not in dimensions_of(kind):
            raise BadSettings(f"{kind.description.words.capitalize()} cannot be looked for by {name}.")
    return tuple((FILTERS[name], value) for name, value in only)


def named(dimensions: Iterable[str], catalogue: Catalogue, *, merged: bool = False) -> Callable[[Row], Names]:
    """Return what tells the names of a row in these dimensions."""
    of = tuple(_NAMES.get(name) or _field(name) for name in dimensions)

    def names(row: Row) -> Names:
        return tuple(name(row, catalogue, merged) for name in of)

    return names


_SNAPSHOT = re.compile(r"(?P<base>[^:]+?)-(\d{4}-\d{2}-\d{2}|\d{4})")
"""A model's name with the date of its snapshot: `gpt-5.4-2026-03-05`, `gpt-4-0613`; fine-tuned ones stay apart."""


def without_date(model: str) -> str:
    """Return the name that a model's snapshots share."""
    found = _SNAPSHOT.fullmatch(model)
    return found["base"] if found else model


def undated(models: Collection[str]) -> dict[str, str]:
    """Return a shorter name for each snapshot whose date does not tell it apart from another of these models."""
    bases = Counter(without_date(model) for model in models)
    return {model: base for model in models if (base := without_date(model)) != model and bases[base] == 1}


def _model(row: Row, _: Catalogue, merged: bool) -> str:  # noqa: FBT001
    return without_date(row.name) if merged else row.name


def _pool(row: Row, catalogue: Catalogue, _: bool) -> str:  # noqa: FBT001
    return catalogue.pool_name(row.model)


def _batch(row: Row, _: Catalogue, __: bool) -> str:  # noqa: FBT001
    return "(unknown batch)" if row.batch is None else "batch" if row.batch else "no batch"


def _field(dimension: str) -> Callable[[Row, Catalogue, bool], str]:
    value, unknown = attrgetter(DIMENSIONS[dimension].field), f"(unknown {dimension})"
    return lambda row, _, __: value(row) or unknown


_NAMES = {"model": _model, "pool": _pool, "batch": _batch}
