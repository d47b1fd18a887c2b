"""Pages put together again: nothing lost, nothing counted twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from tui.api.wire import Answer
from tui.domain.usage import Bucket, Row
from tui.domain.window import Width, Window
from tui.errors import Unreadable

_Group = tuple[object, ...]


class Assembly:
    """The buckets of one window, as its pages arrive.

    Pages may come unordered, and repeat or overlap each other. An interval that comes again (same start) replaces
    the groups that it names and keeps the others. Intervals with different starts inside one bucket are parts of
    it and are added: the first one may be clipped to the request.
    """

    def __init__(self, window: Window) -> None:
        self._window = window
        self._parts: dict[datetime, dict[int, tuple[Row, ...]]] = {}

    def take(self, answer: Answer, asked_at: datetime | None = None) -> tuple[Bucket, ...]:
        """Return the buckets that this page, which was asked for then, made or changed, whole.

        Raises:
            Unreadable: where a bucket's time is none.

        """
        changed: dict[datetime, None] = {}
        for span in answer.spans:
            start = self._window.width.floor(moment(span.start))
            if start not in self._window:
                continue
            parts = self._parts.setdefault(start, {})
            known = parts.get(span.start)
            rows = span.rows if known is None else _merged(known, span.rows)
            if rows != known:
                parts[span.start] = rows
                changed[start] = None
        return tuple(self._bucket(start, asked_at) for start in changed)

    def _bucket(self, start: datetime, read_at: datetime | None) -> Bucket:
        parts = tuple(self._parts[start].values())
        rows = parts[0] if len(parts) == 1 else tuple(row for rows in parts for row in rows)
        return Bucket(start, rows, read_at)

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
        missing = [start for start in self._window.starts() if start not in self._parts]
        if not missing:
            return None
        end = missing[-1] + self._window.width.span
        return replace(
            self._window, start=missing[0], end=end, running=self._window.running and end == self._window.end
        )


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
        Unreadable: where it is none.
    """
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise Unreadable(f"The answer holds a bucket whose start is not a time: {seconds}.") from error
