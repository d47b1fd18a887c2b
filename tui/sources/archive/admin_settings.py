"""Limits and settings kept in the archive: an hour those of spending, a day all others, and refusals as well."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from tui.domain.admin_settings import AdminSettingsSource, Answer, Question, RateLimit, SpendLimit, Topic
from tui.errors import ArchiveFailed, NotKept
from tui.sources.archive.buckets import Archive
from tui.sources.archive.owners import Identity, Owner, has_table, number_of
from tui.sources.archive.rows import moment, seconds

_TABLE = """
CREATE TABLE IF NOT EXISTS setting (owner INTEGER NOT NULL, topic TEXT NOT NULL, project TEXT NOT NULL,
    read_at INTEGER NOT NULL, refused TEXT, lacks_scope INTEGER NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (owner, topic, project))
"""
_TYPES: dict[Topic, Any] = {
    Topic.SPEND_LIMIT: SpendLimit | None,
    Topic.SPEND_ALERTS: tuple[Decimal, ...] | None,
    Topic.RATE_LIMITS: dict[str, RateLimit] | None,
    Topic.RETENTION: str | None,
    Topic.RESIDENCY: dict[str, str] | None,
    Topic.HOSTED_TOOLS: dict[str, bool] | None,
    Topic.SERVICE_TIER: str | None,
}


class CachedAdminSettings:
    """Answers from the archive, and from another source where they are missing or old; None: nobody is asked."""

    def __init__(
        self,
        source: AdminSettingsSource | None,
        archive: Archive,
        identity: Identity | Owner,
        clock: Callable[[], datetime],
    ) -> None:
        self._source, self._archive, self._identity, self._clock = source, archive, identity, clock

    async def setting(self, question: Question) -> Answer:
        """Return what is answered; see `domain.admin_settings.AdminSettingsSource`."""
        kept = await self.kept(question)
        if kept is not None:
            return kept
        if self._source is None:
            raise NotKept(f"What {question.topic.value} is was not read before, and nobody is asked.")
        answer = await self._source.setting(question)
        await asyncio.to_thread(self._keep, question, answer)
        return answer

    async def kept(self, question: Question) -> Answer | None:
        """Return what is kept and holds, or, where nobody is asked, whatever is kept."""
        found = await asyncio.to_thread(self._kept, question)
        is_enough = self._source is None or (found is not None and found.holds(question.topic, self._clock()))
        return found if is_enough else None

    def _kept(self, question: Question) -> Answer | None:
        def work(connection: sqlite3.Connection) -> Answer | None:
            number = number_of(connection, self._identity)
            if number is None or not has_table(connection, "setting"):
                return None
            found = connection.execute(
                "SELECT value, read_at, refused, lacks_scope FROM setting"
                " WHERE owner = ? AND topic = ? AND project = ?",
                (number, question.topic.value, question.project_id or ""),
            ).fetchone()
            if found is None:
                return None
            try:
                value = msgspec.json.decode(found[0], type=_TYPES[question.topic])
            except (msgspec.MsgspecError, UnicodeDecodeError):
                return None  # of another version, perhaps: it is asked for again
            return Answer(value, moment(found[1]), found[2], bool(found[3]), requests=0)

        try:
            return self._archive.file.read(work, None)
        except ArchiveFailed:
            return None  # the reading of usage says so

    def _keep(self, question: Question, answer: Answer) -> None:
        def work(connection: sqlite3.Connection) -> None:
            number = number_of(connection, self._identity)
            if number is None:
                return  # nobody knows yet whose it is: it is asked for again
            connection.execute(_TABLE)
            connection.execute(
                "INSERT OR REPLACE INTO setting VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    number,
                    question.topic.value,
                    question.project_id or "",
                    seconds(answer.read_at),
                    answer.refused,
                    answer.lacks_scope,
                    msgspec.json.encode(answer.value),
                ),
            )

        try:
            self._archive.file.write(work)
        except ArchiveFailed:
            return
