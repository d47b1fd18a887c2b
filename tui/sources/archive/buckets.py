"""What is in the archive: buckets of organizations, as the API gave them and when."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from weakref import WeakValueDictionary

from tui.domain.rows import regrouped
from tui.domain.usage import Bucket
from tui.sources.archive.database import File
from tui.sources.archive.heartbeats import Heartbeats
from tui.sources.archive.owners import Identity, Owner, has_table, is_another, last_owner, met, owner_of
from tui.sources.archive.rows import decode_rows, encode_rows, moment, seconds
from tui.sources.base import BY_MODEL, ArchiveEntry, CachedBucket, Query, is_as_fine

ONE_REFRESH = timedelta(minutes=2)
"""What was read so shortly one after the other was read by one refresh."""

NONSENSE = timedelta(hours=1)
"""A bucket that was read so long after now was read by a wrong clock."""


class Archive:
    """Buckets in a file, keyed by organization, kind, width, grouping, filters and start.

    A grouping is answered from a finer one as well. Every method may raise ArchiveFailed. Nothing is remembered
    between two calls: another process may have cleared the file.
    """

    def __init__(self, file: File) -> None:
        self.file = file
        self._read: WeakValueDictionary[tuple[object, ...], Bucket] = WeakValueDictionary()

    def owner(self, identity: Identity) -> Owner | None:
        """Return whom the key belongs to, as far as it was used before."""
        return self.file.read(lambda connection: owner_of(connection, identity), None)

    def last_owner(self) -> Owner | None:
        """Return whose buckets were written last."""
        return self.file.read(last_owner, None)

    def cached(self, owner: Owner, query: Query) -> dict[datetime, CachedBucket]:
        """Return what is kept of the query: of each bucket the one that was read last."""

        def work(connection: sqlite3.Connection) -> dict[datetime, CachedBucket]:
            return dict(self._read_buckets(connection, _read_last(connection, owner, query), query))

        return self.file.read(work, {})

    def newest(self, owner: Owner, query: Query) -> dict[datetime, CachedBucket]:
        """Return what is kept of the query, and by models at most where nothing else is kept, or only what is older.

        So lines that are broken down in any way, and pools, whose models are enough, come from the same reading.
        """
        known = tuple(name for name in query.group_by if name in BY_MODEL)
        if len(known) == len(query.group_by):
            return self.cached(owner, query)
        by_model = replace(query, group_by=known)

        def work(connection: sqlite3.Connection) -> dict[datetime, CachedBucket]:
            fine, coarse = _read_last(connection, owner, query), _read_last(connection, owner, by_model)
            own = {
                start: each
                for start, each in fine.items()
                if start in coarse
                and (
                    coarse[start].read_at - each.read_at <= ONE_REFRESH
                    or query.window.width.is_settled(start, each.read_at)
                )
            }
            others = {start: each for start, each in coarse.items() if start not in own}
            found = dict(self._read_buckets(connection, own, query))
            for start, kept in self._read_buckets(connection, others, by_model):
                found[start] = CachedBucket(kept.bucket, kept.read_at, coarse=True)
            return {start: found[start] for start in coarse if start in found}

        return self.file.read(work, {})

    def _read_buckets(
        self, connection: sqlite3.Connection, wanted: dict[datetime, _Kept], query: Query
    ) -> Iterator[tuple[datetime, CachedBucket]]:
        """Yield buckets whose place is known: only their rows are read and decoded. What was cleared is left out."""
        for start, each in wanted.items():
            row = connection.execute(
                "SELECT read_at, rows FROM bucket WHERE series = ? AND start = ?", (each.series, seconds(start))
            ).fetchone()
            if row is not None:
                read_at = moment(row[0])
                bucket = self._bucket(start, read_at, row[1], None if each.is_as_asked else query.group_by)
                yield start, CachedBucket(bucket, read_at)

    def _bucket(self, start: datetime, read_at: datetime, content: bytes, group_by: tuple[str, ...] | None) -> Bucket:
        """Return the bucket in these bytes: the one that they were read as before, while that is in use."""
        key = (start, read_at, hashlib.blake2b(content).digest(), group_by)
        bucket = self._read.get(key)
        if bucket is None:
            found = replace(decode_rows(start, content), read_at=read_at)
            rows = found.rows if group_by is None else regrouped(found.rows, group_by)
            self._read[key] = bucket = replace(found, rows=rows)
        return bucket

    def keep(
        self, identity: Identity, organization: str | None, query: Query, buckets: Iterable[Bucket], now: datetime
    ) -> Owner:
        """Write buckets of the query's answer, all of them or none, and return whose they are.

        A bucket takes the place of one that was not asked for later. An answer that does not name the organization is
        of the one that the key was known to belong to.
        """

        def work(connection: sqlite3.Connection) -> tuple[Owner, str | None]:
            owner, note = met(connection, identity, organization, now)
            series = (query.kind.value, query.window.width.value, _words(query.group_by), _filters(query))
            connection.execute(
                "INSERT OR IGNORE INTO series (owner, kind, width, grouping, filters)"
                " SELECT id, ?, ?, ?, ? FROM owner WHERE endpoint = ? AND name = ?",
                (*series, owner.endpoint, owner.name),
            )
            number = next(
                number
                for number, grouping in _series(connection, owner, query)
                if set(grouping) == set(query.group_by)
            )
            # What was read after now, was read by a clock that was wrong: nobody knows how late.
            connection.execute("UPDATE bucket SET read_at = start WHERE read_at > ?", (seconds(now + NONSENSE),))
            connection.executemany(
                "INSERT INTO bucket VALUES (?, ?, ?, ?) ON CONFLICT (series, start) DO UPDATE SET"
                " read_at = excluded.read_at, rows = excluded.rows WHERE excluded.read_at >= bucket.read_at",
                [
                    (number, seconds(each.start), seconds(min(each.read_at or now, now)), encode_rows(each))
                    for each in buckets
                ],
            )
            return owner, note

        owner, note = self.file.write(work)
        if note is not None:
            self.file.add_notice(note)
        return owner

    def is_another(self, owner: Owner, organization: str) -> bool:
        """Return whether an organization of this name is known beside the owner, with a key of its own."""
        return self.file.read(lambda connection: is_another(connection, owner, organization), nothing=False)

    def contents(self) -> list[ArchiveEntry]:
        """Return what there is, by organization and series."""

        def work(connection: sqlite3.Connection) -> list[ArchiveEntry]:
            found = connection.execute(
                "SELECT CASE named WHEN 1 THEN name ELSE 'a key' END || ' of ' || endpoint, kind, width, grouping,"
                " count(*), min(start), max(start), max(read_at) FROM bucket JOIN series ON series.id = series"
                " JOIN owner ON owner.id = owner GROUP BY series.id ORDER BY 1, 2, 3, 4"
            )
            return [ArchiveEntry(*each[:5], *map(moment, each[5:])) for each in found]

        return self.file.read(work, [])

    def run_count(self) -> int:
        """Return how many runs are kept, of all organizations."""

        def work(connection: sqlite3.Connection) -> int:
            if not has_table(connection, "run"):
                return 0
            (count,) = connection.execute("SELECT count(*) FROM run").fetchone()
            return int(count)

        return self.file.read(work, 0)

    def clear(self) -> None:
        """Forget every bucket, organization, key and run."""

        def work(connection: sqlite3.Connection) -> None:
            for table in ("bucket", "series", "admin_key", "owner"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608  a name from the line above
            for table in ("name", "setting", "run"):
                connection.execute(f"DROP TABLE IF EXISTS {table}")

        self.file.write(work)
        self.file.vacuum()
        Heartbeats(self.file).forget_all()


class _Kept(NamedTuple):
    """Where a bucket stands, when it was read, and whether it is broken down exactly as was asked."""

    read_at: datetime
    series: int
    is_as_asked: bool


def _read_last(connection: sqlite3.Connection, owner: Owner, query: Query) -> dict[datetime, _Kept]:
    """Return where that stands which was read last of each bucket, among all that tell what the query asks."""
    found: dict[datetime, _Kept] = {}
    for number, grouping in _series(connection, owner, query):
        if not is_as_fine(grouping, query.group_by):
            continue
        is_as_asked = set(grouping) == set(query.group_by)
        for start, read_at in connection.execute(
            "SELECT start, read_at FROM bucket WHERE series = ? AND start >= ? AND start < ?",
            (number, seconds(query.window.start), seconds(query.window.end)),
        ):
            begins, read = moment(start), moment(read_at)
            if begins not in found or found[begins].read_at < read:
                found[begins] = _Kept(read, number, is_as_asked)
    return found


_ESCAPED = str.maketrans({"%": "%25", "&": "%26"})
"""What would be taken for the end of a filter's value."""


def _series(connection: sqlite3.Connection, owner: Owner, query: Query) -> Iterator[tuple[int, list[str]]]:
    """Yield the series that differ from the query in their grouping at most."""
    for number, grouping in connection.execute(
        "SELECT series.id, grouping FROM series JOIN owner ON owner.id = owner"
        " WHERE endpoint = ? AND name = ? AND kind = ? AND width = ? AND filters = ?",
        (owner.endpoint, owner.name, query.kind.value, query.window.width.value, _filters(query)),
    ).fetchall():
        yield number, grouping.split()


def _words(names: Iterable[str]) -> str:
    return " ".join(sorted(names))


def _filters(query: Query) -> str:
    return "&".join(f"{name}={value.translate(_ESCAPED)}" for name, value in sorted(query.filters))
