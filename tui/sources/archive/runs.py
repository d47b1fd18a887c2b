"""Runs kept in the archive: by organization, and by key until the API has named that."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

import msgspec

from tui.domain.runs import Run
from tui.sources.archive.buckets import Archive
from tui.sources.archive.heartbeats import Heartbeats
from tui.sources.archive.owners import Identity, Owner, fingerprint_of, has_table, number_of
from tui.sources.archive.rows import seconds

T = TypeVar("T")

_TABLE = """
CREATE TABLE IF NOT EXISTS run (id TEXT PRIMARY KEY, owner INTEGER, fingerprint BLOB, started INTEGER NOT NULL,
    content BLOB NOT NULL)
"""


class KeptRuns:
    """The runs of one organization in a file, see `domain.runs.RunStore`.

    A run that began before the API ever named the organization belongs to the key, and then to whom that belongs to.
    """

    def __init__(self, archive: Archive, identity: Identity | Owner) -> None:
        self._archive, self._identity = archive, identity
        self._heartbeats = Heartbeats(archive.file)

    def going_on(self, run: Run, clock: Callable[[], datetime]) -> AbstractContextManager[Callable[[], None]]:
        """Let others see that a command goes on; see `domain.runs.RunStore`."""
        return self._heartbeats.beating(run.id, clock)

    def keep(self, run: Run) -> None:
        """Keep a run, in the place of what was known of it."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(_TABLE)
            connection.execute(
                "INSERT OR REPLACE INTO run VALUES (?, ?, ?, ?, ?)",
                (run.id, *self._whose(connection), seconds(run.started), msgspec.json.encode(run)),
            )

        self._archive.file.write(work)
        if run.is_over:
            self._heartbeats.forget(run.id)

    def runs(self) -> tuple[Run, ...]:
        """Return those that are kept, the newest first; what a later version wrote otherwise is passed over."""
        found = self._kept()
        gone = {run.id for run in found if run.is_running and not self._heartbeats.is_beating(run.id)}
        if not gone:
            return found
        # The end of a command is kept before it is seen no more: what has none now will have none.
        return tuple(self._ended_unseen(run) if run.id in gone and run.is_running else run for run in self._kept())

    def _kept(self) -> tuple[Run, ...]:
        def work(connection: sqlite3.Connection) -> tuple[Run, ...]:
            found = connection.execute(
                "SELECT content FROM run WHERE owner = ? OR fingerprint = ? ORDER BY started DESC, id",
                self._whose(connection),
            )
            return tuple(run for (content,) in found if (run := _decoded(content)) is not None)

        return self._read(work, ())

    def forget(self, run: Run) -> None:
        """Forget a run."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(_TABLE)
            connection.execute("DELETE FROM run WHERE id = ?", (run.id,))

        self._archive.file.write(work)
        self._heartbeats.forget(run.id)

    def _ended_unseen(self, run: Run) -> Run:
        seen = self._heartbeats.last(run.id)
        return replace(run, last_seen=run.started if seen is None else max(seen, run.started))

    def _whose(self, connection: sqlite3.Connection) -> tuple[int | None, bytes | None]:
        """Return the number of the organization, as far as it is known, and the mark of the key."""
        return number_of(connection, self._identity), fingerprint_of(connection, self._identity)

    def _read(self, work: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        def looked_up(connection: sqlite3.Connection) -> T:
            return work(connection) if has_table(connection, "run") else nothing

        return self._archive.file.read(looked_up, nothing)


def _decoded(content: bytes) -> Run | None:
    try:
        return msgspec.json.decode(content, type=Run)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
