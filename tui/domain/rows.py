"""The records: rows, and their sums."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable
from functools import cache
from operator import add
from typing import Any, NamedTuple, TypeVar

from tui.domain import percent

EVERY_MODEL = "(all models)"
"""How a row is called that the API did not break down by model."""

_USUAL_TIERS = {"default", "auto", "standard"}
"""The service tier of requests that ask for none; `standard` is what projects' settings call it (2026-11-20)."""

_FREE = re.compile(r"incentiv|data sharing", re.IGNORECASE)


@cache
def is_free_tier(service_tier: str | None) -> bool:
    """Return whether the API marks tokens of this service tier as complimentary.

    The live value is `incentivized-tier`; the usage page writes "data sharing incentive tier". Neither is
    documented, so both words count, in any case.
    """
    return service_tier is not None and _FREE.search(service_tier) is not None


class Row(NamedTuple):
    """The counts of one combination of the grouped fields, in tokens and requests.

    A tuple, since there may be hundreds of thousands: it is made five times as quickly as a frozen dataclass.

    A field that was not grouped by is None. `input_tokens` holds the cached ones and the cache's writes too, of which
    those for 12 hours are a part (client library 3.57.0);
    reasoning is inside `output_tokens`; audio and image tokens are parts of both (OpenAPI document of 2026-08-21,
    `UsageCompletionsResult`). Kinds of usage that are not counted in tokens have an `amount`: images, characters,
    seconds, bytes, sessions or calls. `input_uncached_tokens` is what the API itself says, where that is not the
    input without the cached tokens and the cache's writes.
    """

    model: str | None = None
    service_tier: str | None = None
    project_id: str | None = None
    user_id: str | None = None
    api_key_id: str | None = None
    batch: bool | None = None
    size: str | None = None
    source: str | None = None
    vector_store_id: str | None = None
    context_level: str | None = None
    api_source: str | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    requests: int = 0
    input_cached_tokens: int = 0
    input_cache_write_tokens: int = 0
    input_cache_write_12h_tokens: int = 0
    input_audio_tokens: int = 0
    input_cached_audio_tokens: int = 0
    output_audio_tokens: int = 0
    input_image_tokens: int = 0
    input_cached_image_tokens: int = 0
    output_image_tokens: int = 0
    amount: int = 0
    input_uncached_tokens: int | None = None

    @property
    def uncached(self) -> int:
        """Return the input tokens that the cache had no part in."""
        if self.input_uncached_tokens is not None:
            return self.input_uncached_tokens
        return self.input_tokens - self.input_cached_tokens - self.input_cache_write_tokens

    @property
    def group(self) -> tuple[object, ...]:
        """Return what tells this row from others of its bucket."""
        return self[: len(GROUPED_BY)]

    @property
    def tokens(self) -> int:
        """Return input plus output."""
        return self.input_tokens + self.output_tokens

    @property
    def is_free(self) -> bool:
        """Return whether the API itself marks the row's tokens as complimentary."""
        return is_free_tier(self.service_tier)

    @property
    def is_plain(self) -> bool:
        """Return whether the row is of the usual service tier and no batch: only such traffic is known to be free."""
        return (self.service_tier or "default").lower() in _USUAL_TIERS and not self.batch

    @property
    def name(self) -> str:
        """Return the model as it is shown."""
        return EVERY_MODEL if self.model is None else self.model


GROUPED_BY = Row._fields[: Row._fields.index("input_tokens")]
"""The fields that tell the rows of one bucket apart; they stand first."""

COUNTS = tuple(name for name, usual in Row._field_defaults.items() if usual == 0)
"""The fields of a row that add up."""


