"""Buckets broken down by the names of a view, and found by its filter: quick where there are thousands of names."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import compress
from operator import attrgetter
from threading import RLock

from tui.domain.catalogue import Catalogue
from tui.domain.costs import NOTHING, Cost, total
from tui.domain.dimensions import Names, named
from tui.domain.directory import NO_NAMES, Directory
from tui.domain.filter import NO_FILTER, Filter
from tui.domain.line_items import OTHER
from tui.domain.usage import Bucket, Row, Sums, grouped

_MANY_DAYS = 1_000
COSTS_ARE_KNOWN_BY = {"model", "pool", "project"}
_ABOUT_A_MODEL = {"model", "pool"}
_FIELDS = [each.name for each in fields(Sums)]
_SIZES = [_FIELDS.index(name) for name in ("input", "output", "amount")]
_values = attrgetter(*_FIELDS)


@dataclass(frozen=True, slots=True)
class BucketTotals:
    """One bucket's sums: the number of each combination that was used, and their counts, in the order of `Sums`.

    A combination is that of the names in all dimensions that the view knows, those of its filter too.
    """

    bucket: Bucket
    combinations: Sequence[int]
    columns: tuple[Sequence[int], ...]


def _narrow(numbers: Iterable[int]) -> Sequence[int]:
    """Return the numbers in as little memory as the largest of them needs."""
    numbers = tuple(numbers)
    least, most = min(numbers, default=0), max(numbers, default=0)
    for code, end in (("B", 2**8), ("I", 2**32), ("Q", 2**64)):
        if least >= 0 and most < end:
            return array(code, numbers)
    return numbers


class _Counts:
    """The sums of buckets by some dimensions. They do not depend on a filter, and threads may share them."""

    def __init__(
        self, catalogue: Catalogue, dimensions: Sequence[str], known: Sequence[str], *, merged: bool
    ) -> None:
        self.dimensions, self.known, self.catalogue, self.merged = tuple(dimensions), tuple(known), catalogue, merged
        self.names_of = named(self.known, catalogue, merged=merged)
        self.combinations: list[Names] = []
        """All names of a combination, by its number; its shown ones, and the number of the group that these are."""
        self.shown: list[Names] = []
        self.group_of: list[int] = []
        self.groups: dict[Names, int] = {}
        self._numbers: dict[Names, int] = {}
        self._known: dict[int, BucketTotals] = {}
        self._lock = RLock()

    def totals(self, bucket: Bucket) -> BucketTotals:
        """Return a bucket's sums, counted once."""
        found = self._known.get(id(bucket))  # which holds the bucket, so that its id stays its own
        if found is None:
            with self._lock:
                if id(bucket) in self._known:  # another thread was quicker
                    return self._known[id(bucket)]
                used = {
                    combination: _values(sums)
                    for combination, sums in grouped(bucket.rows, self._group_key).items()
                    if sums
                }
                found = BucketTotals(bucket, _narrow(used), tuple(map(_narrow, zip(*used.values(), strict=True))))
                self._known[id(bucket)] = found
        return found

    def _group_key(self, row: Row) -> int:
        names = self.names_of(row)
        combination = self._numbers.get(names)
        if combination is None:
            shown = names[: len(self.dimensions)]
            self.shown.append(shown)
            self.group_of.append(self.groups.setdefault(shown, len(self.groups)))
            self.combinations.append(names)
            combination = self._numbers[names] = len(self.combinations) - 1
        return combination

    def is_counted(self, bucket: Bucket) -> bool:
        """Return whether the rows of a bucket have been gone through."""
        return id(bucket) in self._known

    def retain(self, numbers: AbstractSet[int]) -> None:
        """Forget other buckets than those with these ids."""
        for number in self._known.keys() - numbers:
            del self._known[number]


