"""`oai-usage-tui doctor`: what was found of all that the program needs, and what to do about it."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from tui import PROGRAM, __version__
from tui.errors import TuiError
from tui.output import json_text

_LEAST_WIDTH = 40


class State(Enum):
    """How something stands. What is skipped could not be checked, or need not be."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was checked, how it stands, what was found, and what to do; `exit_status` is 0 unless it fails."""

    name: str
    state: State
    words: str
    advice: str = ""
    exit_status: int = 0


def failed(name: str, error: TuiError) -> Finding:
    """Return the finding that an error is.

    What a server said is left out: nobody knows what it holds, and the dashboard shows it.
    """
    return Finding(name, State.FAIL, error.problem, error.advice, error.exit_status)


def doctor(findings: Sequence[Finding], *, as_json: bool, columns: int | None = None) -> int:
    """Print the findings, as text of so many columns at most, or as JSON, and return the exit status: the worst."""
    status = max((each.exit_status for each in findings), default=0)
    if as_json:
        sys.stdout.write(json_text.line(_document(findings, status)))
    else:
        sys.stdout.writelines(line + "\n" for line in _lines(findings, columns))
    return status


def _document(findings: Sequence[Finding], status: int) -> dict[str, object]:
    found = [
        {"name": each.name, "state": each.state.value, "words": each.words, "advice": each.advice or None}
        for each in findings
    ]
    return {"program": PROGRAM, "version": __version__, "exit_status": status, "findings": found}


def _lines(findings: Sequence[Finding], columns: int | None) -> Iterator[str]:
    """Yield a line for each finding, and below it what to do; both go on below where there is no room."""
    widest = max((len(each.name) for each in findings), default=0)
    for each in findings:
        head = f"{each.state.value:4}  {each.name:{widest}}  "
        yield from _folded(head, each.words, columns)
        if each.advice:
            yield from _folded(" " * len(head) + "- ", each.advice, columns)


def _folded(head: str, words: str, columns: int | None) -> list[str]:
    if columns is None or columns < len(head) + _LEAST_WIDTH:
        return [head + words]
    return textwrap.wrap(
        words,
        columns,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )
