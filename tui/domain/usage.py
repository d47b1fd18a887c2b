"""The records: rows in buckets in a report, and their sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from tui.domain.window import Window

EVERY_MODEL = "(all models)"
"""How a row is called that the API did not break down by model."""


@dataclass(frozen=True, slots=True)
class Row:
    """The counts of one combination of the grouped fields, in tokens and requests.

    A field that was not grouped by is None. `input_tokens` holds the cached ones too; reasoning is inside
    `output_tokens` (OpenAPI document of 2026-08-21, `UsageCompletionsResult`).
    """

    model: str | None = None
    service_tier: str | None = None
    project_id: str | None = None
    user_id: str | None = None
    api_key_id: str | None = None
    batch: bool | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    requests: int = 0

    @property
    def group(self) -> tuple[object, ...]:
        """Return what tells this row from others of its bucket."""
        return (self.model, self.service_tier, self.project_id, self.user_id, self.api_key_id, self.batch)

    @property
    def name(self) -> str:
        """Return the model as it is shown."""
        return EVERY_MODEL if self.model is None else self.model


@dataclass(frozen=True, slots=True)
class Sums:
    """Tokens in and out, and requests; they add up."""

    input: int = 0
    output: int = 0
    requests: int = 0

    @property
    def total(self) -> int:
        """Return input plus output, in tokens."""
        return self.input + self.output

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.input + other.input, self.output + other.output, self.requests + other.requests)

    def __bool__(self) -> bool:
        return bool(self.input or self.output or self.requests)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One interval of an answer. No rows means that nothing was used, which is knowledge too."""

    start: datetime
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of a window: the buckets that were read, by their start.

    A bucket that is not here was not read. It is `unread`, never 0.
    """

    window: Window
    buckets: Mapping[datetime, Bucket] = field(default_factory=dict)

    def with_buckets(self, buckets: Iterable[Bucket]) -> Report:
        """Return the report with these buckets in the place of older ones; others are not touched."""
        fresh = {bucket.start: bucket for bucket in buckets if bucket.start in self.window}
        return replace(self, buckets={**self.buckets, **fresh})

    def over(self, window: Window) -> Report:
        """Return what is known of another window."""
        kept = {start: bucket for start, bucket in self.buckets.items() if start in window}
        return Report(window, kept)

    def unread(self) -> tuple[datetime, ...]:
        """Return the starts of the buckets that were not read, oldest first."""
        return tuple(start for start in self.window.starts() if start not in self.buckets)

    def rows(self) -> Iterable[Row]:
        """Yield every row of the window, oldest bucket first."""
        for start in self.window.starts():
            if start in self.buckets:
                yield from self.buckets[start].rows


def add_up(rows: Iterable[Row]) -> Sums:
    """Return the sums of the rows."""
    tokens_in = tokens_out = requests = 0
    for row in rows:
        tokens_in += row.input_tokens
        tokens_out += row.output_tokens
        requests += row.requests
    return Sums(tokens_in, tokens_out, requests)


def by_model(rows: Iterable[Row]) -> dict[str, Sums]:
    """Return the sums of each model, in the order in which the models appear."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.name, []).append(row)
    return {name: add_up(group) for name, group in groups.items()}
