"""`oai-usage-tui export`: the window as data on stdout or in a file. Everything that is no data goes to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tui.commands.narration import tell
from tui.domain import humanize, text
from tui.domain.catalogue import Catalogue
from tui.domain.grouping import Grouping, filters, usual
from tui.domain.kinds import Kind
from tui.domain.measures import NEED_TIERS, Measure, measures
from tui.domain.source import Page, Query, RawSource, Source
from tui.domain.usage import Report
from tui.domain.window import Window
from tui.errors import PARTIAL, BadSettings, TuiError
from tui.report import flat, markdown
from tui.report.gaps import rows_left_out
from tui.report.groups import groups
from tui.report.openmetrics import counters, openmetrics
from tui.session.fetch import read

OPENMETRICS = "openmetrics"
"""The format that is about today only."""


@dataclass(frozen=True, slots=True)
class Export:
    """What to print, and how. `by` None is the usual breakdown of the kind; `output` None is stdout.

    `only` are values that the API is asked to look for, with the name of their dimension.
    """

    kind: Kind = Kind.COMPLETIONS
    by: Grouping | None = None
    columns: tuple[str, ...] | None = None
    format: str = "markdown"
    max_model_length: int = markdown.DEFAULT_MODEL_LENGTH
    only: tuple[tuple[str, str], ...] = ()
    output: Path | None = None

    @property
    def grouping(self) -> Grouping:
        """Return what the lines are broken down by."""
        return usual(self.kind) if self.by is None else self.by

    @property
    def measures(self) -> Mapping[str, Measure]:
        """Return the columns of numbers.

        Raises:
            BadSettings: where one of them is not counted.
        """
        known = measures(self.kind)
        wanted = self.columns
        if wanted is None and self.format == "markdown" and self.kind is Kind.COMPLETIONS:
            wanted = markdown.COLUMNS + (("free", "billed") if "pool" in self.grouping.dimensions else ())
        if wanted is None or not wanted:
            return known
        for name in wanted:
            if name not in known:
                there = ", ".join(known)
                raise BadSettings(f"There is no column {text.inert(name)} of {self.kind.value}. There are: {there}.")
        return {name: known[name] for name in wanted}

    def check(self) -> None:
        """Refuse what cannot be asked for, before anything is.

        Raises:
            BadSettings: where a column or a breakdown does not exist, or the output is no file.
        """
        _ = self.group_by, self.filters
        if self.format == OPENMETRICS and not counters(self.kind, self.measures):
            raise BadSettings(
                f"None of these columns counts: {', '.join(self.measures)}. There is no metric to print."
            )
        if self.output is not None and (self.output.is_dir() or not self.output.name):
            raise BadSettings(f"{text.inert(str(self.output))} is a folder, and --output needs a file.")

    @property
    def group_by(self) -> tuple[str, ...]:
        """Return the fields that the API is asked to break its answer down by.

        Raises:
            BadSettings: where it cannot be broken down so.
        """
        need_tiers = bool(self.grouping.dimensions) or bool(NEED_TIERS & self.measures.keys())
        return self.grouping.fields(self.kind, tiers=need_tiers)

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """Return what the API is asked to look for, in its own words.

        Raises:
            BadSettings: where it cannot look for that.
        """
        return filters(self.kind, self.only)


async def table(source: Source, window: Callable[[], Window], export: Export, catalogue: Catalogue) -> int:
    """Print the window, as of now, and return the exit status.

    A part is printed as well; then the days that are missing are named on stderr, and the status is 4 or the error's.

    Raises:
        BadSettings: where this cannot be printed, or not into that file.
    """
    found = await _found(source, window(), export)
    if found.report.window != window():  # the API's day is another than this machine's
        notes = found.notes
        found = await _found(source, window(), export)
        found.notes[:0] = notes
    last_day = found.report.window.end - found.report.window.width.span
    is_whole = last_day in found.report.buckets and not found.report.buckets[last_day].left_out
    if found.report.buckets and (export.format != OPENMETRICS or is_whole):
        _write(_lines(found.report, export, catalogue), export.output)
    return _narrated(found)


def _lines(report: Report, export: Export, catalogue: Catalogue) -> Iterator[str]:
    grouping, columns = export.grouping, export.measures
    found = groups(report, grouping, catalogue)
    match export.format:
        case "csv":
            return flat.as_csv(found, grouping.dimensions, columns)
        case "json":
            return flat.as_json(found, grouping.dimensions, columns)
        case "ndjson":
            return flat.as_ndjson(found, grouping.dimensions, columns)
        case "openmetrics":
            return openmetrics(found, export.kind, grouping.dimensions, columns)
        case _:
            length = export.max_model_length
            return markdown.markdown(found, grouping.titles, columns, max_length=length)


def _write(lines: Iterator[str], output: Path | None) -> None:
    """Write to stdout, or a whole file or none. What is no file (a pipe, a device) is written to, not replaced."""
    if output is None:
        sys.stdout.writelines(line + "\n" for line in lines)
        return
    fresh: Path | None = None
    try:
        path = output.resolve()
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8") as file:
                file.writelines(line + "\n" for line in lines)
            return
        fresh = path.parent / f".oai-usage-tui.{os.getpid()}"
        with fresh.open("x", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
        if path.exists():
            fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
    except OSError as error:
        if fresh is not None:
            with suppress(OSError):
                fresh.unlink()
        raise BadSettings(f"{text.inert(str(output))} cannot be written ({error.strerror or error}).") from error


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


def _query(window: Window, export: Export) -> Query:
    return Query(window, export.group_by, export.kind, export.filters)


async def _found(source: Source, window: Window, export: Export) -> _Found:
    found, query = _Found(Report(window)), _query(window, export)
    try:
        await read(source, query, found.take)
    except TuiError as error:
        found.fail(error)
    return found


async def raw(source: RawSource, window: Window, export: Export) -> int:
    """Print the API's own pages, one a line, the newest piece of the window first, and return the exit status."""
    found = _Found(Report(window))
    try:
        for piece in window.pieces():
            async for raw_page in source.raw_pages(_query(piece, export)):
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
    left_out = rows_left_out(found.report.buckets.values())
    if left_out is not None:
        tell(f"{left_out}: what was used then is at least what is printed.")
    unread = found.report.unread() if found.report.buckets or not found.status else ()
    if unread:
        days = humanize.count(len(unread), "day")
        tell(f"{days} not read, and not printed: {humanize.days_named(unread)}.")
    return found.status or (PARTIAL if found.problems or unread or left_out else 0)
