"""What help of a command consists of, and how it is put together."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import NamedTuple

_COLUMNS = 79


class HelpText(NamedTuple):
    """What is said of a command: `words` in a list of commands, `description` above its flags.

    Each of `examples` is a line for the shell and a remark, which may be empty. `statuses` are those with which the
    command ends. `notes` stand under the flags.
    """

    words: str
    description: str
    examples: tuple[tuple[str, str], ...]
    statuses: Mapping[int, str]
    notes: str = ""

    @property
    def example_lines(self) -> tuple[str, ...]:
        """Return the examples for the shell, each with its remark as a comment."""
        room = max((len(line) for line, remark in self.examples if remark), default=0)
        return tuple(f"{line:<{room}}  # {remark}" if remark else line for line, remark in self.examples)

    @property
    def epilog(self) -> str:
        """Return what `--help` says under the flags."""
        ends = ", ".join(f"{status} {meaning}" for status, meaning in self.statuses.items())
        paragraphs = [
            self.notes,
            "\n".join(["examples:", *(f"  {line}" for line in self.example_lines)]),
            textwrap.fill(f"exit status: {ends}", _COLUMNS, break_on_hyphens=False),
        ]
        return "\n\n".join(filter(None, paragraphs))