class Aggregate:
    """How buckets are broken down by some dimensions, and which names a filter finds.

    What was computed of a bucket is kept as long as the bucket is: it does not change. Threads may share one.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        dimensions: Sequence[str] = ("model",),
        row_filter: Filter = NO_FILTER,
        *,
        merged: bool = False,
        directory: Directory = NO_NAMES,
        counts: _Counts | None = None,
    ) -> None:
        known = tuple(dict.fromkeys((*dimensions, *row_filter.needs(dimensions))))
        self._counts = counts or _Counts(catalogue, dimensions, known, merged=merged)
        self.dimensions, self.row_filter, self.directory = tuple(dimensions), row_filter, directory
        match = row_filter.matches(self._counts.known, len(self.dimensions), directory.label)
        self._match = match if row_filter else None
        self._matching: list[bool] = []
        self._totals: dict[int, tuple[Sums, int]] = {}
        self._groups: dict[int, dict[Names, Sums]] = {}
        self._costs: dict[int, tuple[Sequence[Cost], dict[Names, Decimal]]] = {}

    def with_view(
        self, dimensions: Sequence[str], row_filter: Filter, *, merged: bool, directory: Directory
    ) -> Aggregate:
        """Return the breakdown by these dimensions and this filter, with what was counted where that is enough."""
        counts = self._counts
        is_like_it = (tuple(dimensions), merged) == (self.dimensions, counts.merged)
        if is_like_it and row_filter == self.row_filter and directory is self.directory:
            return self
        if not is_like_it or not set(row_filter.needs(dimensions)) <= set(counts.known):
            return Aggregate(counts.catalogue, dimensions, row_filter, merged=merged, directory=directory)
        return Aggregate(counts.catalogue, dimensions, row_filter, merged=merged, directory=directory, counts=counts)

    @property
    def pools(self) -> tuple[str, ...]:
        """Return the names of the pools, in their order."""
        return self._counts.catalogue.pools

    def label(self, names: Names) -> Names:
        """Return how the names of a line are shown."""
        return tuple(
            self.directory.label(dimension, name) for dimension, name in zip(self.dimensions, names, strict=False)
        )

    def names_of(self, dimension: str | None) -> dict[str, str]:
        """Return the names of a dimension that were used and how they are shown; None: of all that lines show."""
        known = self._counts.known
        places = range(max(len(self.dimensions), 1)) if dimension is None else (known.index(dimension),)
        return {
            name: self.directory.label(known[place], name)
            for place in places
            for name in {names[place] for names in self._counts.combinations}
        }

    def sums(self, bucket: Bucket) -> tuple[Sums, int]:
        """Return the sums of what the filter finds in a bucket, and how many lines are right under its own."""
        found = self._totals.get(id(bucket))
        if found is None:
            totals = self._counts.totals(bucket)
            mask = None if self._match is None else self._mask(totals)
            columns = totals.columns if mask is None else (compress(column, mask) for column in totals.columns)
            combinations = totals.combinations if mask is None else compress(totals.combinations, mask)
            outer = {self._counts.shown[combination][:1] for combination in combinations}
            found = self._totals[id(bucket)] = Sums(*map(sum, columns)), len(outer)
        return found

    def groups(self, bucket: Bucket) -> dict[Names, Sums]:
        """Return the sums of each group that the filter finds in a bucket; what was not used is left out."""
        found = self._groups.get(id(bucket))
        if found is None:
            totals = self._counts.totals(bucket)
            counts: Iterable[tuple[int, ...]] = zip(*totals.columns, strict=True)
            combinations: Iterable[int] = totals.combinations
            if self._match is not None:
                mask = self._mask(totals)
                combinations, counts = compress(combinations, mask), compress(counts, mask)
            found = {}
            for combination, values in zip(combinations, counts, strict=True):
                names, sums = self._counts.shown[combination], Sums(*values)
                found[names] = found[names] + sums if names in found else sums
            self._groups[id(bucket)] = found
        return found

    def sizes(self, bucket: Bucket) -> Iterator[tuple[int, int, int]]:
        """Yield of each part of a bucket that the filter finds: its group's number, input or amount, output."""
        totals = self._counts.totals(bucket)
        combinations: Iterable[int] = totals.combinations
        columns: list[Iterable[int]] = [totals.columns[place] for place in _SIZES] if totals.columns else [(), (), ()]
        if self._match is not None:
            mask = self._mask(totals)
            combinations, columns = compress(combinations, mask), [compress(column, mask) for column in columns]
        group_of = self._counts.group_of
        for combination, tokens_in, tokens_out, amount in zip(combinations, *columns, strict=True):
            yield group_of[combination], tokens_in or amount, tokens_out

    def group_names(self) -> list[Names]:
        """Return the names of each group by its number."""
        return list(self._counts.groups)

    def costs(self, costs: Sequence[Cost]) -> dict[Names, Decimal]:
        """Return what each group that the filter finds cost, each outer one, and all of them (named by nothing).

        Costs are known by model and project only; of other breakdowns there is the whole, of other filters nothing.
        What is about no model is a group of its own, so that the groups always add up to the whole. Amounts that are
        not in dollars are left out; where there are no others, the result is empty.
        """
        found = self._costs.get(id(costs))
        if found is None:
            if len(self._costs) > _MANY_DAYS:
                self._costs.clear()
            found = self._costs[id(costs)] = (costs, self._added_up(costs))
        return found[1]

    def _added_up(self, costs: Sequence[Cost]) -> dict[Names, Decimal]:
        in_dollars = [cost for cost in costs if cost.is_in_dollars]
        if costs and not in_dollars:
            return {}
        if not self.knows_costs:
            return {} if self._match is not None else {(): total(in_dollars)}
        sums: dict[Names, Decimal] = {(): NOTHING}
        for cost in in_dollars:
            names = self._cost_names(cost)
            if self._match is None or self._match(names):
                shown = names[: len(self.dimensions)]
                for group in dict.fromkeys(((), shown[:1], shown)):
                    sums[group] = sums.get(group, NOTHING) + cost.amount
        return sums

    @property
    def knows_costs(self) -> bool:
        """Whether costs can be told apart by all that this breaks down by and looks for."""
        return set(self._counts.known) <= COSTS_ARE_KNOWN_BY

    def _cost_names(self, cost: Cost) -> Names:
        model = cost.item.model
        names = self._counts.names_of(Row(model=model, project_id=cost.project_id))
        if model is not None:
            return names
        known = self._counts.known
        return tuple(OTHER if of in _ABOUT_A_MODEL else name for of, name in zip(known, names, strict=True))

    def work_left(self, buckets: Iterable[Bucket]) -> int:
        """Return how many rows have to be gone through before these buckets can be shown."""
        return sum(len(bucket.rows) for bucket in buckets if not self._counts.is_counted(bucket))

    def prepare(self, buckets: Iterable[Bucket]) -> None:
        """Go through the rows of these buckets, so that they can be shown at once."""
        for bucket in buckets:
            self._counts.totals(bucket)

    def retain(self, buckets: Iterable[Bucket]) -> None:
        """Forget what was computed of other buckets than these."""
        wanted = {id(bucket) for bucket in buckets}
        self._counts.retain(wanted)
        for number in self._totals.keys() - wanted:
            self._totals.pop(number, None)
            self._groups.pop(number, None)

    def rows(self, bucket: Bucket, names: Names) -> Iterator[Row]:
        """Yield the rows of a bucket that these names are made of, as far as the filter finds them."""
        for row in bucket.rows:
            found = self._counts.names_of(row)
            if found[: len(names)] == names and (self._match is None or self._match(found)):
                yield row

    def _mask(self, totals: BucketTotals) -> list[bool]:
        """Return which combinations of a bucket the filter finds."""
        if self._match is None:
            return [True] * len(totals.combinations)
        matches, combinations = self._matching, self._counts.combinations
        if len(matches) < len(combinations):
            matches = [*matches, *map(self._match, combinations[len(matches) :])]
            self._matching = matches
        return [matches[combination] for combination in totals.combinations]
