"""Keeps what the dashboard shows, to be the first frame of its next start, and lets it begin over such a frame."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui import first_frame, first_frame_file
from tui.config import paths, preferences
from tui.config.settings import Settings
from tui.domain import sanitize
from tui.errors import BadSettings
from tui.system import files

if TYPE_CHECKING:
    from tui.ui.last_screen import Keep, LastScreen
    from tui.ui.terminal.standing import Standing

_FIRST_DAY = datetime(1970, 1, 1, tzinfo=UTC)


def keeper(settings: Settings) -> Keep | None:
    """Return what keeps a screen; None where none is kept: of what is not archived, and of another profile.

    Another profile is one that the next start would not begin with.
    """
    start, source = first_frame.start, settings.source
    path = paths.first_frame_path(source.profile)
    is_archived = bool(source.archive) and not source.demo and source.replay is None
    if start is None or path is None or start.path != str(path) or not is_archived or settings.screen.plain_driver:
        return None

    def keep(screen: LastScreen) -> None:
        day = (screen.drawn_at - _FIRST_DAY).days
        with suppress(OSError):  # the next start is as it would be without
            files.keep_anew(
                path, first_frame_file.packed(start.facts(screen.size), day, (screen.today, screen.later))
            )

    return keep


def remembering(path: Path) -> Callable[[str, Any], None]:
    """Return what writes a choice down, so that the next start begins with the screen that shows it."""
    start = first_frame.start

    def remember(name: str, value: Any) -> None:  # noqa: ANN401  as `preferences.remember` takes it
        if start is None:
            preferences.remember(path, name, value)
        else:
            start.choose(partial(preferences.remember, path, name, value))

    return remember


def standing() -> Standing | None:
    """Return the frame that the dashboard begins over."""
    from tui.ui.terminal.standing import Standing

    found = first_frame.standing()
    if found is None or found.line is None:
        return None
    line, is_taken = found.line, lambda: first_frame.take_over() is not None
    return Standing(found.frame, found.size, line, is_taken, first_frame.give_back)


def forget(profile: str) -> Path | None:
    """Take away the screen that is kept, and return where it was; None where there was none.

    Raises:
        BadSettings: where it cannot be taken away.
    """
    path = paths.first_frame_path(profile)
    try:
        if path is not None:
            path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        place, why = sanitize.clean(str(path)), error.strerror or str(error)
        raise BadSettings(f"The last screen cannot be taken away: {place} ({why}).") from None
    return path
