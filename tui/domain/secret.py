"""What must not show itself: the admin key, on its way from where it is kept to the request that carries it."""

from __future__ import annotations

import re
from hmac import compare_digest

_KEY = re.compile(r"\bsk-[\w-]{6,}")
_CALLED = "(?:key|token|secret|password)"
_NAMED = re.compile(
    rf"(?i)(--?[\w-]*{_CALLED}[= ]|\b[\w-]*{_CALLED}(?:=|: ?)|\b(?:bearer|basic) |(?<!\S)(?:-u|--user)[= ]?[^\s:]+:)"
    r"[^\s'\"]+"
)
_IN_ADDRESS = re.compile(r"(://)[^\s/@]+@")


def without_keys(words: str) -> str:
    """Return a command line that may be written down: without keys, and what is called a key or a password."""
    return _NAMED.sub(r"\1…", _IN_ADDRESS.sub(r"\1…@", _KEY.sub("sk-…", words)))


class Secret:
    """A text that `str`, `repr`, a traceback's values and `asdict` do not show; `reveal` hands it to who sends it."""

    __slots__ = ("_value",)

    def __init__(self, value: str | Secret) -> None:
        self._value: str = value if isinstance(value, str) else value.reveal()

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("A secret is not written down.")

    def reveal(self) -> str:
        """Return the text itself."""
        return self._value
