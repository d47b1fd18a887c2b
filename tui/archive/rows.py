"""Rows as bytes, and back.

A list of names and a list of values a row, as compressed JSON. A name that a later version adds is at its default in
what was written before; one that this version does not know is left out.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import fields

from tui.domain.usage import Row

_DEFAULTS = {each.name: each.default for each in fields(Row)}


def packed(rows: Iterable[Row]) -> bytes:
    """Return the rows as bytes; fields that no row has are left out."""
    rows = tuple(rows)
    names = [name for name, default in _DEFAULTS.items() if any(getattr(row, name) != default for row in rows)]
    values = [[getattr(row, name) for name in names] for row in rows]
    return zlib.compress(json.dumps([names, values], separators=(",", ":")).encode(), 1)


def unpacked(content: bytes) -> tuple[Row, ...]:
    """Return the rows in the bytes.

    Raises:
        ValueError: where they hold none.
    """
    try:
        names, values = json.loads(zlib.decompress(content))
        known = [(place, name) for place, name in enumerate(names) if name in _DEFAULTS]
        return tuple(Row(**{name: row[place] for place, name in known}) for row in values)
    except (zlib.error, TypeError, IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"no rows: {error}") from error
