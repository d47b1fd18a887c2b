"""Rows and times as they are written: a list of names and a list of values a row, as compressed JSON."""

from __future__ import annotations

import json
import operator
import zlib
from dataclasses import fields
from datetime import UTC, datetime
from sys import intern

from tui.domain.usage import Bucket, Row

_DEFAULTS = {each.name: each.default for each in fields(Row)}


class BadRows(Exception):
    """Bytes that this program did not write."""


def encode_rows(bucket: Bucket) -> bytes:
    """Return the rows of a bucket as bytes; fields that no row has are left out.

    Behind the values stands how many rows the bucket lacks, if any: before that could be, there were two lists.
    """
    rows = bucket.rows
    columns = {name: list(map(operator.attrgetter(name), rows)) for name in _DEFAULTS}
    names = [name for name, column in columns.items() if column.count(_DEFAULTS[name]) < len(rows)]
    values = list(zip(*(columns[name] for name in names), strict=True)) if names else [()] * len(rows)
    content = [names, values, bucket.left_out] if bucket.left_out else [names, values]
    return zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 1)


def _one(value: object) -> object:
    """Return the one object for a name that stands in thousands of rows."""
    return intern(value) if isinstance(value, str) else value


def decode_rows(start: datetime, content: bytes) -> Bucket:
    """Return the bucket whose rows are in the bytes.

    Raises:
        BadRows: where they hold none.
    """
    try:
        names, values, *more = json.loads(zlib.decompress(content))
        (left_out,) = more or (0,)
        rows = tuple(Row(**dict(zip(names, map(_one, row), strict=True))) for row in values)
        return Bucket(start, rows, operator.index(left_out))
    except (zlib.error, TypeError, ValueError) as error:
        raise BadRows(f"no rows: {error}") from error


def seconds(when: datetime) -> int:
    """Return a time as it is written: Unix seconds."""
    return int(when.timestamp())


def moment(written: int) -> datetime:
    """Return the time that is written so."""
    return datetime.fromtimestamp(written, UTC)
