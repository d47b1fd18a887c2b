"""A source that reads saved pages instead of asking: what `export --raw` printed, or any client saved."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tui.api import wire
from tui.api.paging import Assembly
from tui.domain import text
from tui.domain.kinds import Kind
from tui.domain.source import Page, Query
from tui.domain.usage import Bucket
from tui.domain.vocabulary import MAX_DAYS
from tui.domain.window import DAY, Window, midnight
from tui.errors import BadSettings, RequestRefused, Unreadable


class Replay:
    """The buckets of a file. Window and "now" come from it: the last day in it is today."""

    def __init__(self, answers: tuple[wire.Answer, ...]) -> None:
        self._answer = wire.Answer(tuple(span for answer in answers for span in answer.spans))
        self._span = max(
            (timedelta(seconds=span.end - span.start) for span in self._answer.spans if span.end is not None),
            default=DAY,
        )
        starts = [_day(span.start) for span in self._answer.spans]
        self._first, self._last = min(starts), max(starts)
        self._blanks = tuple(Bucket(start) for start in _covered(answers) if start not in starts)
        ends = [span.end or 0 for span in self._answer.spans if _day(span.start) == self._last]
        end = datetime.fromtimestamp(max(ends), UTC)
        last_second = self._last + DAY - timedelta(seconds=1)
        self.now = min(end, last_second) if end > self._last else last_second

    @property
    def days(self) -> int:
        """Return how many whole days stand before the last one, at most as many as the API is asked for."""
        return min((self._last - self._first).days, MAX_DAYS)

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        """Yield what the file holds of `query`; a day that it should hold and does not stays unread.

        Raises:
            RequestRefused: for hours, minutes, filters or kinds of usage that the file does not hold.
        """
        if query.kind is not Kind.COMPLETIONS or query.filters or query.window.width.span < self._span:
            raise RequestRefused("The replayed file does not hold this: it holds tokens by the day.")
        rows = [row for span in self._answer.spans for row in span.rows]
        for field in set(query.group_by) - {"model", "service_tier"}:
            if rows and all(getattr(row, field) is None for row in rows):
                raise RequestRefused(f"The replayed file does not hold this: it is not broken down by {field}.")
        blanks = tuple(bucket for bucket in self._blanks if bucket.start in query.window)
        yield Page(blanks + Assembly(query.window).take(self._answer))


def _day(seconds: int) -> datetime:
    return midnight(datetime.fromtimestamp(seconds, UTC))


def _covered(answers: tuple[wire.Answer, ...]) -> Iterator[datetime]:
    """Yield the days that the pages speak of, named or not.

    A page speaks of every day from its first to its last bucket. One that says that nothing follows speaks of the
    days up to the next page as well; one that says that more follows does not: that page is missing.
    """
    ranges = sorted(
        (min(days), max(days), answer.has_more)
        for answer in answers
        if (days := [_day(span.start) for span in answer.spans])
    )
    for (first, last, has_more), following in zip(ranges, [*ranges[1:], None], strict=True):
        end = last + DAY if has_more or following is None else max(following[0], last + DAY)
        yield from Window(first, end).starts()


_OBJECT = re.compile(rb'"organization\.usage\.(\w+)\.result"')


def load(path: Path) -> Replay:
    """Return the pages in `path`: JSON, one page a line, or one page over many lines.

    Raises:
        BadSettings: where the file cannot be read or holds no pages; the text names the line.

    """
    name = text.inert(str(path))
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadSettings(f"The replay file {name} cannot be read ({error.strerror or error}).") from error
    kinds = {found.decode() for found in _OBJECT.findall(content)}
    if kinds and "completions" not in kinds:
        raise BadSettings(f"The replay file {name} holds {min(kinds)}; only completions can be replayed.")
    answers = _one_page(content) or tuple(_pages(content, name))
    try:
        return Replay(answers)
    except (ValueError, OverflowError, OSError) as error:
        raise BadSettings(
            f"The replay file {name} holds no bucket with a date. "
            "It should hold what `oai-usage-tui export --raw` printed."
        ) from error


def _one_page(content: bytes) -> tuple[wire.Answer, ...]:
    try:
        return (wire.decode(content),)
    except Unreadable:
        return ()


def _pages(content: bytes, name: str) -> list[wire.Answer]:
    answers = []
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            answers.append(wire.decode(line))
        except Unreadable as error:
            raise BadSettings(f"Line {number} of the replay file {name} is no page of the API. {error}") from error
    return answers
