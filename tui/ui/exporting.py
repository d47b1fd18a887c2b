"""What leaves the screen: a file in the current folder, or words in the terminal's clipboard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.widget import Widget

from tui.domain import formatting, sanitize
from tui.errors import TuiError
from tui.ui.workers import reports_faults

Save = Callable[[str, str], str]
"""Writes a file with this ending and content, and returns its path."""

_LARGE = 70_000
"""Bytes from which on terminals are known to cut what they are told to put into the clipboard."""

_COPIED = "Copied {what} (OSC 52; tmux needs set-clipboard on)."


def copy(screen: Widget, words: str, what: str) -> None:
    """Copy words to the terminal's clipboard, and say what was copied."""
    screen.app.copy_to_clipboard(words)
    size = len(words.encode())
    large = f" It is {formatting.short(size)}B, and many terminals cut that." if size > _LARGE else ""
    screen.notify(_COPIED.format(what=what) + large, markup=False)


def copy_apart(screen: Widget, content: Callable[[], tuple[str, str]]) -> None:
    """Copy words, and say what they are, both made in a thread: there may be 100,000 lines."""
    screen.run_worker(_copied(screen, content), group="export", exit_on_error=False, description="copy")


@reports_faults
async def _copied(screen: Widget, content: Callable[[], tuple[str, str]]) -> None:
    copy(screen, *await asyncio.to_thread(content))


def save(screen: Widget, ending: str, content: Callable[[], str], remark: str = "") -> None:
    """Write a file, and say where it is, with a remark on it, or why there is none."""
    write = _writer(screen)
    if write is not None:
        _say(screen, lambda: write(ending, content()), remark)


def save_apart(screen: Widget, ending: str, content: Callable[[], str], remark: str = "") -> None:
    """Write a file as `save` does, in a thread: there may be 100,000 lines, and keys are answered meanwhile."""
    write = _writer(screen)
    if write is not None:
        work = _saved_apart(screen, lambda: write(ending, content()), remark)
        screen.run_worker(work, group="export", exit_on_error=False, description="export")


@reports_faults
async def _saved_apart(screen: Widget, written: Callable[[], str], remark: str) -> None:
    try:
        path = await asyncio.to_thread(written)
    except TuiError as error:
        _refused(screen, error)
    else:
        _say(screen, lambda: path, remark)


def _writer(screen: Widget) -> Save | None:
    write: Save | None = getattr(screen.app, "save", None)
    if write is None:
        screen.notify("Nothing can be saved here.", markup=False)
    return write


def _say(screen: Widget, written: Callable[[], str], remark: str) -> None:
    try:
        screen.notify(f"Saved: {sanitize.clean(written())}{remark}", markup=False)
    except TuiError as error:
        _refused(screen, error)


def _refused(screen: Widget, error: TuiError) -> None:
    screen.notify(f"Not saved: {sanitize.clean(error.sentence)}", severity="error", markup=False)
