"""What ids are called, kept in the archive: asked for once a day at most."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from tui.domain.directory import NAMED, NO_NAMES, Directory, DirectorySource
from tui.errors import ArchiveFailed
from tui.sources.archive.buckets import Archive
from tui.sources.archive.owners import Identity, Owner, has_table, number_of
from tui.sources.archive.rows import moment, seconds

KEPT_FOR = timedelta(days=1)
"""Projects and keys are renamed seldom, and new ones show their ids until then."""

_TABLE = """
CREATE TABLE IF NOT EXISTS name (owner INTEGER NOT NULL, dimension TEXT NOT NULL, id TEXT NOT NULL,
    name TEXT NOT NULL, read_at INTEGER NOT NULL, PRIMARY KEY (owner, dimension, id))
"""
_ITSELF = ""
"""The id of the row that says that a list was read, even where it was empty."""


class CachedDirectory:
    """Names from the archive, and from another source where they are missing or old; None: nobody is asked."""

    def __init__(
        self,
        directory_source: DirectorySource | None,
        archive: Archive,
        identity: Identity | Owner,
        clock: Callable[[], datetime],
    ) -> None:
        self._naming, self._archive, self._identity, self._clock = directory_source, archive, identity, clock

    async def directory(self, dimensions: Collection[str]) -> Directory:
        """Return the names of these dimensions' ids; see `domain.directory.DirectorySource`."""
        wanted = [name for name in NAMED if name in dimensions]
        kept = await asyncio.to_thread(self._kept, wanted)
        now = self._clock()
        is_fresh = kept.read_at is not None and timedelta() <= now - kept.read_at < KEPT_FOR
        if self._naming is None or (kept.knows(wanted) and is_fresh):
            return kept
        found = await self._naming.directory(wanted)
        if found.problem is None:
            await asyncio.to_thread(self._keep, found, now)
        return kept.with_names(found)

    def _kept(self, wanted: Collection[str]) -> Directory:
        def work(connection: sqlite3.Connection) -> Directory:
            number = number_of(connection, self._identity)
            if number is None or not has_table(connection, "name"):
                return NO_NAMES
            names: dict[str, dict[str, str]] = {}
            read: list[int] = []
            for dimension, id_, name, read_at in connection.execute(
                "SELECT dimension, id, name, read_at FROM name WHERE owner = ?", (number,)
            ):
                of = names.setdefault(dimension, {})
                if id_ == _ITSELF:
                    read += [read_at] if dimension in wanted else []
                else:
                    of[id_] = name
            return Directory(names, moment(min(read)) if read else None)

        try:
            return self._archive.file.read(work, NO_NAMES)
        except ArchiveFailed:
            return NO_NAMES  # the reading of usage says so

    def _keep(self, found: Directory, now: datetime) -> None:
        def work(connection: sqlite3.Connection) -> None:
            number = number_of(connection, self._identity)
            if number is None:
                return  # nobody knows yet whose they are: they are asked for again
            connection.execute(_TABLE)
            for dimension, names in found.names.items():
                connection.execute("DELETE FROM name WHERE owner = ? AND dimension = ?", (number, dimension))
                rows = [(number, dimension, id_, name, seconds(now)) for id_, name in (*names.items(), (_ITSELF, ""))]
                connection.executemany("INSERT INTO name VALUES (?, ?, ?, ?, ?)", rows)

        try:
            self._archive.file.write(work)
        except ArchiveFailed:
            return
