"""Measure the program beside bare ones, in the same run: `python -m tests.bench`.

Each program starts in a pseudo-terminal of 120x40 with true colour, against the demo's API on a local port, 31 days,
from a warm archive. Medians of seven runs; absolute times depend on the machine, the ratios less so.
"""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from tests.slow import bench_large
from tests.support.cli import COMMAND, demo_server
from tests.support.timed_terminal import TimedTerminal

RUNS, DAYS = 7, 30
_TAKING = b"\x1b[?1000h"
"""The first that Textual sends when the last screen stands there already."""

_BARE = """
from textual.app import App
from textual.widgets import DataTable, Footer, Header

class Bare(App):
    def compose(self):
        yield Header()
        yield DataTable(cursor_type="row")
        yield Footer()

    def on_mount(self):
        table = self.query_one(DataTable)
        table.add_columns("UTC date", "Model", "Input", "Output", "Total", "Free", "Reqs")
        table.add_rows(("2026-11-20", f"model-{n}", "1,000", "1,000", "2,000", "50%", "10") for n in range(100))
        table.focus()

Bare().run()
"""
_SCRIPT = """
import sys, time
import httpx
start = int(time.time()) // 86400 * 86400 - 30 * 86400
groups = [("group_by", "model"), ("group_by", "service_tier")]
page = httpx.get(sys.argv[1] + "/organization/usage/completions",
    params=[("start_time", start), ("bucket_width", "1d"), ("limit", 31), *groups],
    headers={"Authorization": "Bearer sk-admin-bench"}).json()
for bucket in page["data"]:
    for row in bucket["results"]:
        print("|", bucket["start_time"], "|", row["model"], "|", row["input_tokens"], "|", row["output_tokens"], "|")
"""


