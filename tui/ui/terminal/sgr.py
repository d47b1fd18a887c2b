"""The styles of a terminal's cells: colours and attributes, and the codes that select them (ECMA-48 SGR)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_ON = {1: "1", 2: "2", 3: "3", 4: "4", 5: "5", 7: "7", 8: "8", 9: "9", 53: "53"}
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29", "53": "55"}
SEEN_ON_BLANKS = frozenset({"4", "7", "9", "53"})


class Style(NamedTuple):
    """Colours as the terminal's codes (nothing: its own), and attributes."""

    fore: str = ""
    back: str = ""
    attributes: frozenset[str] = frozenset()


PLAIN = Style()


@lru_cache(maxsize=4096)
def styled(before: Style, codes: str) -> Style | None:
    """Return the style after these codes (ECMA-48 SGR), or None where one is not known."""
    fore, back, attributes = before
    numbers = iter([int(code or 0) for code in codes.split(";")])
    for number in numbers:
        if number == 0:
            fore, back, attributes = PLAIN
        elif number in _ON:
            attributes |= {_ON[number]}
        elif str(number) in _OFF.values():
            attributes -= {on for on, off in _OFF.items() if off == str(number)}
        elif number in {38, 48}:
            colour = _colour(number, numbers)
            if colour is None:
                return None
            fore, back = (colour, back) if number == 38 else (fore, colour)
        elif 30 <= number <= 37 or 90 <= number <= 97 or number == 39:
            fore = "" if number == 39 else str(number)
        elif 40 <= number <= 47 or 100 <= number <= 107 or number == 49:
            back = "" if number == 49 else str(number)
        else:
            return None
    return Style(fore, back, attributes)


def _colour(kind: int, numbers: Iterator[int]) -> str | None:
    count = {2: 3, 5: 1}.get(how := next(numbers, -1))
    if count is None:
        return None
    parts = [next(numbers, -1) for _ in range(count)]
    return None if -1 in parts else ";".join(map(str, (kind, how, *parts)))


@lru_cache(maxsize=4096)
def blank(style: Style) -> Style:
    """Return what is seen of a style on a space: its background, and lines through or under it."""
    seen = style.attributes & SEEN_ON_BLANKS
    return Style(style.fore if seen else "", style.back, seen)


@lru_cache(maxsize=16384)
def change(before: Style | None, after: Style) -> str:
    """Return the shortest codes that turn one style into another; None is any style."""
    if before == after:
        return ""
    parts = [part for part in (*sorted(after.attributes), after.fore, after.back) if part]
    whole = f"\x1b[{';'.join(['0', *parts]) if parts else ''}m"
    if before is None:
        return whole
    codes = [(_OFF[attribute]) for attribute in sorted(before.attributes - after.attributes)]
    kept = before.attributes & after.attributes
    if "22" in codes:  # which ends bold and dim alike
        kept -= {"1", "2"}
    codes = list(dict.fromkeys(codes)) + sorted(after.attributes - kept)
    if before.fore != after.fore:
        codes.append(after.fore or "39")
    if before.back != after.back:
        codes.append(after.back or "49")
    step = f"\x1b[{';'.join(codes)}m"
    return step if len(step) < len(whole) else whole
