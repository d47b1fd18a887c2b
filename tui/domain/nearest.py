"""Names that are near to one that was not found."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from tui.domain import sanitize

_MOST = 4
_LISTED = 12


def nearest(wanted: str, known: Iterable[str]) -> list[str]:
    """Return known names that may be meant: those that hold what was written, else those that are spelled alike.

    The case of letters does not count, nor does a `*` at either end, which other programs take for anything.
    """
    names = {name.casefold(): name for name in sorted(known)}
    word = wanted.casefold().strip("*")
    within = [name for name in names if word and word in name]
    return [names[name] for name in (within or get_close_matches(word, names, _MOST))[:_MOST]]


def hint(wanted: str, known: Iterable[str]) -> str:
    """Return a sentence that says which name may be meant, or which names there are; nothing where there are none."""
    names = list(dict.fromkeys(known))
    near = nearest(wanted, names)
    if near:
        *others, last = map(sanitize.clean, near)
        return f"Did you mean {', '.join(others)} or {last}?" if others else f"Did you mean {last}?"
    if not names:
        return ""
    more = ", …" if len(names) > _LISTED else ""
    return f"There are: {', '.join(map(sanitize.clean, names[:_LISTED]))}{more}."