class Sums(NamedTuple):
    """Tokens in and out, requests, how many of the tokens were free, and their parts; they add up.

    `cached`, `cache_writes` and `uncached` are parts of the input, `audio` and `image` of input and output. `amount`
    is what kinds of usage without tokens count.
    """

    input: int = 0
    output: int = 0
    requests: int = 0
    free: int = 0
    cached: int = 0
    cache_writes: int = 0
    audio: int = 0
    image: int = 0
    amount: int = 0
    uncached: int = 0

    @property
    def total(self) -> int:
        """Return input plus output, in tokens."""
        return self.input + self.output

    @property
    def billed(self) -> int:
        """Return the tokens that were not free, of any model."""
        return self.total - self.free

    @property
    def share(self) -> float | None:
        """Return the free part of the tokens in percent, to one decimal; None where there are none."""
        return percent.tenths(self.free, self.total) if self.total else None

    @property
    def whole_share(self) -> int | None:
        """Return the free part of the tokens in whole percent, as people read it; None where there are none."""
        return percent.whole(self.free, self.total) if self.total else None

    def __add__(self, other: Sums) -> Sums:  # type: ignore[override]  # of numbers, and not of tuples
        return Sums(*map(add, self, other))

    def __bool__(self) -> bool:
        return bool(self.input or self.output or self.requests or self.amount)


def added(many: Collection[Sums]) -> Sums:
    """Return all of these together; of very many that is quicker than adding one after the other."""
    return Sums(*map(sum, zip(*many, strict=True)))


def regrouped(rows: Iterable[Row], group_by: Collection[str]) -> tuple[Row, ...]:
    """Return the rows broken down by these fields only: what differs in others is added up."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(getattr(row, name) for name in group_by), []).append(row)
    return tuple(_summed(dict(zip(group_by, values, strict=True)), group) for values, group in groups.items())


def _summed(fields_kept: dict[str, Any], rows: Collection[Row]) -> Row:
    counts: dict[str, Any] = dict(
        zip(COUNTS, map(sum, zip(*(row[len(GROUPED_BY) : -1] for row in rows), strict=True)), strict=True)
    )
    is_told = any(row.input_uncached_tokens is not None for row in rows)
    uncached = sum(row.uncached for row in rows) if is_told else None
    return Row(**fields_kept, **counts, input_uncached_tokens=uncached)


def sums_of(row: Row) -> Sums:
    """Return the sums of one row, which is most often all that there is of its names."""
    return Sums(
        row.input_tokens,
        row.output_tokens,
        row.requests,
        row.tokens if row.is_free else 0,
        row.input_cached_tokens,
        row.input_cache_write_tokens,
        row.input_audio_tokens + row.input_cached_audio_tokens + row.output_audio_tokens,
        row.input_image_tokens + row.input_cached_image_tokens + row.output_image_tokens,
        row.amount,
        row.uncached,
    )


def add_up(rows: Iterable[Row]) -> Sums:
    """Return the sums of the rows."""
    tokens_in = tokens_out = requests = free = cached = cache_writes = audio = image = amount = beyond = 0
    for row in rows:
        tokens_in += row.input_tokens
        tokens_out += row.output_tokens
        requests += row.requests
        cached += row.input_cached_tokens
        cache_writes += row.input_cache_write_tokens
        audio += row.input_audio_tokens + row.input_cached_audio_tokens + row.output_audio_tokens
        image += row.input_image_tokens + row.input_cached_image_tokens + row.output_image_tokens
        amount += row.amount
        if row.input_uncached_tokens is not None:
            beyond += row.uncached - (row.input_tokens - row.input_cached_tokens - row.input_cache_write_tokens)
        if row.is_free:
            free += row.tokens
    uncached = tokens_in - cached - cache_writes + beyond
    return Sums(tokens_in, tokens_out, requests, free, cached, cache_writes, audio, image, amount, uncached)


def by_model(rows: Iterable[Row]) -> dict[str, Sums]:
    """Return the sums of each model, in the order in which the models appear."""
    return grouped(rows, lambda row: row.name)


Name = TypeVar("Name", bound=Hashable)


def grouped(rows: Iterable[Row], name: Callable[[Row], Name]) -> dict[Name, Sums]:
    """Return the sums of the rows of each name, in the order in which the names appear."""
    groups: dict[Name, list[Row]] = {}
    for row in rows:
        groups.setdefault(name(row), []).append(row)
    return {called: sums_of(group[0]) if len(group) == 1 else add_up(group) for called, group in groups.items()}
