"""`oai-usage-tui archive`: what is kept on disk, and forgetting it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tui import streams
from tui.commands.narration import tell
from tui.domain import humanize, text
from tui.domain.source import Holding
from tui.errors import BadSettings


def info(path: Path, contents: Sequence[Holding]) -> int:
    """Print where the archive is, how large, and what it holds, and return the exit status."""
    sys.stdout.writelines(line + "\n" for line in _lines(path, contents))
    return 0


def _lines(path: Path, contents: Sequence[Holding]) -> Iterator[str]:
    size = path.stat().st_size if path.exists() else 0
    yield f"{text.inert(str(path))}  {humanize.short(size)}B"
    if not contents:
        yield "Nothing is kept yet."
    owner = ""
    for each in contents:
        if each.owner != owner:
            owner = each.owner
            yield text.inert(owner)
        fields = ", ".join(each.group_by.split()) or "no breakdown"
        span = f"{each.first:%Y-%m-%d} to {each.last:%Y-%m-%d}"
        count = f"{humanize.full(each.buckets)} x {each.width}"
        yield f"  {each.kind}  {count:>12}  {span}  by {fields}  read {each.read_at:%Y-%m-%d %H:%M} UTC"


def clear(path: Path, forget: Callable[[], None], *, sure: bool) -> int:
    """Forget everything, once the user is sure, and return the exit status.

    Raises:
        BadSettings: where nobody can be asked.
    """
    name = text.inert(str(path))
    if not path.exists():
        tell(f"{name} does not exist; there is nothing to forget.")
        return 0
    if not sure:
        if not sys.stdin.isatty():
            raise BadSettings("To clear the archive without being asked, say --yes.")
        streams.warn(f"Forget everything in {name}? Days that the API no longer offers are lost. [y/N] ", end="")
        if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
            tell("nothing was forgotten.")
            return 1
    forget()
    tell(f"{name} is empty.")
    return 0


def vacuum(path: Path, tidy: Callable[[], None]) -> int:
    """Give back room that is not needed any more, and return the exit status."""
    if not path.exists():
        tell(f"{text.inert(str(path))} does not exist; there is nothing to tidy.")
        return 0
    before = path.stat().st_size
    tidy()
    tell(f"{humanize.short(before)}B before, {humanize.short(path.stat().st_size)}B now.")
    return 0
