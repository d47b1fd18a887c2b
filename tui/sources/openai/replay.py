"""A source that reads saved pages instead of asking: what `export --raw` printed, or any client saved."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tui.domain import formatting, sanitize
from tui.domain.bounds import MAX_DAYS
from tui.domain.kinds import Kind
from tui.domain.time import DAY, midnight
from tui.domain.usage import Bucket
from tui.errors import BadSettings, RequestRefused
from tui.sources.base import Page, Query
from tui.sources.openai import overlaps, saved_pages
from tui.sources.openai.merge import PageMerger, moment
from tui.sources.openai.saved_pages import SavedPage
from tui.sources.openai.wire import Malformed

_NAMED = 5
"""Lines that are named one by one."""


class Replay:
    """The buckets of a file that was written at `saved_at`: its last day is today, and it is what was known then.

    `problem` says what of the file could not be read. ValueError: no bucket of it has a date.
    """

    def __init__(
        self, pages: Sequence[SavedPage], saved_at: datetime | None = None, problem: str | None = None
    ) -> None:
        self._pages, self._problem = pages, problem
        self._days = [{midnight(moment(span.start)) for span in page.answer.spans} for page in pages]
        named = set[datetime]().union(*self._days)
        self._first, self._last = min(named), max(named)
        self._covered = tuple(_covered(pages))
        self._fields = frozenset[str]().union(*(page.fields for page in pages))
        self.now = self._as_of(saved_at)

    def _as_of(self, saved_at: datetime | None) -> datetime:
        """Return when the numbers were so: when the file was saved, or when its last bucket ended, if that is before.

        A file that is older than its last day was given another time.
        """
        end = max(end for _, end in self._covered)
        if saved_at is not None and saved_at > self._last:
            end = min(end, saved_at)
        return min(end, self._last + DAY - timedelta(seconds=1))

    @property
    def days(self) -> int:
        """Return how many whole days stand before the last one, at most as many as the API is asked for."""
        return min((self._last - self._first).days, MAX_DAYS)

    async def pages(self, query: Query) -> AsyncIterator[Page]:
        """Yield what the file holds of `query`; a day that it should hold and does not stays unread.

        Raises:
            RequestRefused: for hours, minutes, filters or kinds of usage that the file does not hold.
        """
        if query.kind is not Kind.COMPLETIONS or query.filters or query.window.width.span < self._width_in(query):
            raise RequestRefused("The replayed file does not hold this: it holds tokens by the day.")
        for field in set(query.group_by) - {"model", "service_tier"} - self._fields:
            if any(span.rows for page in self._pages for span in page.answer.spans):
                raise RequestRefused(f"The replayed file does not hold this: it is not broken down by {field}.")
        merger = PageMerger(query.window)
        found = {bucket.start: bucket for page in self._pages for bucket in merger.take(page.answer)}
        blanks = (Bucket(start) for start in query.window.starts() if start not in found and self._is_empty(start))
        yield Page((*blanks, *found.values()), self._problem)

    def _width_in(self, query: Query) -> timedelta:
        """Return how long the buckets of the query's days are in the file; of other days, the longest there are."""
        days = {midnight(start) for start in query.window.starts()}
        widths = [page.width or DAY for page in self._pages]
        inside = [width for width, named in zip(widths, self._days, strict=True) if days & named]
        return max(inside or widths)

    def _is_empty(self, start: datetime) -> bool:
        """Return whether a bucket that is not named had no usage: a page speaks of it, or it is not counted yet."""
        return start >= self.now or any(begin <= start < end for begin, end in self._covered)


def _covered(pages: Sequence[SavedPage]) -> Iterator[tuple[datetime, datetime]]:
    """Yield the ranges of time that the pages speak of, whether they name each bucket or not.

    A page speaks of all from its first to its last bucket. One that says that nothing follows speaks of the time up
    to the next page as well; one that says that more follows does not: that page is missing. One of which a bucket
    could not be read speaks of those only that it names.
    """
    ranges = sorted(
        (*_range(page), page.answer.has_more, page.answer.unreadable) for page in pages if page.answer.spans
    )
    for (first, last, has_more, unreadable), following in zip(ranges, [*ranges[1:], None], strict=True):
        if unreadable:
            yield last, last
        elif has_more or following is None:
            yield first, last
        else:
            yield first, max(following[0], last)


def _range(page: SavedPage) -> tuple[datetime, datetime]:
    """Return when the first bucket of a page begins, and when the last one ends."""
    last = max(page.answer.spans, key=lambda span: span.start)
    begin = moment(last.start)
    end = None if last.end is None or last.end <= last.start else _time(last.end)
    return moment(min(span.start for span in page.answer.spans)), end or begin + (page.width or DAY)


def _time(seconds: int) -> datetime | None:
    try:
        return moment(seconds)
    except Malformed:
        return None


def _with_times(page: SavedPage) -> SavedPage:
    """Return the page without buckets whose start is no time."""
    spans = tuple(span for span in page.answer.spans if _time(span.start) is not None)
    lost = len(page.answer.spans) - len(spans)
    if not lost:
        return page
    unreadable = page.answer.unreadable + lost
    problem = page.answer.problem or "the start of a bucket is not a time"
    return replace(page, answer=replace(page.answer, spans=spans, unreadable=unreadable, problem=problem))


def load(path: Path) -> Replay:
    """Return the pages in `path`; see `saved_pages` for the forms that it can have.

    Raises:
        BadSettings: where the file cannot be read, holds no pages, or pages that cannot be shown together.

    """
    name = sanitize.clean(str(path))
    try:
        content = path.read_bytes()
        saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        raise BadSettings(f"The replay file {name} cannot be read ({error.strerror or error}).") from error
    pages, unknown = saved_pages.read(content)
    pages = [_with_times(page) for page in pages]
    if unknown and not pages:
        first = unknown[0]
        raise BadSettings(f"Line {first.line} of the replay file {name} is no page of the API: {first.why}.")
    wrong = overlaps.problem(pages)
    if wrong is not None:
        raise BadSettings(f"The replay file {name} {wrong}")
    try:
        return Replay(pages, saved_at, _problem(pages, [each.line for each in unknown], name))
    except (ValueError, OverflowError) as error:
        raise BadSettings(
            f"The replay file {name} holds no bucket with a date.",
            "It should hold what `oai-usage-tui export --raw` printed.",
        ) from error


def _problem(pages: Sequence[SavedPage], lines: Sequence[int], name: str) -> str | None:
    """Return what of the file could not be read."""
    sentences = []
    if lines:
        more = ", ..." if len(lines) > _NAMED else ""
        where = f"{'line' if len(lines) == 1 else 'lines'} {', '.join(map(str, lines[:_NAMED]))}{more}"
        sentences.append(f"What begins in {where} of {name} is no page of the API, and is left out.")
    lost = sum(page.answer.unreadable for page in pages)
    if lost:
        why = next(page.answer.problem for page in pages if page.answer.unreadable)
        sentences.append(f"{formatting.count(lost, 'bucket')} in {name} could not be read: {sanitize.clean(why)}.")
    return " ".join(sentences) or None
