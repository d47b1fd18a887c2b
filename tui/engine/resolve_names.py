"""What the API is asked to look for, said by name: it knows projects, users and keys by their ids."""

from __future__ import annotations

from collections.abc import Iterable

from tui.domain import sanitize
from tui.domain.directory import NAMED, DirectorySource
from tui.errors import BadSettings, NameUnread

_IDS = {"project": "proj_", "user": "user-", "key": "key_"}
"""How ids begin (OpenAPI document of 2026-08-21, its examples)."""

Only = tuple[tuple[str, str], ...]


async def resolved(only: Only, directory_source: DirectorySource | None) -> Only:
    """Return the pairs of dimension and value with ids in the place of names; a name can have several.

    Raises:
        BadSettings: where nothing is called so.
        NameUnread: where the names, or some of them, could not be read.
    """
    called = [name for name, value in only if name in NAMED and not value.startswith(_IDS[name])]
    if not called or directory_source is None:
        return only
    directory = await directory_source.directory(called)
    found: list[tuple[str, str]] = []
    for name, value in only:
        ids = directory.ids(name, value) if name in called and not value.startswith(_IDS[name]) else (value,)
        if not ids:
            called_so = f"{name} called {sanitize.clean(value)}"
            if directory.problem is not None or not directory.knows(called):
                why = directory.problem or "No names were read yet."
                raise NameUnread(f"Whether there is a {called_so} could not be read.", sanitize.clean(why))
            there = f"There are: {_some(directory.names.get(name, {}).values())}."
            raise BadSettings(f"There is no {called_so}.", sanitize.clean(there))
        found += [(name, id_) for id_ in ids]
    return tuple(dict.fromkeys(found))


def _some(names: Iterable[str]) -> str:
    known = sorted(names)
    return ", ".join(known[:_SHOWN]) + (", …" if len(known) > _SHOWN else "") if known else "none"


_SHOWN = 12
