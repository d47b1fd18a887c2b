"""`oai-usage-tui export`: the window as data on stdout or in a file. Everything that is no data goes to stderr."""

from __future__ import annotations

import asyncio
import io
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from tui.commands.export_request import OPENMETRICS, Export
from tui.commands.figures import read_figures
from tui.commands.messages import NOTHING_USED, tell
from tui.domain import sanitize
from tui.domain.aggregate import Aggregate
from tui.domain.catalogue import Catalogue
from tui.domain.compare import Compared, comparisons, days_wanted, hours_wanted
from tui.domain.costs import UNREAD, Costs
from tui.domain.directory import NAMED, NO_NAMES, Directory
from tui.domain.in_periods import input_of
from tui.domain.table import TableInput
from tui.domain.time import LAG, Width, Window, midnight
from tui.domain.usage import Bucket, Report
from tui.engine.compare import of_lookup
from tui.engine.engine import Engine
from tui.engine.fetch import Failures
from tui.engine.notes import NO_NOTES, Notes
from tui.engine.unmatched import unmatched
from tui.errors import PARTIAL, BadSettings, TuiError
from tui.output import markdown, records
from tui.output.gaps import not_printed
from tui.output.gauges import Figures, gauges
from tui.output.groups import groups
from tui.output.openmetrics import openmetrics
from tui.sources.base import Page, Query, RawSource, Source
from tui.system import files


async def table(engine: Engine, window: Callable[[], Window], export: Export) -> int:
    """Print the window, as of now, and return the exit status.

    A part is printed as well; then the days that are missing are named on stderr, and the status is 4 or the error's.

    Raises:
        BadSettings: where this cannot be printed, or not into that file.
    """
    if export.needs_costs and engine.session.cost_source is None:
        raise BadSettings("Costs are asked from the API: leave out --offline and --replay, or the columns of costs.")
    found = await _found(engine, window(), export)
    if _ends(found.report.window) != _ends(window()):  # the API's day is another than this machine's
        before = found.notes
        found = await _found(engine, window(), export)
        found.notes = Notes(others=before.others).with_all(found.notes)
    last = found.report.window.end - found.report.window.width.span
    is_whole = last in found.report.buckets and not found.report.buckets[last].left_out
    if (found.report.buckets or found.report.not_kept) and (export.format != OPENMETRICS or is_whole):
        if export.has_gauges:
            found.figures, problems = await read_figures(engine)
            found.notes = found.notes.noted(*problems)
        lines = _lines(found, export, engine.session.catalogue)
        _write(lines, export.output, as_utf_8=export.excel)
    await found.look_for_typing_errors(engine.session.source, export)
    if not export.view.only:
        found.notes = found.notes.noted(*_nothing_used(found.report))
    return _narrated(found)


def _nothing_used(report: Report) -> list[str]:
    """Return what to say of a past window that was read as a whole, and has no row: the table alone shows nothing."""
    is_past = report.buckets and not (report.window.running or report.not_kept or report.unread())
    is_empty = not any(bucket.rows or bucket.left_out for bucket in report.buckets.values())
    return [NOTHING_USED.format("in that window")] if is_past and is_empty else []


def _ends(window: Window) -> tuple[datetime, datetime]:
    """Return the first and the last day."""
    return midnight(window.start), midnight(window.end - window.width.span)


def _lines(found: _Found, export: Export, catalogue: Catalogue) -> Iterator[str]:
    view, columns = export.view, export.metrics
    dimensions = view.grouping.dimensions
    aggregate = Aggregate(catalogue, dimensions, directory=found.directory)
    table_input = replace(
        input_of(TableInput(found.report, costs=found.costs), export.period), compared=found.compared
    )
    printed, width = groups(table_input, view, aggregate), table_input.report.unit
    match export.format:
        case "csv":
            return records.as_csv(printed, dimensions, columns, width, excel=export.excel)
        case "json":
            return records.as_json(printed, dimensions, columns, width)
        case "ndjson":
            return records.as_ndjson(printed, dimensions, columns, width)
        case "openmetrics":
            known = () if found.figures is None else gauges(found.figures)
            return openmetrics(printed, view.kind, dimensions, columns, known)
        case _:
            length = export.max_model_length
            return markdown.markdown(printed, view.grouping.titles, columns, max_length=length, width=width)


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
    costs: Costs = UNREAD
    directory: Directory = NO_NAMES
    figures: Figures | None = None
    compared: Mapping[datetime, Compared] = field(default_factory=dict)
    notes: Notes = NO_NOTES
    status: int = 0

    def take(self, page: Page) -> None:
        if page.is_another:
            self.report = Report(self.report.window)  # what came before is another organization's
        if page.group_by is None:  # else it is not broken down by what was asked for
            self.report = self.report.with_buckets(page.buckets, page.not_kept)
        self.notes = self.notes.of_page(page)

    def fail(self, error: TuiError) -> None:
        self.notes = self.notes.warned(error.sentence)
        self.status = self.status or error.exit_status

    async def look_for_typing_errors(self, source: Source, export: Export) -> None:
        """Note which values nothing was used of, where all was read."""
        if export.unverified and not (self.status or self.notes.warnings):
            query = _query(self.report.window, export)
            self.notes = self.notes.noted(*await unmatched(source, query, self.report, export.unverified))


def _query(window: Window, export: Export) -> Query:
    return Query(window, export.group_by, export.view.kind, export.view.filters)


async def _found(engine: Engine, window: Window, export: Export) -> _Found:
    answer, costs = await asyncio.gather(engine.read(_query(window, export)), _costs(engine, window, export))
    directory = await _names(engine, export)  # by now the archive knows whose they are, and keeps them
    notes = answer.notes.warned(costs.problem).noted(directory.notice)
    found = _Found(answer.report, costs, directory, notes=notes)
    if answer.problem is not None:
        found.fail(answer.problem)
    if export.needs_changes and answer.report.buckets:
        found.compared = await _compared(engine, found, export)
    return found


async def _compared(engine: Engine, found: _Found, export: Export) -> Mapping[datetime, Compared]:
    """Read what the window is compared with; where that cannot be had, nothing is said of changes but why."""
    report, now = input_of(TableInput(found.report), export.period).report, engine.session.clock()
    days = days_wanted(report.window, report.unit, export.against)
    before = () if report.unit is Width.HOUR else (replace(days, end=report.window.start, running=False),)
    for window in (*before, *hours_wanted(report.window, report.unit, now, export.against)):
        problem = (await engine.read(_query(window, export))).problem
        if problem is not None:
            sentence = f"What it is compared with could not all be read. {problem.sentence}"
            found.notes = found.notes.warned(sentence)

    def look(window: Window) -> Mapping[datetime, Bucket]:
        return engine.state.store.get(_query(window, export))

    return comparisons(report, of_lookup(look, report, now - LAG, now, export.against), now, export.against)


async def _costs(engine: Engine, window: Window, export: Export) -> Costs:
    return await engine.read_costs_if_any(window, export.view.costs_by) if export.needs_costs else UNREAD


async def _names(engine: Engine, export: Export) -> Directory:
    wanted = [name for name in export.view.grouping.dimensions if name in NAMED]
    if not export.names or not wanted:
        return NO_NAMES
    found = await engine.read_names(wanted)
    if found.problem is None and not found.knows(wanted):
        return replace(found, problem="Names were not read before, and nobody is asked.")
    return found


async def raw(source: RawSource, window: Window, export: Export) -> int:
    """Print the API's own pages, one a line, the newest piece of the window first, and return the exit status."""
    found, failures = _Found(Report(window)), Failures()
    for piece in window.pieces():
        try:
            async for raw_page in source.raw_pages(_query(piece, export)):
                found.take(raw_page.page)
                if raw_page.line is not None:
                    sys.stdout.write(raw_page.line + "\n")
            failures.answered()
        except TuiError as error:
            found.fail(error)
            failures.failed(error)
        if failures.are_gone:
            break
    await found.look_for_typing_errors(source, export)
    return _narrated(found)


def _narrated(found: _Found) -> int:
    """Say on stderr what went wrong and what is missing, and return the exit status."""
    report = found.report
    unread = report.unread() if report.buckets or not found.status else ()  # else the error says all
    tell(*found.notes.all, *not_printed(report, unread))
    return found.status or (PARTIAL if found.notes.warnings or unread or report.incomplete() else 0)
