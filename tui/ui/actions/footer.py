"""What the footer names: the keys that are of most use now, where the user is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.domain.time import Width
from tui.ui.views.text_view import TextView

if TYPE_CHECKING:
    from tui.ui.dashboard import DashboardScreen

Entries = tuple[tuple[str, str], ...]
"""Names of actions, the most used first, and what each does here."""

_END: Entries = (("refresh", "refresh"), ("help", "help"), ("leave", "quit"))
_LOOK: Entries = (("filter", "filter"), ("chart", "chart"), ("why", "why"))

_DAYS: Entries = (("open", "open"), ("fold", "fold"), *_LOOK, *_END)
_INSIDE: Entries = (("back", "back"), ("open", "open"), *_LOOK, *_END)
_HOURS: Entries = (("back", "back"), ("open", "minutes"), *_LOOK, *_END)
_MINUTES: Entries = (("back", "back"), *_LOOK, *_END)
_MONEY: Entries = (
    ("back", "back"),
    ("older_day", "earlier month"),
    ("newer_day", "later"),
    ("export", "save"),
    *_END,
)
_YEAR: Entries = (
    ("back", "back"),
    ("open", "its hours"),
    ("chart", "billed, dollars"),
    ("older_day", "a month back"),
    *_END,
)
_RUNS: Entries = (("back", "back"), ("open", "its minutes"), ("forget", "forget"), ("mark", "mark"), *_END)
_ORGANIZATIONS: Entries = (("back", "back"), ("open", "go there"), *_END)
_WHY: Entries = (("back", "close"), ("switch", "scroll"), ("older_day", "earlier day"), ("newer_day", "later"), *_END)
_TEXT: Entries = (("back", "close"), ("switch", "to the table"), ("down", "scroll"), ("export", "save"), *_END)
_MODELS: Entries = (("switch", "to the table"), ("down", "scroll"), *_END)

_FILTERED: Entries = (("back", "drop the filter"), ("open", "open"), *_LOOK, *_END)
"""Where lines are filtered: Esc drops that before it goes back."""

FILTERING: Entries = (("open", "keep the filter"), ("back", "drop it"))
"""While a filter is typed, other keys are letters of it."""


def entries(screen: DashboardScreen) -> Entries:
    """Return what the footer names now: never more than eight keys."""
    focused = "" if screen.focused is None else screen.focused.id
    if focused == "filter":
        return FILTERING
    if screen.view_shown == "money":
        return _MONEY
    if screen.view_shown == "year":
        return _YEAR
    if screen.view_shown == "runs":
        return _RUNS
    if screen.view_shown == "organizations":
        return _ORGANIZATIONS
    if screen.view_shown == "why":
        return _TEXT if isinstance(screen.focused, TextView) else _WHY
    if focused == "models":
        return _MODELS
    if screen.state.view.row_filter:
        return _FILTERED
    if len(screen.state.levels) > 1 and screen.state.seen.width is Width.DAY:  # in a month or a week
        return _INSIDE
    return {Width.DAY: _DAYS, Width.HOUR: _HOURS, Width.MINUTE: _MINUTES}[screen.state.seen.width]
