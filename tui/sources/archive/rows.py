"""Rows and times as they are written: a list of names and a list of values a row, as compressed JSON."""

from __future__ import annotations

import operator
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import repeat
from sys import intern
from typing import Any

import msgspec

from tui.domain.rows import GROUPED_BY, Row
from tui.domain.usage import Bucket

_DEFAULTS = Row._field_defaults
_WORDS = frozenset(GROUPED_BY) - {"batch"}


class BadRows(Exception):
    """Bytes that this program did not write."""


def encode_rows(bucket: Bucket) -> bytes:
    """Return the rows of a bucket as bytes; fields that no row has are left out.

    Behind the values stands how many rows the bucket lacks, if any: before that could be, there were two lists.
    """
    rows = bucket.rows
    columns = dict(zip(Row._fields, zip(*rows, strict=True), strict=True)) if rows else {}
    names = [name for name, column in columns.items() if column.count(_DEFAULTS[name]) < len(rows)]
    values = list(zip(*(columns[name] for name in names), strict=True)) if names else [()] * len(rows)
    content = [names, values, bucket.left_out] if bucket.left_out else [names, values]
    return zlib.compress(msgspec.json.encode(content), 1)


def _column(name: str, values: Iterable[Any]) -> list[Any]:
    """Return a field of all rows, with the one object for a name that stands in thousands of them."""
    if name not in _WORDS:
        return list(values)
    return [None if value is None else intern(value) for value in values]


def decode_rows(start: datetime, content: bytes) -> Bucket:
    """Return the bucket whose rows are in the bytes.

    Raises:
        BadRows: where they hold none.
    """
    try:
        names, values, *more = msgspec.json.decode(zlib.decompress(content))
        (left_out,) = more or (0,)
        columns = {name: _column(name, each) for name, each in zip(names, zip(*values, strict=True), strict=True)}
        every = {name: repeat(usual, len(values)) for name, usual in _DEFAULTS.items()} | columns
        rows = tuple(map(Row._make, zip(*every.values(), strict=True)))  # an unknown field makes them too long
        return Bucket(start, rows, operator.index(left_out))
    except (zlib.error, TypeError, ValueError, msgspec.DecodeError) as error:
        raise BadRows(f"no rows: {error}") from error


def seconds(when: datetime) -> int:
    """Return a time as it is written: Unix seconds."""
    return int(when.timestamp())


def moment(written: int) -> datetime:
    """Return the time that is written so."""
    return datetime.fromtimestamp(written, UTC)
