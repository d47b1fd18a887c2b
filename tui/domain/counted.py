"""What is added up of buckets and of costs before any filter: once for each, however many letters a filter has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal

from tui.domain.catalogue import Catalogue
from tui.domain.cost_lines import DOLLARS, NOTHING, About, Cost, CostsTogether, amounts_of
from tui.domain.dimensions import Names, named
from tui.domain.line_items import OTHER, parse
from tui.domain.rows import Row, Sums, added, grouped
from tui.domain.usage import Bucket

_MANY_DAYS = 1_000
_ABOUT_A_MODEL = {"model", "pool"}


class Counted:
    """The sums of buckets and costs by all names that a view knows, those of its filter too; filters share them."""

    def __init__(
        self, catalogue: Catalogue, dimensions: Sequence[str], known: Sequence[str], *, merged: bool
    ) -> None:
        self.dimensions, self.known, self.catalogue, self.merged = tuple(dimensions), tuple(known), catalogue, merged
        self.names_of = named(self.known, catalogue, merged=merged)
        self.names: dict[Names, Names] = {}
        """All names of a part of any bucket; buckets share them, since there may be thousands in each."""
        self._sums: dict[int, tuple[Bucket, dict[Names, Sums]]] = {}
        self._costs: dict[int, tuple[Sequence[Cost], dict[Names, Decimal]]] = {}
        self._cost_names: dict[About, Names] = {}

    def sums(self, bucket: Bucket) -> dict[Names, Sums]:
        """Return the sums of each part of a bucket that was used, counted once."""
        found = self._sums.get(id(bucket))
        if found is None or found[0] is not bucket:
            parts = grouped(bucket.rows, self._shared_names) if not bucket.parts else self._of_parts(bucket.parts)
            # The bucket is held as well, so that its id stays its own.
            found = self._sums[id(bucket)] = bucket, {names: sums for names, sums in parts.items() if sums}
        return found[1]

    def _of_parts(self, buckets: Sequence[Bucket]) -> dict[Names, Sums]:
        """Return the sums of several buckets together, whose own are kept as well: other periods share them."""
        parts: dict[Names, list[Sums]] = {}
        for bucket in buckets:
            for names, sums in self.sums(bucket).items():
                parts.setdefault(names, []).append(sums)
        return {names: added(sums) for names, sums in parts.items()}

    def _shared_names(self, row: Row) -> Names:
        names = self.names_of(row)
        return self.names.setdefault(names, names)

    def is_counted(self, bucket: Bucket) -> bool:
        """Return whether the rows of a bucket have been gone through."""
        return id(bucket) in self._sums

    def retain(self, numbers: AbstractSet[int]) -> None:
        """Forget other buckets than those with these ids."""
        for number in self._sums.keys() - numbers:
            self._sums.pop(number, None)  # another thread may forget them as well

    def costs(self, costs: Sequence[Cost]) -> dict[Names, Decimal]:
        """Return what each part of a day's costs was in dollars, added up once: there may be 15,000 lines a day."""
        found = self._costs.get(id(costs))
        if found is None:
            if len(self._costs) > _MANY_DAYS:
                self._costs.clear()
            sums: dict[Names, Decimal] = {}
            for names, amount in self._cost_parts(costs):
                sums[names] = sums.get(names, NOTHING) + amount
            found = self._costs[id(costs)] = costs, sums
        return found[1]

    def _cost_parts(self, costs: Sequence[Cost]) -> Iterator[tuple[Names, Decimal]]:
        """Yield names and amounts in dollars; those of several days are those that each of them adds up to."""
        if isinstance(costs, CostsTogether):
            for part in costs.parts:
                yield from self.costs(part).items()
            return
        for about, amount in amounts_of(costs):
            if about.currency == DOLLARS:
                yield self._names_of_cost(about), amount

    def are_costs_counted(self, costs: Sequence[Cost]) -> bool:
        """Return whether a day's costs have been gone through."""
        return id(costs) in self._costs

    def _names_of_cost(self, about: About) -> Names:
        names = self._cost_names.get(about)
        if names is None:
            model = parse(about.line_item).model
            names = self.names_of(_row_of(about, model))
            if model is None:
                of_each = zip(self.known, names, strict=True)
                names = tuple(OTHER if of in _ABOUT_A_MODEL else name for of, name in of_each)
            names = self._cost_names[about] = self.names.get(names, names)
        return names


def _row_of(about: About, model: str | None) -> Row:
    """Return a row that is called as a line of costs is."""
    return Row(
        model=model,
        project_id=about.project_id,
        user_id=about.user_id,
        api_key_id=about.api_key_id,
        api_source=about.api_source,
    )