def timed(arguments: list[str], environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(arguments, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def median(metric: Callable[[], float]) -> float:
    return statistics.median(metric() for _ in range(RUNS))


def ratio(words: str, ours: float, bare: float, bar: float, unit: str = "s ") -> None:
    """Print a figure beside that of the bare program, and whether their ratio is within the bar."""
    verdict = "good" if ours / bare <= bar else "OVER"
    print(f"{words:44}{ours:>9.2f} {unit}{bare:>9.2f} {unit}{ours / bare:>7.2f} x   {verdict}, bar {bar} x")


def size(words: str, ours: float, bar: float, bare: float | None = None) -> None:
    """Print bytes, and whether they are within the bar."""
    parts = "" if bare is None else f"{bare:>9.0f} B"
    print(f"{words:44}{ours:>9.0f} B {parts:11}{'':9}   {'good' if ours <= bar else 'OVER'}, bar {bar:,.0f} B")


def beyond(words: str, ours: float, nothing: float, bar: float) -> None:
    """Print how many milliseconds more it takes than Python takes for nothing."""
    more = 1000 * (ours - nothing)
    parts = f"{1000 * ours:>9.1f} ms{1000 * nothing:>8.1f} ms{more:>7.1f} ms"
    print(f"{words:44}{parts}  {'good' if more <= bar else 'OVER'}, bar {bar:.0f} ms")


class Started(NamedTuple):
    """When each mark was seen, how much was sent in all and after what was printed first, and how large it is."""

    times: list[float]
    sent: int
    taken_over: int
    memory: int


def start(arguments: list[str], environment: dict[str, str], marks: list[str]) -> Started:
    with TimedTerminal(arguments, **environment) as program:
        times = [program.seconds_until(mark) for mark in marks]
        program.quiet(1.5)
        sent = len(program.received)
        taken_over = sent - program.received.find(_TAKING)
        memory = program.kilobytes("VmRSS")
        program.press("q")  # so that it keeps what it shows
        program.quiet(0.3)
        return Started(times, sent, taken_over, memory)


@contextlib.contextmanager
def hanging() -> Iterator[None]:
    """Stop the demo's server for a while: it takes questions and answers none."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    server = next(int(each) for each in children if "demo-server" in Path(f"/proc/{each}/cmdline").read_text())
    os.kill(server, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server, signal.SIGCONT)


def main() -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as folder, demo_server() as base_url:
        told = {"HOME": folder, "OPENAI_ADMIN_KEY": "sk-admin-bench", "OPENAI_BASE_URL": base_url}
        # As pip installs packages: with their bytecode, wherever these sources are.
        told |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": f"{folder}/bytecode"}
        ours = [COMMAND, "--days", str(DAYS), "--no-live"]
        bare = [sys.executable, "-c", _BARE]
        timed([COMMAND, "export", "--days", str(DAYS)], told)
        for _ in range(2):  # the second finds what the first one archived
            start(ours, told, ["┤"])
        start(bare, told, ["model-20"])
        print(f"{'':44}{'ours':>10}{'beside it':>11}")
        nothing = median(lambda: timed([sys.executable, "-c", "pass"], told))
        last_screen = Path(folder) / ".cache/oai-usage-tui/first-frame"
        again = [start(ours, told, ["┤"]) for _ in range(RUNS)]
        own = []
        for _ in range(RUNS):
            last_screen.unlink(missing_ok=True)
            own.append(start(ours, told, ["Output", "┤"]))
        other = [start(bare, told, ["model-20"]) for _ in range(RUNS)]
        begin = statistics.median(each.times[0] for each in other)
        at_once = statistics.median(each.times[0] for each in again)
        beyond("data on the screen", at_once, nothing, 60)
        ratio("data on the screen, beside a bare table", at_once, begin, 0.3)
        ratio("own first frame", statistics.median(each.times[0] for each in own), begin, 1.6)
        ratio("own first frame with data and charts", statistics.median(each.times[1] for each in own), begin, 1.6)
        memory = [statistics.median(each.memory / 1024 for each in many) for many in (again, other)]
        ratio("resident memory", *memory, 1.6, "MB")
        size("start in all", statistics.median(each.sent for each in again), 20_000,
             statistics.median(each.sent for each in other))  # fmt: skip
        size("taking over what stands", statistics.median(each.taken_over for each in again), 4_000)
        with TimedTerminal(ours, **told) as program, TimedTerminal(bare, **told) as beside:
            program.seconds_until("┤")
            beside.seconds_until("model-20")
            for each in (program, beside):
                each.quiet(1.5)
            keys, others = [program.answer("j") for _ in range(RUNS)], [beside.answer("\x1b[B") for _ in range(RUNS)]
            waits = [statistics.median(first * 1000 for first, _, _ in each) for each in (keys, others)]
            ratio("arrow to first byte", *waits, 1.3, "ms")
            size("arrow, pane following", statistics.median(sent for _, sent, _ in keys), 1_500,
                 statistics.median(sent for _, sent, _ in others))  # fmt: skip
            last = [statistics.median(settled * 1000 for _, _, settled in each) for each in (keys, others)]
            ratio("arrow, pane following, settled", *last, 2.0, "ms")
            size("page down", program.answer("\x1b[6~")[1], 5_000, beside.answer("\x1b[6~")[1])
            program.answer("g")
            program.answer("r")
            # The demo's usage grows by the minute: a refresh right after another one finds nothing new.
            size("refresh that changes nothing but its time", min(program.answer("r")[1] for _ in range(3)), 100)
            with hanging():
                program.answer("r")
                late = [program.answer(key)[0] * 1000 for key in "jkjkjkj"]
            ratio("arrow while the API hangs", statistics.median(late), waits[1], 1.3, "ms")
            program.quiet(2)
            size("a toast, appearing and going", program.answer("+")[1] + program.quiet(6), 1_500)
            program.quiet(1)
            used = [program.seconds_used(), beside.seconds_used()]
            sent = len(program.received)
            until = time.perf_counter() + 60
            while time.perf_counter() < until:
                program.read(0.5)
                beside.read(0)
            size("60 idle seconds", len(program.received) - sent, 300)
            after = [program.seconds_used() - used[0], beside.seconds_used() - used[1]]
            verdict = "good" if after[0] <= after[1] + 0.2 else "OVER"
            print(f"{'processor of these':44}{after[0]:>9.2f} s {after[1]:>9.2f} s {'':8}   {verdict}, bar + 0.2 s")
            size("a tick that changes lines and both pools", program.answer("r")[1], 600)
        for flag in ("--help", "--version"):
            beyond(flag, median(lambda flag=flag: timed([COMMAND, flag], told)), nothing, 25)
        script = median(lambda: timed([sys.executable, "-c", _SCRIPT, base_url], told))
        export = [COMMAND, "export", "--days", str(DAYS)]
        ratio("export, warm archive, beside bare httpx", median(lambda: timed(export, told)), script, 1.6)
        bench_large.measure(Path(folder) / "large")


if __name__ == "__main__":
    main()
