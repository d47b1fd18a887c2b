"""Measure the program beside bare ones, in the same run: `python -m tests.bench`.

Each program starts in a pseudo-terminal of 120x40. Medians of seven runs; absolute times depend on the machine, the
ratios less so.
"""

from __future__ import annotations

import contextlib
import os
import pty
import select
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fcntl import ioctl
from pathlib import Path
from struct import pack
from termios import TIOCSWINSZ

from tests.program import COMMAND
from tests.world import FREE, KEY, row
from tui.archive.buckets import Archive, Identity
from tui.archive.file import File
from tui.domain.source import BY_PROJECT, Query
from tui.domain.usage import Bucket
from tui.domain.window import last_days, recent

RUNS = 7
DAYS, MODELS = 31, 12
_BARE = """
from textual.app import App
from textual.widgets import DataTable, Footer, Header

class Bare(App):
    def compose(self):
        yield Header()
        yield DataTable()
        yield Footer()

    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("UTC date", "Model", "Input", "Output", "Total", "Free", "Reqs")
        table.add_rows(("2026-11-20", f"model-{n}", "1,000", "1,000", "2,000", "50%", "10") for n in range(100))

Bare().run()
"""


def started(arguments: list[str], marks: list[bytes], environment: dict[str, str]) -> list[tuple[float, int]]:
    """Start a program, and return for each mark after how many seconds and bytes it had been sent."""
    began = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover
        os.execvpe(arguments[0], arguments, {**os.environ, "TERM": "xterm-256color", **environment})
    ioctl(terminal, TIOCSWINSZ, pack("HHHH", 40, 120, 0, 0))
    received, found = bytearray(), []
    try:
        while len(found) < len(marks):
            if not select.select([terminal], [], [], 20)[0]:
                raise TimeoutError(f"{arguments} did not show {marks[len(found)]!r}")
            received += os.read(terminal, 65_536)
            while len(found) < len(marks) and marks[len(found)] in received:
                found.append((time.perf_counter() - began, len(received)))
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)
    return found


@contextlib.contextmanager
def silent_api() -> Iterator[str]:
    """A port that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"


def fill(path: Path, base_url: str) -> None:
    """Write an archive of 31 days x 12 models, as a run a minute ago would have left it."""
    now = datetime.now(UTC)
    archive = Archive(File(path, lambda: now, is_own_place=True))
    identity = Identity(base_url, KEY)

    def bucket(start: datetime, **fields: str) -> Bucket:
        rows = [
            row(f"model-{n:02}", 90_000 + n, 9_000, 400, service_tier=tier, **fields)
            for n in range(MODELS)
            for tier in (FREE, "default")
        ]
        return Bucket(start, tuple(rows))

    month, then = last_days(now, DAYS - 1), now - timedelta(minutes=1)
    archive.keep(identity, "org-bench", Query(month), [bucket(start) for start in month.starts()], then)
    days = [bucket(start, project_id="proj_a") for start in recent(now).starts()]
    archive.keep(identity, "org-bench", Query(recent(now), BY_PROJECT), days, then)


def main() -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as folder, silent_api() as base_url:
        path = Path(folder) / "archive.db"
        fill(path, base_url)
        told = {"HOME": folder, "OPENAI_ADMIN_KEY": KEY, "OPENAI_BASE_URL": base_url}
        ours = [COMMAND, "--days", str(DAYS - 1), "--archive", str(path)]
        bare = [sys.executable, "-c", _BARE]
        frames: dict[str, list[float]] = {"bare": [], "frame": [], "data": [], "charts": []}
        sizes: dict[str, list[int]] = {"bare": [], "charts": []}
        for _ in range(RUNS):
            ((seconds, size),) = started(bare, [b"model-20"], {"HOME": folder})
            frames["bare"].append(seconds)
            sizes["bare"].append(size)
            marks = [b"UTC date", b"model-11", "┤".encode()]
            found = started(ours, marks, told)
            for name, (seconds, _) in zip(("frame", "data", "charts"), found, strict=True):
                frames[name].append(seconds)
            sizes["charts"].append(found[-1][1])
        base = statistics.median(frames["bare"])
        print(f"{'':30}{'median':>10}{'beside the bare table':>25}")
        for name, words in (
            ("bare", "bare table, its rows"),
            ("frame", "first frame"),
            ("data", "data of the archive"),
            ("charts", "and charts"),
        ):
            median = statistics.median(frames[name])
            print(f"{words:30}{median:>9.2f}s{median / base:>24.2f}x")
        print(f"bytes until then: {statistics.median(sizes['bare'])} and {statistics.median(sizes['charts'])}")


if __name__ == "__main__":
    main()
