"""`oai-usage-tui export`: the window as text on stdout. Everything that is no data goes to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tui.commands.narration import tell
from tui.domain import humanize
from tui.domain.catalogue import Catalogue
from tui.domain.source import BY_MODEL, Page, Query, RawSource, Source
from tui.domain.usage import Bucket, Report, Row
from tui.domain.window import Window
from tui.errors import PARTIAL, TuiError
from tui.report import markdown
from tui.session.fetch import read


@dataclass(frozen=True, slots=True)
class Export:
    """What to print. `by` is "model", "pool", or "none" for a question without any grouping."""

    by: str = "model"
    max_model_length: int = markdown.DEFAULT_MODEL_LENGTH

    @property
    def group_by(self) -> tuple[str, ...]:
        """Return the fields that the API is asked to break its answer down by."""
        return () if self.by == "none" else BY_MODEL


async def table(source: Source, window: Callable[[], Window], export: Export, catalogue: Catalogue) -> int:
    """Print the window, as of now, as a Markdown table and return the exit status.

    A part is printed as well; then the days that are missing are named on stderr, and the status is 4 or the error's.
    """
    found = await _found(source, window(), export)
    if found.report.window != window():  # the API's day is another than this machine's
        notes = found.notes
        found = await _found(source, window(), export)
        found.notes[:0] = notes
    report = found.report
    if report.buckets:
        sys.stdout.writelines(line + "\n" for line in _lines(report, export, catalogue))
    return _narrated(found)


@dataclass
class _Found:
    """What was read, what went wrong, what is to be known beside, and how the command ends."""

    report: Report
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    status: int = 0
    organization: str | None = None

    def take(self, page: Page) -> None:
        if self.organization not in {None, page.organization} and page.organization is not None:
            self.report = Report(self.report.window)  # what came before is another organization's
        self.organization = page.organization or self.organization
        self.report = self.report.with_buckets(page.buckets)
        self.problems += [page.warning] if page.warning is not None else []
        self.notes += [page.note] if page.note is not None else []

    def fail(self, error: TuiError) -> None:
        self.problems.append(error.sentence)
        self.status = error.exit_status


async def _found(source: Source, window: Window, export: Export) -> _Found:
    found = _Found(Report(window))
    try:
        await read(source, Query(window, export.group_by), found.take)
    except TuiError as error:
        found.fail(error)
    return found


def _lines(report: Report, export: Export, catalogue: Catalogue) -> Iterator[str]:
    length = export.max_model_length
    if export.by == "pool":

        def pool(row: Row) -> str:
            return catalogue.pool_of(row.model) or "none"

        ordered = _in_order(report, catalogue)
        return markdown.markdown(ordered, pool, title="Pool", columns=markdown.WITH_FREE, max_length=length)
    name = markdown.no_name if export.by == "none" else markdown.model_name
    return markdown.markdown(report, name, max_length=length)


def _in_order(report: Report, catalogue: Catalogue) -> Report:
    """Return the report with each day's rows in the order of the pools, models in none last."""
    order: dict[str | None, int] = {pool: place for place, pool in enumerate((*catalogue.pools, None))}
    return report.with_buckets(
        Bucket(bucket.start, tuple(sorted(bucket.rows, key=lambda row: order[catalogue.pool_of(row.model)])))
        for bucket in report.buckets.values()
    )


async def raw(source: RawSource, window: Window, export: Export) -> int:
    """Print the API's own pages, one a line, the newest piece of the window first, and return the exit status."""
    found = _Found(Report(window))
    try:
        for piece in window.pieces():
            async for raw_page in source.raw_pages(Query(piece, export.group_by)):
                found.take(raw_page.page)
                if raw_page.line is not None:
                    sys.stdout.write(raw_page.line + "\n")
    except TuiError as error:
        found.fail(error)
    return _narrated(found)


def _narrated(found: _Found) -> int:
    """Say on stderr what went wrong and what is missing, and return the exit status."""
    for problem in dict.fromkeys(found.problems + found.notes):
        tell(problem)
    unread = found.report.unread() if found.report.buckets or not found.status else ()
    if unread:
        days = humanize.count(len(unread), "day")
        tell(f"{days} not read, and not printed: {humanize.days_named(unread)}.")
    return found.status or (PARTIAL if found.problems or unread else 0)
