"""Models, and ids of projects, users and keys, that were asked for and that nothing was used of: a typing error?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tui.domain import formatting, sanitize
from tui.domain.dimensions import DIMENSIONS, FILTERS
from tui.domain.nearest import hint
from tui.domain.usage import Report
from tui.engine.fetch import read
from tui.engine.resolve_names import Only
from tui.errors import TuiError
from tui.sources.base import Page, Query, Source


async def unmatched(source: Source, query: Query, report: Report, only: Only) -> list[str]:
    """Return a sentence for each of these values that the query looked for and that nothing was used of.

    `report` is what the query found. What it does not tell is asked for: the same, broken down by the dimension of
    the value and without a filter for it.
    """
    first, last = query.window.start, query.window.end - query.window.width.span
    when = (
        f"on {formatting.day(first)}" if first == last else f"from {formatting.day(first)} to {formatting.day(last)}"
    )
    sentences = []
    for dimension in dict.fromkeys(name for name, _ in only):
        wanted = [value for name, value in only if name == dimension]
        used = _used(report, query, dimension)
        if used is None and len(wanted) == 1:
            continue  # all that was found is of this one
        if used is not None and not _missing(wanted, used):
            continue
        known = await _known(source, query, dimension)
        if used is None and known is None:
            continue  # it cannot be told
        missing = _missing(wanted, used if used is not None else known or ())
        sentences += [sentence(dimension, value, known or (), when) for value in missing]
    return sentences


def sentence(dimension: str, value: str, known: Sequence[str], when: str) -> str:
    """Return that nothing was used of this, and what of those that are known may be meant."""
    words = f"There is no usage of the {DIMENSIONS[dimension].noun} {sanitize.clean(value)} {when}."
    return f"{words} {hint(value, known)}".rstrip()


def _missing(wanted: Sequence[str], used: Iterable[str]) -> list[str]:
    there = {name.casefold() for name in used}
    return [value for value in wanted if value.casefold() not in there]


def _used(report: Report, query: Query, dimension: str) -> list[str] | None:
    """Return the values that were used, or None where the report is not broken down by them."""
    is_broken_down = DIMENSIONS[dimension].field in query.group_by
    return _values(report, dimension) if is_broken_down or not any(report.rows()) else None


async def _known(source: Source, query: Query, dimension: str) -> list[str] | None:
    """Return the values that were used beside the one that was looked for, or None where they cannot be read."""
    filters = tuple(each for each in query.filters if each[0] != FILTERS[dimension])
    report = Report(query.window)

    def arrived(page: Page) -> None:
        nonlocal report
        report = report.with_buckets(page.buckets)

    asked = replace(query, group_by=(DIMENSIONS[dimension].field,), filters=filters, keep=False)
    try:
        await read(source, asked, arrived)
    except TuiError:
        return None
    return _values(report, dimension)


def _values(report: Report, dimension: str) -> list[str]:
    """Return the values of a dimension, the most used first."""
    used: dict[str, int] = {}
    for row in report.rows():
        value = getattr(row, DIMENSIONS[dimension].field)
        if value is not None:
            used[value] = used.get(value, 0) + row.tokens + row.amount + row.requests
    return sorted(used, key=lambda name: (-used[name], name))
