"""Pages put together again: nothing lost, nothing counted twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from tui.domain.rows import Row
from tui.domain.time import Width, Window
from tui.domain.usage import Bucket
from tui.sources.openai.wire import Malformed, WirePage

_Group = tuple[object, ...]


class PageMerger:
    """The buckets of one window, as its pages arrive.

    Pages may come unordered, and repeat or overlap each other. An interval that comes again (same start) replaces
    the groups that it names and keeps the others. Intervals with different starts inside one bucket are parts of
    it and are added: the first one may be clipped to the request. `problem` says of buckets and pages that could not
    be read what was wrong with the first of them.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self._parts: dict[datetime, dict[int, Bucket]] = {}
        self.unreadable = 0
        self.problem = ""

    def take(self, answer: WirePage, asked_at: datetime | None = None) -> tuple[Bucket, ...]:
        """Return the buckets that this page, which was asked for then, made or changed, whole.

        One whose start is no time is unreadable.
        """
        self._miss(answer.unreadable, f"{answer.problem}.")
        changed: dict[datetime, None] = {}
        for span in answer.spans:
            try:
                start = self._window.width.floor(moment(span.start))
            except Malformed as error:
                self._miss(1, f"{error}.")
                continue
            if start not in self._window:
                continue
            parts = self._parts.setdefault(start, {})
            known = parts.get(span.start)
            part = Bucket(start, span.rows, span.left_out)
            if known is not None:
                part = Bucket(start, _merged(known.rows, span.rows), max(known.left_out, span.left_out))
            if part != known:
                parts[span.start] = part
                changed[start] = None
        return tuple(self._bucket(start, asked_at) for start in changed)

    def lose(self, problem: str) -> None:
        """Take note of a page that could not be read."""
        self._miss(1, problem)

    def _miss(self, count: int, problem: str) -> None:
        self.problem = self.problem or (problem if count else "")
        self.unreadable += count

    def _bucket(self, start: datetime, read_at: datetime | None) -> Bucket:
        parts = tuple(self._parts[start].values())
        rows = parts[0].rows if len(parts) == 1 else tuple(row for part in parts for row in part.rows)
        return Bucket(start, rows, sum(part.left_out for part in parts), read_at)

    def missing(self) -> tuple[datetime, ...]:
        """Return the starts of the buckets that no page named, for the end of a complete answer.

        The API names every bucket, those without usage too, so nothing is known of these. The hours and minutes at
        the end of a window that reaches the present are not missing: it has not come to them yet.
        """
        window = self._window
        end = window.end
        if window.running and window.width is not Width.DAY:
            end = max(self._parts, default=window.start) + window.width.span
        return tuple(start for start in window.starts() if start not in self._parts and start < end)

    @property
    def is_empty(self) -> bool:
        """Return whether not a single bucket of the window came."""
        return not self._parts

    def rest(self) -> Window | None:
        """Return the range that holds every bucket that has not come yet."""
        return self._window.without(self._parts)

    def beyond(self, window: Window, limit: int) -> Window | None:
        """Return what follows a page of `limit` buckets that could not be read, in an answer about `window`.

        Pages go from the oldest bucket to the newest, so it began behind the newest one that has come.
        """
        width = window.width.span
        known = [start for start in self._parts if start in window]
        start = (max(known) + width if known else window.start) + limit * width
        return replace(window, start=start) if start < window.end else None


def _merged(known: Iterable[Row], fresh: Iterable[Row]) -> tuple[Row, ...]:
    """Return what is known, with the groups that came again in the place of what they were."""
    return tuple(row for rows in (_by_group(known) | _by_group(fresh)).values() for row in rows)


def _by_group(rows: Iterable[Row]) -> dict[_Group, list[Row]]:
    """Return the rows by group; two rows of one group in one delivery both count."""
    groups: dict[_Group, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return groups


def moment(seconds: int) -> datetime:
    """Return the time of a Unix timestamp, in UTC.

    Raises:
        Malformed: where it is none.
    """
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise Malformed(f"The answer holds a bucket whose start is not a time: {seconds}") from error
