"""Whether saved pages can be shown together: of one kind of usage, and nothing of it counted twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tui.domain import formatting, sanitize
from tui.domain.kinds import Kind
from tui.sources.openai.merge import moment
from tui.sources.openai.saved_pages import SavedPage
from tui.sources.openai.wire import WireBucket

_COMPLETIONS = Kind.COMPLETIONS.value
_KNOWN = {kind.value for kind in Kind} | {"file_searches", "web_searches", "costs"}
"""What results can be of. Searches are not called like their paths."""

_WIDTHS = {timedelta(days=1): "days", timedelta(hours=1): "hours", timedelta(minutes=1): "minutes"}

_NEVER_NULL = {"model", "project_id"}
"""Fields that every row has a value in, where the API was asked to break its answer down by them. Others can be null:
the service tier of old usage, the user behind a service account's key."""

_TWICE = "Together they would be counted twice: keep one of them."


def problem(pages: Sequence[SavedPage]) -> str | None:
    """Return why the pages cannot be shown together, as the end of a sentence on the file, or None."""
    return _kinds(pages) or _buckets(pages) or _breakdowns(pages)


def _kinds(pages: Sequence[SavedPage]) -> str | None:
    named = {kind for page in pages for kind in page.kinds}
    others = {kind for kind in named if kind in _KNOWN or _COMPLETIONS not in named} - {_COMPLETIONS}
    if not others and any(row.amount for page in pages for span in page.answer.spans for row in span.rows):
        others = {"usage that is not counted in tokens"}
    if not others:
        return None
    held = " and ".join([*(named & {_COMPLETIONS}), *sorted(map(sanitize.clean, others))])
    return f"holds {held}; only completions can be replayed."


def _buckets(pages: Sequence[SavedPage]) -> str | None:
    """Return which buckets overlap and are not the same one: a day and its minutes, a part of a day and the day."""
    placed = sorted(((span, page) for page in pages for span in page.answer.spans), key=lambda each: each[0].start)
    longest: tuple[WireBucket, SavedPage] | None = None
    for span, page in placed:
        if longest is not None:
            before, other = longest
            one, two = (_WIDTHS.get(each.width or timedelta()) for each in (other, page))
            is_alike = one is None or two is None or one == two
            is_same = before.start == span.start and is_alike
            if not is_same and span.start < max(before.end or before.start, before.start + 1):
                day, lines = formatting.day(moment(span.start)), _lines(other, page)
                if is_alike:
                    return f"holds buckets of {day} that overlap{lines}. {_TWICE}"
                return f"holds {day} in {one} and in {two}{lines}. {_TWICE}"
        if longest is None or (span.end or span.start) >= (longest[0].end or longest[0].start):
            longest = span, page
    return None


def _breakdowns(pages: Sequence[SavedPage]) -> str | None:
    """Return which pages are broken down differently, where that shows: in one bucket, or by what is never null."""
    first: SavedPage | None = None
    seen: dict[int, SavedPage] = {}
    for page in pages:
        starts = [span.start for span in page.answer.spans if span.rows]
        same = (seen[start] for start in starts if start in seen and seen[start].fields != page.fields)
        other = next(same, None)
        if other is None and first is not None and starts and (first.fields ^ page.fields) & _NEVER_NULL:
            other = first
        if other is not None:
            how = " and ".join(_by(each) for each in (other, page))
            return f"holds pages that are broken down {how}{_lines(other, page)}. {_TWICE}"
        first = first or (page if starts else None)
        seen.update(dict.fromkeys(starts, page))
    return None


def _by(page: SavedPage) -> str:
    return f"by {', '.join(sorted(page.fields))}" if page.fields else "by nothing"


def _lines(one: SavedPage, other: SavedPage) -> str:
    return "" if one.line == other.line else f" (lines {one.line} and {other.line})"
