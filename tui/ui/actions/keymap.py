"""Keys of the user's own for the actions of the dashboard: what may be written, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from string import punctuation

from textual.binding import Binding
from textual.keys import Keys

from tui.domain import sanitize
from tui.errors import BadSettings
from tui.ui.actions import ACTIONS
from tui.ui.actions.action import NAMES, Action, key_name

FIXED = {"ctrl+c": "leave", "ctrl+q": "leave", "escape": "back", "enter": "open"}
"""Keys that keep their action whatever is set: the ways out, and what dialogs are answered with."""

_MODIFIERS = ("alt", "ctrl", "shift")
_SAME = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+left_square_bracket": "escape"}
"""Keys that terminals do not tell apart."""

_NEVER_SENT = {"ctrl+at", "ctrl+space"}
"""What these send has another name in each kind of terminal."""


def _named(character: str) -> str:
    """Return Textual's name of the key of a printable character."""
    (binding,) = Binding.make_bindings([Binding(character, "")])
    return binding.key


_PUNCTUATION = {_named(each) for each in punctuation if each != ","} | {"comma"}
_NAMED = _PUNCTUATION | {
    each.value for each in Keys if "+" not in each.value and each.value.isalnum() and each is not Keys.Return
}
_ALIASES = {shown.lower(): name for name, shown in NAMES.items()} | {
    "return": "enter",
    "↑": "up",
    "↓": "down",
    "←": "left",
    "→": "right",
}


def key_of(written: str) -> str | None:
    """Return Textual's name of a key as people write it, like `R`, `Ctrl+R`, `PgUp`; None where there is no such key.

    The case of letters counts where a key is a character alone.
    """
    *modifiers, base = written.split("+") if len(written) > 1 else [written]
    modifiers = sorted(each.strip().lower() for each in modifiers)
    base = base.strip().lower() if modifiers or len(base) > 1 else base
    base = _ALIASES.get(base, base)
    is_character = len(base) == 1 and base.isprintable() and not base.isspace()
    if is_character and base != ",":
        base = _named(base)
    elif base == ",":
        base = "comma"
    elif base not in _NAMED:
        return None
    if not set(modifiers) <= set(_MODIFIERS) or len(set(modifiers)) < len(modifiers):
        return None
    if modifiers == ["shift"] and (is_character or base in _PUNCTUATION):
        return None  # it arrives as another character
    key = "+".join([*modifiers, base])
    return None if key in _NEVER_SENT else _SAME.get(key, key)


def remapped(own: Mapping[str, str]) -> tuple[Action, ...]:
    """Return the actions with the user's keys: of those that are named, in the place of their own.

    A key that the user gives to one action is taken from another that has it unasked: what was set must not stop
    working because a later version has a use for the key.

    Raises:
        BadSettings: where there is no such action or key, or the user gives one key to two actions.
    """
    known = {action.name: action for action in ACTIONS}
    for name, written in own.items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = f"Did you mean `{near[0]}`? " if near else ""
            raise BadSettings(
                f"[keys] names {_quoted(name)}, and there is no such action.",
                f"{meant}There are: {', '.join(known)}.",
            )
        known[name] = replace(known[name], keys=_keys(name, written))
    owner: dict[str, str] = {}
    for name in own:
        for key in known[name].keys:
            other = owner.setdefault(key, name)
            if other != name:
                raise BadSettings(
                    f"[keys] gives the key `{key_name(key)}` to two actions, `{other}` and `{name}`.",
                    "Give one of them another key.",
                )
    for name in known.keys() - own.keys():
        left = tuple(key for key in known[name].keys if key not in owner)
        known[name] = replace(known[name], keys=left)
    return tuple(known.values())


def displaced(actions: Sequence[Action]) -> Iterator[str]:
    """Yield a sentence for each key that the user's own took from another action."""
    owner = {key: action.name for action in actions for key in action.keys}
    for usual, action in zip(ACTIONS, actions, strict=True):
        for key in usual.keys:
            if key not in action.keys and owner.get(key, action.name) != action.name:
                left = f"has {' and '.join(action.all_keys)}" if action.keys else "has no key; [keys] can give it one"
                yield f"{key_name(key)} is yours, for {owner[key]}: {action.name} {left}."


def _keys(name: str, written: str) -> tuple[str, ...]:
    """Return the keys that are written for an action, and those that it keeps."""
    keys = []
    for each in ["comma"] if written.strip() == "," else written.split(","):
        key = key_of(each.strip())
        if key is None:
            raise BadSettings(
                f"[keys] gives `{name}` the key {_quoted(each.strip())}, and there is no such key.",
                "A key is one character, like R or $, or a name, like f5, space, pagedown, comma, ctrl+r.",
            )
        if FIXED.get(key, name) != name:
            raise BadSettings(
                f"[keys] gives `{name}` the key {_quoted(each.strip())}, which always stays with `{FIXED[key]}`.",
                f"No other action can have {', '.join(key_name(other) for other in FIXED)}: take another key.",
            )
        keys.append(key)
    kept = next(action.keys for action in ACTIONS if action.name == name)
    return tuple(dict.fromkeys([*keys, *(key for key in kept if key in FIXED)]))


def _quoted(written: str) -> str:
    return f"`{sanitize.elide(sanitize.clean(written), 40)}`"
