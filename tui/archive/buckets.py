"""What is in the archive: buckets of organizations, as the API gave them and when."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from weakref import WeakValueDictionary

from tui.archive.file import File
from tui.archive.rows import packed, unpacked
from tui.domain.secret import Secret
from tui.domain.source import Holding, Kept, Query
from tui.domain.usage import Bucket, regrouped


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: the base URL and the admin key. The key itself is never written down."""

    endpoint: str
    key: Secret | str = field(repr=False)

    def fingerprint(self, salt: bytes) -> bytes:
        """Return a mark of the two from which, without the key, nothing can be had back."""
        return hashlib.blake2b(
            f"{self.endpoint}\0{Secret(self.key).reveal()}".encode(), key=salt, digest_size=16
        ).digest()


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose buckets they are: an organization at an address. Where the API did not name it, its key stands for it."""

    endpoint: str
    name: str
    is_named: bool

    @property
    def organization(self) -> str | None:
        """Return the API's name for it."""
        return self.name if self.is_named else None


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
        return self.file.read(lambda connection: _owner(connection, "ORDER BY used_at DESC LIMIT 1"), None)

    def kept(self, owner: Owner, query: Query) -> dict[datetime, Kept]:
        """Return what is kept of the query: of each bucket the one that was read last."""

        def work(connection: sqlite3.Connection) -> dict[datetime, Kept]:
            found: dict[datetime, Kept] = {}
            for number, grouping in _series(connection, owner, query):
                if not set(query.group_by) <= set(grouping):
                    continue
                for start, read_at, content in connection.execute(
                    "SELECT start, read_at, rows FROM bucket WHERE series = ? AND start >= ? AND start < ?",
                    (number, seconds(query.window.start), seconds(query.window.end)),
                ):
                    begins, is_same = moment(start), set(grouping) == set(query.group_by)
                    bucket = self._bucket(begins, content, None if is_same else query.group_by)
                    kept = Kept(bucket, moment(read_at))
                    if begins not in found or found[begins].read_at < kept.read_at:
                        found[begins] = kept
            return found

        return self.file.read(work, {})

    def _bucket(self, start: datetime, content: bytes, group_by: tuple[str, ...] | None) -> Bucket:
        """Return the bucket in these bytes: the one that they were read as before, while that is in use."""
        key = (start, hashlib.blake2b(content).digest(), group_by)
        bucket = self._read.get(key)
        if bucket is None:
            bucket = unpacked(start, content)
            if group_by is not None:
                bucket = Bucket(start, regrouped(bucket.rows, group_by), bucket.left_out)
            self._read[key] = bucket
        return bucket

    def keep(
        self, identity: Identity, organization: str | None, query: Query, buckets: Iterable[Bucket], now: datetime
    ) -> Owner:
        """Write buckets of the query's answer, all of them or none, and return whose they are.

        An answer that does not name the organization is of the one that the key was known to belong to.
        """

        def work(connection: sqlite3.Connection) -> Owner:
            owner = _met(connection, identity, organization, now)
            key = (owner.endpoint, owner.name, query.kind.value, query.window.width.value)
            connection.execute(
                "INSERT OR IGNORE INTO series (owner, kind, width, grouping, filters)"
                " SELECT id, ?3, ?4, ?5, ?6 FROM owner WHERE endpoint = ?1 AND name = ?2",
                (*key, _words(query.group_by), _filters(query)),
            )
            number = next(
                number
                for number, grouping in _series(connection, owner, query)
                if set(grouping) == set(query.group_by)
            )
            # What was read after now, was read by a clock that was wrong: nobody knows how late.
            connection.execute("UPDATE bucket SET read_at = start WHERE read_at > ?", (seconds(now + NONSENSE),))
            connection.executemany(
                "INSERT OR REPLACE INTO bucket VALUES (?, ?, ?, ?)",
                [(number, seconds(each.start), seconds(now), packed(each)) for each in buckets],
            )
            return owner

        return self.file.write(work)

    def contents(self) -> list[Holding]:
        """Return what there is, by organization and series."""

        def work(connection: sqlite3.Connection) -> list[Holding]:
            found = connection.execute(
                "SELECT CASE named WHEN 1 THEN name ELSE 'a key' END || ' of ' || endpoint, kind, width, grouping,"
                " count(*), min(start), max(start), max(read_at) FROM bucket JOIN series ON series.id = series"
                " JOIN owner ON owner.id = owner GROUP BY series.id ORDER BY 1, 2, 3, 4"
            )
            return [Holding(*each[:5], *map(moment, each[5:])) for each in found]

        return self.file.read(work, [])

    def clear(self) -> None:
        """Forget every bucket, organization and key."""

        def work(connection: sqlite3.Connection) -> None:
            for table in ("bucket", "series", "admin_key", "owner"):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608  a name from the line above
            connection.execute("DROP TABLE IF EXISTS name")

        self.file.write(work)
        self.file.vacuum()


def _salt(connection: sqlite3.Connection) -> bytes:
    (salt,) = connection.execute("SELECT salt FROM secret").fetchone()
    return bytes(salt)


def _owner(connection: sqlite3.Connection, which: str, *values: object) -> Owner | None:
    found = connection.execute(f"SELECT endpoint, name, named FROM owner {which}", values).fetchone()  # noqa: S608
    return None if found is None else Owner(found[0], found[1], bool(found[2]))


def owner_of(connection: sqlite3.Connection, identity: Identity) -> Owner | None:
    """Return whom the key belongs to, as far as it was used before."""
    mark = identity.fingerprint(_salt(connection))
    return _owner(connection, "JOIN admin_key ON owner = id WHERE fingerprint = ?", mark)


def _met(connection: sqlite3.Connection, identity: Identity, organization: str | None, now: datetime) -> Owner:
    """Write down whom the key belongs to, and that it was used, and return that."""
    mark = identity.fingerprint(_salt(connection))
    known = owner_of(connection, identity)
    if organization is not None:
        owner = Owner(identity.endpoint, organization, is_named=True)
    else:
        owner = known or Owner(identity.endpoint, mark.hex(), is_named=False)
    connection.execute(
        "INSERT INTO owner (endpoint, name, named, used_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET used_at = excluded.used_at",
        (owner.endpoint, owner.name, owner.is_named, seconds(now)),
    )
    connection.execute(
        "INSERT OR REPLACE INTO admin_key SELECT ?, id FROM owner WHERE endpoint = ? AND name = ?",
        (mark, owner.endpoint, owner.name),
    )
    return owner


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
    return "&".join(f"{name}={value}" for name, value in sorted(query.filters))


def seconds(when: datetime) -> int:
    """Return a time as it is written: Unix seconds."""
    return int(when.timestamp())


def moment(written: int) -> datetime:
    """Return the time that is written so."""
    return datetime.fromtimestamp(written, UTC)
