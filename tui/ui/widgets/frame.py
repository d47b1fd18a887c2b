"""What stands on the frame of the table: what it shows, and what can be changed of that, each with its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content
from textual.style import Style

from tui.domain import formatting, sanitize
from tui.domain.kinds import Kind
from tui.domain.periods import Period
from tui.domain.time import Width
from tui.domain.view import View, ordered_by
from tui.domain.windows import LastDays, WindowSpec
from tui.engine.state import State
from tui.ui import theme
from tui.ui.actions.action import Action
from tui.ui.columns import order_mark

TABS = (0, 6, 14, 29, 89, 364)
"""Whole days before today: the windows that the keys go through."""


def tabs(session_days: int, most_days: int) -> tuple[LastDays, ...]:
    """Return the windows that there are: that of the start takes the place of the one nearest to it."""
    nearest = min(TABS, key=lambda days: (abs(days - session_days), days))
    found = {session_days if days == nearest else days for days in TABS if days <= most_days or days == nearest}
    return tuple(map(LastDays, sorted(found)))


def title(
    state: State, actions: Mapping[str, Action], windows: Sequence[LastDays], width: int, *, in_ascii: bool = False
) -> Content:
    """Return the words on the frame in at most so many cells: what does not fit is left out whole, the last first."""
    view, level = state.view, state.seen
    parts: list[list[Content]] = [[Content.styled(_what(state), "bold")]]
    if len(state.levels) == 1:
        parts.append(_windows(state.window_wanted, windows, actions["window"], actions["windows"]))
    else:
        parts.append([_hinted(actions["back"], "back")])
    is_of_days = level.width is Width.DAY
    parts.append([_hinted(actions["period"], level.period.noun), Content()] if is_of_days else [Content()])
    parts.append([_hinted(actions["group"], _breakdown(view)), Content()])
    parts.append([_hinted(actions["sort"], _order(view, in_ascii=in_ascii)), Content()])
    chosen = [0] * len(parts)
    for part in (1, 4, 2, 1, 3):
        if _joined(parts, chosen).cell_length <= width:
            break
        chosen[part] = min(chosen[part] + 1, len(parts[part]) - 1)
    found = _joined(parts, chosen)
    return found if found.cell_length <= width else parts[0][0].truncate(max(width, 0), ellipsis=True)


def _joined(parts: Sequence[Sequence[Content]], chosen: Sequence[int]) -> Content:
    said = [forms[form] for forms, form in zip(parts, chosen, strict=True) if forms[form].plain]
    return Content(" ─ ").join(said)


def _what(state: State) -> str:
    """Return what the table shows: the kind of usage, of what, and in which day or hour."""
    kind, level = state.view.kind, state.seen
    what = "Usage" if kind is Kind.COMPLETIONS else kind.description.words.capitalize()
    start = level.report.window.start
    if level.width is Width.DAY and len(state.levels) > 1:
        what = f"{what}, {level.period.noun}s of {_called(state)}"
    elif level.width is Width.HOUR:
        what = f"{what}, hours of {formatting.weekday(start)}"
    elif level.width is Width.MINUTE:
        what = (
            f"{what}, the last 60 minutes"
            if level.rolling
            else (f"{what}, minutes of {formatting.weekday(start)} {start:%H:%M}")
        )
    if level.within:
        dimensions = state.view.grouping.dimensions
        names = (state.directory.label(of, name) for of, name in zip(dimensions, level.within, strict=False))
        what = f"{' · '.join(sanitize.elide(sanitize.clean(name), 30) for name in names)}{what.removeprefix('Usage')}"
    return what


def _called(state: State) -> str:
    """Return what the week or month is called that is looked into."""
    came_from, outer = state.seen.came_from, state.levels[-2].period
    start = state.seen.report.window.start if came_from is None else came_from[0]
    return f"{start:%b %Y}" if outer is Period.MONTH else f"week {start:%V, from %d %b}"


def _breakdown(view: View) -> str:
    merged = ", merged" if view.merged and "model" in view.grouping.dimensions else ""
    return view.grouping.words.removeprefix("by ") + merged


def _windows(now: WindowSpec, windows: Sequence[LastDays], action: Action, others: Action) -> list[Content]:
    """Return the windows with the one that holds marked, and the key of the list of others; then this one alone.

    One that was chosen from the list stands behind those that the key goes through.
    """
    every = _key(action)
    for place, each in enumerate(windows):
        every = every.append_text(" " if place else "")
        tab = Content.styled(f"[{each.label}]", "bold") if each == now else Content.styled(each.label, theme.FAINT)
        every = every.append(_clicked(tab, f"show_days({each.days_before})"))
    marked = Content.styled(f"[{now.label}]", "bold")
    if now not in windows:
        every = every.append_text(" ").append(_clicked(marked, f"run({others.name!r})"))
    return [Content(" ").join((every, _hinted(others, "more"))), every, _hinted(action, marked.plain)]


def _order(view: View, *, in_ascii: bool) -> str:
    return f"{ordered_by(view)}{order_mark(view.order, in_ascii=in_ascii)}"


def _hinted(action: Action, words: str) -> Content:
    return _clicked(_key(action).append_text(words, theme.MUTED), f"run({action.name!r})")


def _clicked(words: Content, done: str) -> Content:
    """Return the words as what does this with the screen at a click."""
    return words.stylize(Style.from_meta({"@click": f"screen.{done}"}))


def _key(action: Action) -> Content:
    return Content.styled(f"{action.key} " if action.keys else "", "bold")
