"""Reads on which day which model is switched off; the source and its date stand in `shutdowns.toml`."""

from __future__ import annotations

from datetime import date

import msgspec

from tui import facts
from tui.domain.shutdowns import Shutdowns


class _End(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    day: date
    models: tuple[str, ...]


class _Shutdowns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    as_of: date
    source: str
    ends: tuple[_End, ...]


def shutdowns() -> Shutdowns:
    """Return the days that are announced."""
    found = msgspec.toml.decode(facts.path("shutdowns.toml").read_bytes(), type=_Shutdowns)
    return Shutdowns({model: each.day for each in found.ends for model in each.models})
