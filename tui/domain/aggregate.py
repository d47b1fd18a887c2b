"""Buckets broken down by the names of a view, and found by its filter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from itertools import compress
from operator import itemgetter

from tui.domain.catalogue import Catalogue
from tui.domain.costs import NOTHING, Cost
from tui.domain.counted import Counted
from tui.domain.dimensions import Names
from tui.domain.directory import NO_NAMES, Directory
from tui.domain.filter import NO_FILTER, Filter
from tui.domain.rows import Row, Sums, added
from tui.domain.usage import Bucket

_MANY_DAYS = 1_000
COSTS_ARE_KNOWN_BY = {"model", "pool", "project"}
COSTS_BY = {"user": "user_id", "key": "api_key_id", "source": "api_source"}
"""The fields that costs are broken down by where a view asks for it, by their dimensions."""

_OUTER = itemgetter(0)


class _Found:
    """What was computed of one bucket; what a thread adds after it was forgotten is forgotten with it."""

    __slots__ = ("bucket", "groups", "only_costs", "outer", "total", "volume")

    def __init__(self, bucket: Bucket) -> None:
        self.bucket = bucket
        self.groups: dict[Names, Sums] | None = None
        self.outer: dict[Names, Sums] | None = None
        self.total: tuple[Sums, int] | None = None
        self.volume: tuple[int, int] | None = None
        self.only_costs: tuple[Mapping[Names, Decimal], tuple[Names, ...]] | None = None


class Aggregate:
    """How buckets are broken down by some dimensions, and which names a filter finds, `within` the first of these.

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
        within: Names = (),
        counted: Counted | None = None,
    ) -> None:
        known = known_of(dimensions, row_filter)
        self._counted = counted or Counted(catalogue, dimensions, known, merged=merged)
        self.dimensions, self.row_filter, self.directory = tuple(dimensions), row_filter, directory
        self.within = within
        match = row_filter.matches(self._counted.known, len(self.dimensions), directory.label)

        def is_found(names: Names) -> bool:
            return names[: len(within)] == within and match(names)

        self._match = cache(is_found if within else match) if row_filter or within else None
        self._whole: Aggregate | None = None
        self._found: dict[int, _Found] = {}
        self._volumes: tuple[tuple[Bucket, ...], dict[Names, int]] = (), {}
        self._costs: dict[tuple[int, frozenset[str], bool], tuple[Sequence[Cost], dict[Names, Decimal]]] = {}

    def with_view(
        self, dimensions: Sequence[str], row_filter: Filter, *, merged: bool, directory: Directory, within: Names = ()
    ) -> Aggregate:
        """Return the breakdown by these dimensions and this filter, with what was counted where that is enough.

        The one without any filter is kept beside those with one: it comes back as soon as the filter is left.
        """
        counted = self._counted
        is_like_it = (tuple(dimensions), merged) == (self.dimensions, counted.merged)
        if is_like_it and (row_filter, within) == (self.row_filter, self.within) and directory is self.directory:
            return self
        if not is_like_it or not set(row_filter.needs(dimensions)) <= set(counted.known):
            counted = Counted(counted.catalogue, dimensions, known_of(dimensions, row_filter), merged=merged)
        whole = self if self.is_whole else self._whole
        if whole is not None and not (whole.shares(counted) and whole.directory is directory):
            whole = None
        if whole is not None and not row_filter and not within:
            return whole
        found = Aggregate(
            counted.catalogue,
            dimensions,
            row_filter,
            merged=merged,
            directory=directory,
            within=within,
            counted=counted,
        )
        found.keep_beside(whole)
        return found

    def shares(self, counted: Counted) -> bool:
        """Return whether this rests on what was counted so."""
        return self._counted is counted

    def keep_beside(self, whole: Aggregate | None) -> None:
        """Keep what is found without any filter, for when this one's is left."""
        self._whole = whole

    @property
    def pools(self) -> tuple[str, ...]:
        """Return the names of the pools, in their order."""
        return self._counted.catalogue.pools

    @property
    def is_whole(self) -> bool:
        """Return whether nothing is looked for, so that all that was used is found."""
        return self._match is None

    def label(self, names: Names) -> Names:
        """Return how the names of a line are shown."""
        return tuple(
            self.directory.label(dimension, name) for dimension, name in zip(self.dimensions, names, strict=False)
        )

    def names_of(self, dimension: str | None) -> dict[str, str]:
        """Return the names of a dimension that were used and how they are shown; None: of all that lines show."""
        known = self._counted.known
        places = range(max(len(self.dimensions), 1)) if dimension is None else (known.index(dimension),)
        return {
            name: self.directory.label(known[place], name)
            for place in places
            for name in {names[place] for names in tuple(self._counted.names)}  # threads may add to them
        }

    def sums(self, bucket: Bucket) -> tuple[Sums, int]:
        """Return the sums of what the filter finds in a bucket, and how many lines are right under its own."""
        found = self._of(bucket)
        if found.total is None:
            groups = self.groups(bucket)
            whole = added(groups.values())
            outer = set(map(_OUTER, groups)) if len(self.dimensions) > 1 else groups
            found.total = whole, len(outer)
        return found.total

    def groups(self, bucket: Bucket) -> dict[Names, Sums]:
        """Return the sums of each group that the filter finds in a bucket; what was not used is left out."""
        found = self._of(bucket)
        if found.groups is None:
            groups, depth = self._counted.sums(bucket), len(self.dimensions)
            if self._match is not None:
                groups = dict(compress(groups.items(), map(self._match, groups)))
            if depth < len(self._counted.known):  # the filter knows more than lines show
                groups = merged_by(groups, lambda names: names[:depth])
            found.groups = groups
        return found.groups

    def _of(self, bucket: Bucket) -> _Found:
        """Return what was computed of a bucket; it is held with it, so that its id stays its own."""
        found = self._found.get(id(bucket))
        if found is None or found.bucket is not bucket:
            found = self._found[id(bucket)] = _Found(bucket)
        return found

    def volume(self, bucket: Bucket) -> tuple[int, int]:
        """Return how much the filter finds in a bucket: input, or amount, and output."""
        found = self._of(bucket)
        if found.volume is None:
            parts = [volume_of(sums) for sums in self.groups(bucket).values()]
            found.volume = sum(each[0] for each in parts), sum(each[1] for each in parts)
        return found.volume

    def volumes(self, buckets: Iterable[Bucket]) -> Mapping[Names, int]:
        """Return how much each group has in all of these buckets; where more have come, only those are added."""
        every = tuple(buckets)
        counted, found = self._volumes
        missing = {id(bucket) for bucket in every} - {id(bucket) for bucket in counted}
        if len(every) - len(missing) < len(counted):
            found, missing = {}, {id(bucket) for bucket in every}
        if missing:
            found = dict(found)  # another thread may look at the one before
            for bucket in every:
                for names, sums in self.groups(bucket).items() if id(bucket) in missing else ():
                    found[names] = found.get(names, 0) + (sums.input or sums.amount) + sums.output
            self._volumes = every, found
        return found

    def outer(self, bucket: Bucket) -> dict[Names, Sums]:
        """Return the sums of each group of the first dimension; of one dimension, or none, these are all groups."""
        if len(self.dimensions) < 2:
            return self.groups(bucket)
        found = self._of(bucket)
        if found.outer is None:
            found.outer = merged_by(self.groups(bucket), lambda names: names[:1])
        return found.outer

    def only_costs(self, bucket: Bucket, costs: Mapping[Names, Decimal]) -> tuple[Names, ...]:
        """Return the groups that cost something and used nothing, so that lines add up to their bucket's cost."""
        found = self._of(bucket)
        if found.only_costs is None or found.only_costs[0] is not costs:
            groups, depth = self.groups(bucket), len(self.dimensions)
            unused = {
                names for names in costs.keys() - groups.keys() if names and len(names) == depth and costs[names]
            }
            in_order = tuple(names for names in costs if names in unused) if unused else ()
            found.only_costs = costs, in_order
        return found.only_costs[1]

    def costs(
        self, costs: Sequence[Cost], by: Collection[str] = (), *, with_outer: bool = True
    ) -> dict[Names, Decimal]:
        """Return what each group that the filter finds cost, each outer one, and all of them (named by nothing).

        The outer ones can be left out, for a bucket whose lines are not shown.

        Costs are known by model and project, and by the fields that the lines tell beside (`by`); of other breakdowns
        there is the whole, of other filters nothing.
        What is about no model is a group of its own, so that the groups always add up to the whole. Amounts that are
        not in dollars are left out; where there are no others, the result is empty.
        """
        with_outer = with_outer and len(self.dimensions) > 1
        key = id(costs), frozenset(by), with_outer
        found = self._costs.get(key)
        if found is None:
            if len(self._costs) > _MANY_DAYS:
                self._costs.clear()
            found = self._costs[key] = (costs, self._added_up(costs, by, with_outer=with_outer))
        return found[1]

    def _added_up(self, costs: Sequence[Cost], by: Collection[str], *, with_outer: bool) -> dict[Names, Decimal]:
        parts, match, depth = self._counted.costs(costs), self._match, len(self.dimensions)
        if costs and not parts:
            return {}
        if not self.tells_costs(by):
            return {} if match is not None else {(): sum(parts.values(), NOTHING)}
        if match is not None:
            parts = dict(compress(parts.items(), map(match, parts)))
        inner = parts if depth == len(self._counted.known) else _costs_by(parts, depth)
        outer = _costs_by(inner, 1) if with_outer else {}
        return {**outer, **inner, (): sum(parts.values(), NOTHING)}

    def tells_costs(self, by: Collection[str]) -> bool:
        """Return whether costs can be told apart by all that this breaks down by and looks for."""
        wanted = known_of(self.dimensions, self.row_filter)  # what was counted may know more, for a filter before
        return all(name in COSTS_ARE_KNOWN_BY or COSTS_BY.get(name) in by for name in wanted)

    def work_left(self, buckets: Iterable[Bucket], costs: Iterable[Sequence[Cost]] = ()) -> int:
        """Return how many rows and costs have to be gone through before these buckets can be shown."""
        parts = (part for bucket in buckets for part in bucket.parts or (bucket,))
        rows = sum(len(part.rows) for part in parts if not self._counted.is_counted(part))
        return rows + sum(len(each) for each in costs if not self._counted.are_costs_counted(each))

    def prepare(self, buckets: Iterable[Bucket], costs: Iterable[Sequence[Cost]] = ()) -> None:
        """Go through the rows of these buckets and through these costs, so that they can be shown at once."""
        for bucket in buckets:
            self.sums(bucket)
        for each in costs:
            self._counted.costs(each)

    def retain(self, buckets: Iterable[Bucket]) -> None:
        """Forget what was computed of other buckets than these."""
        wanted = {id(each) for bucket in buckets for each in (bucket, *bucket.parts)}
        self._counted.retain(wanted)
        self.forget(wanted)
        if self._whole is not None:
            self._whole.forget(wanted)

    def forget(self, wanted: set[int]) -> None:
        """Forget what was computed of other buckets than those with these ids."""
        for number in self._found.keys() - wanted:
            self._found.pop(number, None)
        if not wanted.issuperset(map(id, self._volumes[0])):
            self._volumes = (), {}

    def rows(self, bucket: Bucket, names: Names) -> Iterator[Row]:
        """Yield the rows of a bucket that these names are made of, as far as the filter finds them."""
        for row in bucket.rows:
            found = self._counted.names_of(row)
            if found[: len(names)] == names and (self._match is None or self._match(found)):
                yield row


def volume_of(sums: Sums) -> tuple[int, int]:
    """Return input and output; where no tokens are counted, the amount in the place of input."""
    return sums.input or sums.amount, sums.output


def known_of(dimensions: Sequence[str], row_filter: Filter) -> tuple[str, ...]:
    """Return all dimensions that must be known: those of the lines, and those of the filter."""
    return tuple(dict.fromkeys((*dimensions, *row_filter.needs(dimensions))))


def _costs_by(parts: Mapping[Names, Decimal], depth: int) -> dict[Names, Decimal]:
    """Return what the parts cost whose first names are the same."""
    found: dict[Names, Decimal] = {}
    for names, cost in parts.items():
        shown = names[:depth]
        found[shown] = found.get(shown, NOTHING) + cost
    return found


def merged_by(groups: Mapping[Names, Sums], key: Callable[[Names], Names]) -> dict[Names, Sums]:
    """Return the sums of the groups whose names have the same key."""
    found: dict[Names, list[Sums]] = {}
    for names, sums in groups.items():
        found.setdefault(key(names), []).append(sums)
    return {names: parts[0] if len(parts) == 1 else added(parts) for names, parts in found.items()}
