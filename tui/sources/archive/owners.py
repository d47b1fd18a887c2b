"""Whose buckets they are: organizations by the name that the API gives them, and the keys that belong to them."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime

from tui.domain import sanitize
from tui.domain.secret import Secret
from tui.sources.archive.rows import seconds


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


def _salt(connection: sqlite3.Connection) -> bytes:
    (salt,) = connection.execute("SELECT salt FROM secret").fetchone()
    return bytes(salt)


def _owner(connection: sqlite3.Connection, which: str, *values: object) -> Owner | None:
    found = connection.execute(f"SELECT endpoint, name, named FROM owner {which}", values).fetchone()  # noqa: S608
    return None if found is None else Owner(found[0], found[1], bool(found[2]))


def last_owner(connection: sqlite3.Connection) -> Owner | None:
    """Return whose buckets were written last."""
    return _owner(connection, "ORDER BY used_at DESC LIMIT 1")


def owner_of(connection: sqlite3.Connection, identity: Identity) -> Owner | None:
    """Return whom the key belongs to, as far as it was used before."""
    mark = identity.fingerprint(_salt(connection))
    return _owner(connection, "JOIN admin_key ON owner = id WHERE fingerprint = ?", mark)


def is_another(connection: sqlite3.Connection, owner: Owner, organization: str) -> bool:
    """Return whether both are known by name, each with buckets of its own: none is the other by its new name."""
    if not owner.is_named or owner.name == organization:
        return False
    (count,) = connection.execute(
        "SELECT count(*) FROM owner WHERE endpoint = ? AND named AND name IN (?, ?)",
        (owner.endpoint, owner.name, organization),
    ).fetchone()
    return int(count) > 1


def met(
    connection: sqlite3.Connection, identity: Identity, organization: str | None, now: datetime
) -> tuple[Owner, str | None]:
    """Write down whom the key belongs to, and that it was used; return that, and what is to be said of it.

    A key belongs to one organization. Where that is called otherwise than before, or has a name for the first time,
    everything that was read with the key is still its own. Only where an organization of the new name is known beside
    it, of another key, nobody can tell whether they are the same, and they stay apart.
    """
    mark = identity.fingerprint(_salt(connection))
    unnamed = Owner(identity.endpoint, mark.hex(), is_named=False)
    known = owner_of(connection, identity)
    owner = known or unnamed
    note = None
    if organization is not None:
        owner = Owner(identity.endpoint, organization, is_named=True)
        before, after = sanitize.clean(owner.name if known is None else known.name), sanitize.clean(organization)
        if known is not None and is_another(connection, known, organization):
            note = f"This key belongs to {after} now, and belonged to {before}: their days are kept apart."
        else:
            # Earlier versions left an organization without a name behind when the name came.
            for old in (unnamed, known):
                if old is not None and old != owner:
                    _rename(connection, old, owner)
            if known is not None and known.is_named and known != owner:
                note = f"The organization is called {after} now, and {before} before. What was read of it stays."
    connection.execute(
        "INSERT INTO owner (endpoint, name, named, used_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET used_at = excluded.used_at",
        (owner.endpoint, owner.name, owner.is_named, seconds(now)),
    )
    connection.execute(
        "INSERT OR REPLACE INTO admin_key SELECT ?, id FROM owner WHERE endpoint = ? AND name = ?",
        (mark, owner.endpoint, owner.name),
    )
    return owner, note


def fingerprint_of(connection: sqlite3.Connection, whose: Identity | Owner) -> bytes | None:
    """Return the mark of a key, None where only its owner is known."""
    return None if isinstance(whose, Owner) else whose.fingerprint(_salt(connection))


def number_of(connection: sqlite3.Connection, whose: Identity | Owner) -> int | None:
    """Return the number of an owner, or of the one whom a key belongs to; None where nothing of it was kept yet."""
    owner = whose if isinstance(whose, Owner) else owner_of(connection, whose)
    return None if owner is None else _number(connection, owner)


def _number(connection: sqlite3.Connection, owner: Owner) -> int | None:
    found = connection.execute(
        "SELECT id FROM owner WHERE endpoint = ? AND name = ?", (owner.endpoint, owner.name)
    ).fetchone()
    return None if found is None else int(found[0])


def has_table(connection: sqlite3.Connection, table: str) -> bool:
    """Return whether a table that older versions did not make is there."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


def _rename(connection: sqlite3.Connection, old: Owner, new: Owner) -> None:
    """Give what belongs to one owner to another: by its new name, or added to what that has; newer readings win."""
    from_, to = _number(connection, old), _number(connection, new)
    if from_ is None or from_ == to:
        return
    if to is None:
        connection.execute("UPDATE owner SET name = ?, named = ? WHERE id = ?", (new.name, new.is_named, from_))
        return
    for number, *series in connection.execute(
        "SELECT id, kind, width, grouping, filters FROM series WHERE owner = ?", (from_,)
    ).fetchall():
        connection.execute(
            "INSERT OR IGNORE INTO series (owner, kind, width, grouping, filters) VALUES (?, ?, ?, ?, ?)",
            (to, *series),
        )
        connection.execute(
            "INSERT INTO bucket SELECT series.id, start, read_at, rows FROM bucket JOIN series"
            " ON owner = ? AND kind = ? AND width = ? AND grouping = ? AND filters = ? WHERE series = ?"
            " ON CONFLICT (series, start) DO UPDATE SET read_at = excluded.read_at, rows = excluded.rows"
            " WHERE excluded.read_at > bucket.read_at",
            (to, *series, number),
        )
        connection.execute("DELETE FROM bucket WHERE series = ?", (number,))
    connection.execute("DELETE FROM series WHERE owner = ?", (from_,))
    if has_table(connection, "run"):
        connection.execute("UPDATE run SET owner = ? WHERE owner = ?", (to, from_))
    for table in ("name", "setting"):  # they are read again
        if has_table(connection, table):
            connection.execute(f"DELETE FROM {table} WHERE owner = ?", (from_,))  # noqa: S608
    connection.execute("UPDATE admin_key SET owner = ? WHERE owner = ?", (to, from_))
    connection.execute("DELETE FROM owner WHERE id = ?", (from_,))
