"""What the ids of projects, users and API keys are called by people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Protocol

NAMED = ("project", "user", "key")
"""The dimensions whose names are ids."""


@dataclass(frozen=True)
class Directory:
    """Names by dimension and id, and when they were read. `problem` says, in a sentence, why there are no more."""

    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    read_at: datetime | None = None
    problem: str | None = None

    @property
    def notice(self) -> str | None:
        """Return what follows on the screen from the problem, and that; None where there is none."""
        if self.problem is None:
            return None
        which = "Some ids" if any(self.names.values()) else "Ids"
        return f"{which} are shown instead of names. {self.problem}"

    def label(self, dimension: str, name: str) -> str:
        """Return how a name is shown: an id by what it is called, where that is known."""
        called = self.names.get(dimension, {}).get(name, name)
        return f"{called} ({name})" if called in self._ambiguous.get(dimension, ()) else called

    @cached_property
    def _ambiguous(self) -> dict[str, set[str]]:
        """The names that several ids of a dimension have."""
        found: dict[str, set[str]] = {}
        for dimension, names in self.names.items():
            times = Counter(names.values())
            found[dimension] = {name for name, count in times.items() if count > 1}
        return found

    def ids(self, dimension: str, name: str) -> tuple[str, ...]:
        """Return the ids that are called so, in any case of letters."""
        wanted = name.casefold()
        return tuple(id_ for id_, called in self.names.get(dimension, {}).items() if called.casefold() == wanted)

    def knows(self, dimensions: Collection[str]) -> bool:
        """Return whether the names of these dimensions were read."""
        return all(name in self.names for name in dimensions if name in NAMED)

    def with_names(self, other: Directory) -> Directory:
        """Return the names of both; those of the other come before, and where it lacks some, beside these."""
        names = {**self.names, **other.names}
        if other.problem is not None:
            names |= {dimension: {**self.names.get(dimension, {}), **of} for dimension, of in other.names.items()}
        return Directory(names, other.read_at or self.read_at, other.problem)


NO_NAMES = Directory()
"""Before anything was read."""


class DirectorySource(Protocol):
    """Something that knows what ids are called."""

    async def directory(self, dimensions: Collection[str]) -> Directory:
        """Return the names of these dimensions' ids; what cannot be had is missing, and `problem` says why."""
        ...
