"""`oai-usage-tui export`: the window as data on stdout or in a file. Everything that is no data goes to stderr."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tui.commands.messages import tell
from tui.domain import formatting, sanitize
from tui.domain.catalogue import Catalogue
from tui.domain.dimensions import Grouping, filters, usual
from tui.domain.kinds import Kind
from tui.domain.metrics import NEED_TIERS, Metric, metrics
from tui.domain.table import COST
from tui.domain.time import Window
from tui.domain.usage import Report
from tui.engine.engine import Engine
from tui.engine.fetch import Failures
from tui.engine.resolve_names import Only
from tui.engine.unmatched import unmatched
from tui.errors import PARTIAL, BadSettings, TuiError
from tui.output import markdown, records
from tui.output.gaps import rows_left_out
from tui.output.groups import groups
from tui.output.openmetrics import counters, openmetrics
from tui.sources.base import Page, Query, RawSource, Source
from tui.system import files

OPENMETRICS = "openmetrics"
"""The format that is about today only."""


@dataclass(frozen=True, slots=True)
class Export:
    """What to print, and how. `by` None is the usual breakdown of the kind; `output` None is stdout.

    `only` are values that the API is asked to look for, with the name of their dimension. Those that are `unverified`
    may be typing errors: nobody knew whether there is such a model or id. `excel` marks CSV as UTF-8.
    """

    kind: Kind = Kind.COMPLETIONS
    by: Grouping | None = None
    columns: tuple[str, ...] | None = None
    format: str = "markdown"
    max_model_length: int = markdown.DEFAULT_MODEL_LENGTH
    only: Only = ()
    unverified: Only = ()
    output: Path | None = None
    excel: bool = False

    @property
    def grouping(self) -> Grouping:
        """Return what the lines are broken down by."""
        return usual(self.kind) if self.by is None else self.by

    @property
    def metrics(self) -> Mapping[str, Metric]:
        """Return the columns of numbers.

        Raises:
            BadSettings: where one of them is not counted.
        """
        known = metrics(self.kind)
        wanted = self.columns
        if wanted is None and self.format == "markdown" and self.kind is Kind.COMPLETIONS:
            wanted = markdown.COLUMNS + (("free", "billed") if "pool" in self.grouping.dimensions else ())
        if wanted is None or not wanted:
            return known
        for name in wanted:
            if name not in known:
                there = ", ".join(known)
                elsewhere = "Costs are in the dashboard, where the key e writes them. " if name == COST else ""
                raise BadSettings(
                    f"There is no column {sanitize.clean(name)} of {self.kind.value}.",
                    f"{elsewhere}There are: {there}.",
                )
        return {name: known[name] for name in wanted}

    def check(self) -> None:
        """Refuse what cannot be asked for, before anything is.

        Raises:
            BadSettings: where a column or a breakdown does not exist, or the output is no file.
        """
        _ = self.group_by, self.filters
        if self.format == OPENMETRICS and not counters(self.kind, self.metrics):
            raise BadSettings(
                f"None of these columns counts: {', '.join(self.metrics)}.", "There is no metric to print."
            )
        if self.output is not None and (self.output.is_dir() or not self.output.name):
            raise BadSettings(f"{sanitize.clean(str(self.output))} is a folder, and --output needs a file.")

    @property
    def group_by(self) -> tuple[str, ...]:
        """Return the fields that the API is asked to break its answer down by.

        Raises:
            BadSettings: where it cannot be broken down so.
        """
        need_tiers = bool(self.grouping.dimensions) or bool(NEED_TIERS & self.metrics.keys())
        return self.grouping.fields(self.kind, tiers=need_tiers)

    @property
    def filters(self) -> tuple[tuple[str, str], ...]:
        """Return what the API is asked to look for, in its own words.

        Raises:
            BadSettings: where it cannot look for that.
        """
        return filters(self.kind, self.only)


async def table(engine: Engine, window: Callable[[], Window], export: Export) -> int:
    """Print the window, as of now, and return the exit status.

    A part is printed as well; then the days that are missing are named on stderr, and the status is 4 or the error's.

    Raises:
        BadSettings: where this cannot be printed, or not into that file.
    """
    found = await _found(engine, window(), export)
    if found.report.window != window():  # the API's day is another than this machine's
        notes = found.notes
        found = await _found(engine, window(), export)
        found.notes[:0] = notes
    last_day = found.report.window.end - found.report.window.width.span
    is_whole = last_day in found.report.buckets and not found.report.buckets[last_day].left_out
    if (found.report.buckets or found.report.not_kept) and (export.format != OPENMETRICS or is_whole):
        _write(_lines(found.report, export, engine.session.catalogue), export.output, as_utf_8=export.excel)
    await found.look_for_typing_errors(engine.session.source, export)
    return _narrated(found)


def _lines(report: Report, export: Export, catalogue: Catalogue) -> Iterator[str]:
    grouping, columns = export.grouping, export.metrics
    found = groups(report, grouping, catalogue)
    match export.format:
        case "csv":
            return records.as_csv(found, grouping.dimensions, columns, excel=export.excel)
        case "json":
            return records.as_json(found, grouping.dimensions, columns)
        case "ndjson":
            return records.as_ndjson(found, grouping.dimensions, columns)
        case "openmetrics":
            return openmetrics(found, export.kind, grouping.dimensions, columns)
        case _:
            length = export.max_model_length
            return markdown.markdown(found, grouping.titles, columns, max_length=length)


def _write(lines: Iterator[str], output: Path | None, *, as_utf_8: bool) -> None:
    """Write to stdout, in the encoding of the locale or always `as_utf_8`, or a whole file or none.

    Raises:
        BadSettings: where the file cannot be written.
    """
    if output is None:
        if as_utf_8 and isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        sys.stdout.writelines(line + "\n" for line in lines)
        return
    name = sanitize.clean(str(output))
    try:
        is_whole = files.write(output, "".join(line + "\n" for line in lines).encode("utf-8", "replace"))
    except BrokenPipeError:
        raise  # a pipe after all, and who reads it has what they wanted
    except OSError as error:
        raise BadSettings(f"{name} cannot be written ({error.strerror or error}).") from error
    if not is_whole:
        tell(f"{name} was written in place, since it cannot be replaced: who reads it meanwhile may find a part.")


@dataclass
class _Found:
    """What was read, what went wrong, what is to be known beside, and how the command ends."""

    report: Report
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    status: int = 0

    def take(self, page: Page) -> None:
        if page.is_another:
            self.report = Report(self.report.window)  # what came before is another organization's
        if page.group_by is None:  # else it is not broken down by what was asked for
            self.report = self.report.with_buckets(page.buckets, page.not_kept)
        self.problems += [page.warning] if page.warning is not None else []
        self.notes += [page.note] if page.note is not None else []

    def fail(self, error: TuiError) -> None:
        self.problems.append(error.sentence)
        self.status = self.status or error.exit_status

    async def look_for_typing_errors(self, source: Source, export: Export) -> None:
        """Note which values nothing was used of, where all was read."""
        if export.unverified and not (self.status or self.problems):
            query = _query(self.report.window, export)
            self.notes += await unmatched(source, query, self.report, export.unverified)


def _query(window: Window, export: Export) -> Query:
    return Query(window, export.group_by, export.kind, export.filters)


async def _found(engine: Engine, window: Window, export: Export) -> _Found:
    answer = await engine.read(_query(window, export))
    found = _Found(answer.report, list(answer.warnings), list(answer.notes))
    if answer.problem is not None:
        found.fail(answer.problem)
    return found


async def raw(source: RawSource, window: Window, export: Export) -> int:
    """Print the API's own pages, one a line, the newest piece of the window first, and return the exit status."""
    found, chances = _Found(Report(window)), Failures()
    for piece in window.pieces():
        try:
            async for raw_page in source.raw_pages(_query(piece, export)):
                found.take(raw_page.page)
                if raw_page.line is not None:
                    sys.stdout.write(raw_page.line + "\n")
            chances.answered()
        except TuiError as error:
            found.fail(error)
            chances.failed(error)
        if chances.are_gone:
            break
    await found.look_for_typing_errors(source, export)
    return _narrated(found)


def _narrated(found: _Found) -> int:
    """Say on stderr what went wrong and what is missing, and return the exit status."""
    for problem in dict.fromkeys(found.problems + found.notes):
        tell(problem)
    report = found.report
    left_out = rows_left_out(report.buckets.values())
    if left_out is not None:
        tell(f"{left_out}: what was used then is at least what is printed.")
    if report.not_kept:
        gone = tuple(sorted(report.not_kept))
        tell(
            f"{formatting.count(len(gone), 'day')} not kept by the API, and not printed: "
            f"{formatting.days_named(gone)}."
        )
    unread = report.unread() if report.buckets or not found.status else ()
    if unread:
        days = formatting.count(len(unread), "day")
        tell(f"{days} not read, and not printed: {formatting.days_named(unread)}.")
    return found.status or (PARTIAL if found.problems or unread or left_out else 0)
