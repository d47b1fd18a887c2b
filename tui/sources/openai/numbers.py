"""Numbers and words of answers that write them in another type than documented: `59200.0`, `"1234"`, an id of digits.

What is unambiguous is taken; null, missing and empty are None, which is "no number"; everything else is a ValueError,
so that the caller can leave out what it is about.
"""

from __future__ import annotations

import re
from decimal import Decimal

MOST = 10**18
"""Nothing counts so much; where it is exceeded, as where it is negative, a number was spoiled on its way."""

_WRITTEN = re.compile(r"[+-]?[0-9]{1,60}(\.[0-9]{1,60})?([eE][+-]?[0-9]{1,3})?")
_TRUE = {"true", "yes", "1"}
_FALSE = {"false", "no", "0"}


def decimal(value: object) -> Decimal | None:
    """Return the finite number that is meant, exactly as it is written, or None where there is none.

    Raises:
        ValueError: where it is no number.
    """
    match value:
        case None:
            return None
        case bool():
            pass
        case int() | Decimal():
            number = Decimal(value)
            if number.is_finite():
                return number
        case float():
            return decimal(repr(value))
        case str():
            words = value.strip()
            if not words:
                return None
            if _WRITTEN.fullmatch(words):
                return Decimal(words)
    raise ValueError("no number")


def count(value: object) -> int | None:
    """Return how many: a whole number from 0 to `MOST`.

    Raises:
        ValueError: where it is none.
    """
    if type(value) is int and 0 <= value <= MOST:  # nearly always
        return value
    number = decimal(value)
    if number is None:
        return None
    if not 0 <= number <= MOST or number != int(number):
        raise ValueError("no count")
    return int(number)


def amount(value: object) -> int | None:
    """Return how much: as `count`, but rounded, for what comes in fractions such as seconds.

    Raises:
        ValueError: where it is none.
    """
    number = decimal(value)
    if number is None:
        return None
    if not 0 <= number <= MOST:
        raise ValueError("no amount")
    return round(number)


def word(value: object) -> str | None:
    """Return a name or an id, which can have come as a number.

    Raises:
        ValueError: where it is neither.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(count(value))
    raise ValueError("no word")


def flag(value: object) -> bool | None:
    """Return yes or no, which can have come as a word or a number.

    Raises:
        ValueError: where it is neither.
    """
    if value is None or isinstance(value, bool):
        return value
    words = str(value).strip().lower() if isinstance(value, str | int) else "?"
    if words in _TRUE | _FALSE:
        return words in _TRUE
    if not words:
        return None
    raise ValueError("neither yes nor no")
