"""`oai-usage-tui archive`: what is kept on disk, reading it anew, and forgetting it."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

from tui import PROGRAM
from tui.commands.messages import tell
from tui.domain import formatting, sanitize
from tui.errors import PARTIAL, BadSettings
from tui.sources.base import ArchiveEntry, Refreshed
from tui.system import streams


def info(path: Path, contents: Sequence[ArchiveEntry], runs: int = 0) -> int:
    """Print where the archive is, how large, and what it holds, and return the exit status."""
    sys.stdout.writelines(line + "\n" for line in _lines(path, contents))
    if runs:
        sys.stdout.write(f"{formatting.count(runs, 'run')}, listed by: {PROGRAM} runs\n")
    return 0


def _lines(path: Path, contents: Sequence[ArchiveEntry]) -> Iterator[str]:
    size = path.stat().st_size if path.exists() else 0
    yield f"{sanitize.clean(str(path))}  {formatting.short(size)}B"
    if not contents:
        yield "Nothing is kept yet."
    owner = ""
    for each in contents:
        if each.owner != owner:
            owner = each.owner
            yield sanitize.clean(owner)
        fields = ", ".join(each.group_by.split()) or "no breakdown"
        span = f"{each.first:%Y-%m-%d} to {each.last:%Y-%m-%d}"
        count = f"{formatting.full(each.buckets)} x {each.width}"
        yield f"  {each.kind}  {count:>12}  {span}  by {fields}  read {each.read_at:%Y-%m-%d %H:%M} UTC"


def clear(
    path: Path,
    forget: Callable[[], None],
    forget_cached: Callable[[], Sequence[str]],
    runs: int = 0,
    *,
    sure: bool,
) -> int:
    """Forget everything, once the user is sure, and return the exit status.

    `forget_cached` forgets what is kept beside the archive, and returns in words what that was.

    Raises:
        BadSettings: where nobody can be asked.
    """
    name = sanitize.clean(str(path))
    if not path.exists():
        tell(f"{name} does not exist; {_forgotten(forget_cached()) or 'there is nothing to forget'}.")
        return 0
    if not sure:
        if not sys.stdin.isatty():
            raise BadSettings("Nobody can be asked whether to clear the archive.", "To clear it unasked, say --yes.")
        lost = "Days that the API no longer offers are lost"
        lost += f", and {formatting.count(runs, 'run')} that you measured" if runs else ""
        streams.warn(f"Forget everything in {name}? {lost}. [y/N] ", end="")
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            tell("nothing was forgotten.")
            return 1
    try:
        cached = forget_cached()
    finally:  # whatever is in the way of that
        forget()
    tell("; ".join(filter(None, (f"{name} is empty", _forgotten(cached)))) + ".")
    return 0


def clear_cached(forget_cached: Callable[[], Sequence[str]]) -> None:
    """Forget what is kept beside the archive, where that is all there is to forget."""
    cached = forget_cached()
    if cached:
        tell(f"{_forgotten(cached)}.")


def _forgotten(cached: Sequence[str]) -> str:
    return f"forgotten as well: {', '.join(cached)}" if cached else ""


def vacuum(path: Path, tidy: Callable[[], None]) -> int:
    """Give back room that is not needed any more, and return the exit status."""
    if not path.exists():
        tell(f"{path} does not exist; there is nothing to tidy.")
        return 0
    before = path.stat().st_size
    tidy()
    tell(f"{formatting.short(before)}B before, {formatting.short(path.stat().st_size)}B now.")
    return 0


async def refresh(found: AsyncIterator[Refreshed]) -> int:
    """Print of each query what was read anew and what had changed, and return the exit status."""
    read, problems = 0, False
    async for each in found:
        read += len(each.read)
        problems |= each.problem is not None
        sys.stdout.write(_refreshed(each) + "\n")
        sys.stdout.flush()
        if each.problem is not None:
            tell(each.problem)
    if not read and not problems:
        tell("nothing that is kept of this organization is settled yet: the next start reads the rest anyway.")
    return PARTIAL if problems else 0


def _refreshed(each: Refreshed) -> str:
    query, width = each.query, each.query.window.width
    fields = ", ".join(query.group_by) or "no breakdown"
    first, last = query.window.start, query.window.end - width.span
    span = f"{first:%Y-%m-%d}" if f"{first:%F}" == f"{last:%F}" else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    line = f"{query.kind.value}  {formatting.count(len(each.read), width.noun)} read anew  {span}  by {fields}"
    for starts, words in ((each.changed, "changed"), (each.kept, "came empty, so what was kept stays")):
        if starts:
            days = tuple(dict.fromkeys(start.replace(hour=0, minute=0) for start in starts))
            line += f"; {formatting.full(len(starts))} {words}: {formatting.days_named(days)}"
    return line
