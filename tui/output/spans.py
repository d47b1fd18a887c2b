"""Words for a person in pieces that have a tone: the screen gives each tone a colour, a pipe has only the words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Tone = Literal["plain", "strong", "good", "warning", "over", "selected", "free", "billed", "muted", "faint"]

Span = tuple[str, Tone]
"""Words, and what they mean to the reader."""

Spans = tuple[Span, ...]
"""A line."""


def plain(lines: Iterable[Spans]) -> str:
    """Return the lines without their tones, each with its end."""
    return "".join("".join(words for words, _ in line) + "\n" for line in lines)
