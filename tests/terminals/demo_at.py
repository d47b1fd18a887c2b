"""The demo at a time that stands in a file: `python -m tests.terminals.demo_at FILE [ARGUMENT ...]`.

Two of them show the same numbers, however long each takes to start, until a test writes another time into the file.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from tui.__main__ import main
from tui.bootstrap import sources

MOMENT = "2026-11-20T14:00:00"


def put(clock: Path, moment: str = MOMENT) -> None:
    """Let it be this time, from one look at the file to the next."""
    new = clock.with_suffix(".new")
    new.write_text(moment)
    new.replace(clock)


def command(clock: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "tests.terminals.demo_at", str(clock), *arguments]


if __name__ == "__main__":
    clock = Path(sys.argv.pop(1))
    sources.utc_now = lambda: datetime.fromisoformat(clock.read_text().strip()).replace(tzinfo=UTC)
    sys.argv.insert(1, "--demo")
    sys.exit(main())
