"""What the ids of projects, users and keys are called: read in one way, for the dashboard and for commands."""

from __future__ import annotations

from collections.abc import Collection

from tui.domain.directory import Directory, DirectorySource
from tui.errors import TuiError


async def read_names(source: DirectorySource | None, dimensions: Collection[str]) -> Directory:
    """Return what ids of these dimensions are called; where that cannot be had, `problem` says why."""
    if source is None:
        return Directory(problem="A saved answer has no names.")
    try:
        return await source.directory(dimensions)
    except TuiError as error:
        return Directory(problem=error.sentence)
